import { type Draft, freeze, produce } from 'immer';
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
 * The view after further records, with one draft for all of them. A balance that did not move is the same object as
 * before, and the list too when none did.
 *
 * @param records - In order, without a gap after `view.asOf`; those up to it are passed over.
 */
export function moveView<V extends View>(view: V, records: readonly StoredRecord[], filter: ViewFilter): V {
  const unseen = records.filter(record => record.sequence > view.asOf);
  const last = unseen.at(-1);
  if (last === undefined) return view;
  const moved = tally(unseen.flatMap(linesOf)).filter(entry => isIn(entry, filter));
  // Looked for before there is a draft: a search through one would make drafts of the balances on its way.
  const places = moved.map(({ key }) => placeOf(view.balances, key));
  const next = produce(view, draft => {
    draft.asOf = last.sequence;
    for (const [index, { delta }] of moved.entries()) {
      const place = places[index] ?? null;
      if (place !== null && delta !== 0) (draft.balances[place] as Draft<Balance>).onHand += delta;
    }
  });
  const isKept = ({ onHand }: Balance) => filter.nonZero !== true || onHand !== 0;
  const added = moved
    .filter((_, index) => places[index] === null)
    .map(({ key, productId, delta }) => ({ ...key, productId, onHand: delta }))
    .filter(isKept);
  if (added.length === 0 && next.balances.every(isKept)) return next;
  return freeze({ ...next, balances: [...next.balances.filter(isKept), ...added].sort(compareKeys) }, true);
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
