/** Where a page of histories ends: the integers of a balance, and the sequence of a posting. */
type Place = Readonly<{ variant: number; location: number; last: number }>;

/** The place that a cursor stands for, before all balances when there is none. */
export function toHistoryPlace(cursor: string | undefined): readonly [number, number, number] {
  const [variant = 0, location = 0, sequence = 0] = cursor?.split('.').map(Number) ?? [];
  return [variant, location, sequence];
}

/** Null for the end. */
export function toHistoryCursor(place: Place | undefined): string | null {
  return place === undefined ? null : `${place.variant}.${place.location}.${place.last}`;
}
