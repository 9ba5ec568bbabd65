const COUNT = new Intl.NumberFormat(undefined);
const MOMENT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const SHORT_MOMENT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const LONG_MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A count or an amount in smallest units, with the separators of the reader's language and a real minus sign. */
export function formatCount(count: number): string {
  return COUNT.format(count).replace('-', '−');
}

/** A moment, in milliseconds since 1970, where there is little room. */
export function formatMoment(at: number): string {
  return MOMENT.format(at);
}

/** A moment, in milliseconds since 1970, where there is hardly any room. */
export function formatShortMoment(at: number): string {
  return SHORT_MOMENT.format(at);
}

/** A moment, in milliseconds since 1970, in full. */
export function formatLongMoment(at: number): string {
  return LONG_MOMENT.format(at);
}

/** The first group of a UUID, which tells most of them apart. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** `1 record`, `2 records`. */
export function formatCountOf(count: number, one: string, more: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : more}`;
}
