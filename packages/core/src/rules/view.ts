import { type Balance, type BalanceKey, compareKeys } from '../model/balance.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import { linesOf, type StoredRecord } from '../model/journal.ts';
import { type TallyEntry, tally } from './tally.ts';

/** Some balances as of one sequence, in the order of variant and location. */
export type View = Readonly<{ asOf: number; balances: readonly Balance[] }>;

/** Which balances belong to a view; all that ever moved when nothing is named. */
export type ViewFilter = Readonly<{
  locationId?: LocationId | undefined;
  variantIds?: readonly VariantId[] | undefined;
  productIds?: readonly ProductId[] | undefined;
  nonZero?: boolean | undefined;
}>;

/**
 * The view after further records. A balance that did not move is the same object as before, and the list too when none
 * did; what is new is frozen.
 *
 * @param records - In order, without a gap after `view.asOf`; those up to it are passed over.
 */
export function moveView<V extends View>(view: V, records: readonly StoredRecord[], filter: ViewFilter): V {
  const unseen = records.filter(record => record.sequence > view.asOf);
  const last = unseen.at(-1);
  if (last === undefined) return view;
  const moved = tally(unseen.flatMap(linesOf)).filter(entry => isIn(entry, filter));
  const balances = moved.length === 0 ? view.balances : moveBalances(view.balances, moved, filter);
  return Object.freeze({ ...view, asOf: last.sequence, balances });
}

function moveBalances(
  before: readonly Balance[],
  moved: readonly TallyEntry[],
  { nonZero }: ViewFilter,
): readonly Balance[] {
  const after = [...before];
  for (const { key, productId, delta } of moved) {
    const place = placeOf(before, key) ?? after.length;
    const { onHand = 0 } = before[place] ?? {};
    // What moved to and fro is as it was; what never moved is new, also with nothing on hand.
    if (delta !== 0 || place >= before.length)
      after[place] = Object.freeze({ ...key, productId, onHand: onHand + delta });
  }
  const kept = nonZero === true ? after.filter(balance => balance.onHand !== 0) : after;
  if (kept.length === before.length && kept.every((balance, place) => balance === before[place])) return before;
  return Object.freeze(after.length === before.length ? kept : kept.sort(compareKeys));
}

function isIn({ key, productId }: TallyEntry, { locationId, variantIds, productIds }: ViewFilter): boolean {
  return (
    (locationId === undefined || locationId === key.locationId) &&
    (variantIds === undefined || variantIds.includes(key.variantId)) &&
    (productIds === undefined || productIds.includes(productId))
  );
}

/** By halves, since the balances stand in order; null when the key is not among them. */
function placeOf(balances: readonly Balance[], key: BalanceKey): number | null {
  let low = 0;
  for (let high = balances.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (compareKeys(balances[middle] as Balance, key) < 0) low = middle + 1;
    else high = middle;
  }
  const found = balances[low];
  return found !== undefined && compareKeys(found, key) === 0 ? low : null;
}
