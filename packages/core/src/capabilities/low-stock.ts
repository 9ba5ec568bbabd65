import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { PAGE_LIMIT_MAX, type QueryInvalid } from '../ledger/query.ts';
import { type BalanceKey, compareKeys } from '../model/balance.ts';
import { linesOf, type StoredRecord } from '../model/journal.ts';
import { isLow, type LowStockRule } from '../model/low-stock.ts';
import { tally } from '../rules/tally.ts';
import { nameOf, type Rules, rulesAsOf, rulesSetBy } from './low-stock-rules.ts';

/** Stock that has become low, or is no longer, and the record that did it. Amounts are smallest units. */
export type LowStockCrossing = BalanceKey &
  Readonly<{
    kind: 'StockBecameLow' | 'StockRecovered';
    productId: LowStockRule['productId'];
    record: StoredRecord;
    /** Stock is low when it is less than this; null where the record has taken the level away. */
    level: number | null;
    /** Whether somebody wants to be told, by the rule. */
    alert: boolean;
    /** On hand before the record, and after it; the same where it set the level. */
    before: number;
    onHand: number;
  }>;

type Told<T> = Promise<Result<T, StoreFault | QueryInvalid>>;

/**
 * Which levels a record has crossed, in the order of variant and location. Fails with a fault of the store, or with
 * QueryInvalid.
 */
export type TellLowStock = (
  record: StoredRecord,
) => ResultAsync<readonly LowStockCrossing[], StoreFault | QueryInvalid>;

/**
 * Tells of records which low-stock levels they have crossed: by moving stock, or by setting another level.
 * It judges by the rules as they were at the record, so what it says of a record never changes. What a command crosses
 * to and fro within itself is not crossed.
 *
 * Its answers fail with a fault of the store, or with QueryInvalid. Records are best given in their order: then rules and balances are remembered. One out of order has them read again, as
 * of the record before it.
 */
export function tellLowStock(ledger: Ledger): TellLowStock {
  let last: State | null = null;
  return record => new ResultAsync(tell(record));

  async function tell(record: StoredRecord): Told<readonly LowStockCrossing[]> {
    if (last?.sequence === record.sequence) return ok(last.crossings);
    const state = last?.sequence === record.sequence - 1 ? ok(last) : await stateBefore(ledger, record);
    if (state.isErr()) return err(state.error);
    const next = await stateAfter(ledger, state.value, record);
    if (next.isErr()) return err(next.error);
    last = next.value;
    return ok(last.crossings);
  }
}

/** What is remembered after a record. `onHand`: of balances that have a rule, as far as they were looked at. */
type State = Readonly<{
  sequence: number;
  rules: Rules;
  onHand: ReadonlyMap<string, number>;
  crossings: readonly LowStockCrossing[];
}>;

async function stateBefore(ledger: Ledger, { sequence }: StoredRecord): Told<State> {
  const rules = await rulesAsOf(ledger, sequence - 1);
  return rules.map(read => ({ sequence: sequence - 1, rules: read, onHand: new Map(), crossings: [] }));
}

async function stateAfter(ledger: Ledger, state: State, record: StoredRecord): Told<State> {
  const rules = new Map(state.rules);
  for (const rule of rulesSetBy(record)) rules.set(nameOf(rule), rule);
  const deltas = new Map(tally(linesOf(record)).map(({ key, delta }) => [nameOf(key), delta]));
  const ruled = [...rules.values()]
    .filter(rule => deltas.has(nameOf(rule)) || rule !== state.rules.get(nameOf(rule)))
    .sort(compareKeys);
  const before = await onHandBefore(ledger, state.onHand, record, ruled);
  if (before.isErr()) return err(before.error);
  const onHand = new Map(before.value);
  const crossings: LowStockCrossing[] = [];
  for (const rule of ruled) {
    const name = nameOf(rule);
    const was = before.value.get(name) ?? 0;
    const now = was + (deltas.get(name) ?? 0);
    onHand.set(name, now);
    const [wasLow, nowLow] = [isLow(state.rules.get(name)?.level ?? null, was), isLow(rule.level, now)];
    if (wasLow === nowLow) continue;
    const { locationId, variantId, productId, level, alert } = rule;
    const kind = nowLow ? 'StockBecameLow' : 'StockRecovered';
    crossings.push({ kind, locationId, variantId, productId, record, level, alert, before: was, onHand: now });
  }
  return ok({ sequence: record.sequence, rules, onHand, crossings });
}

/** What was on hand before a record where there are rules: remembered, or read as of then. */
async function onHandBefore(
  ledger: Ledger,
  remembered: ReadonlyMap<string, number>,
  { sequence }: StoredRecord,
  rules: readonly LowStockRule[],
): Told<ReadonlyMap<string, number>> {
  const onHand = new Map(remembered);
  const unknown = rules.filter(rule => !onHand.has(nameOf(rule)));
  const names = new Set(unknown.map(nameOf));
  const variantIds = [...new Set(unknown.map(rule => rule.variantId))];
  if (variantIds.length === 0) return ok(onHand);
  let cursor: string | undefined;
  do {
    const page = await ledger.balances({ variantIds, asOf: sequence - 1, cursor, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return err(page.error);
    // A balance without a rule is not kept: nobody would move it on.
    for (const balance of page.value.items) if (names.has(nameOf(balance))) onHand.set(nameOf(balance), balance.onHand);
    cursor = page.value.next ?? undefined;
  } while (cursor !== undefined);
  return ok(onHand);
}
