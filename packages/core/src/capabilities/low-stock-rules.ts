import { err, ok, type Result } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { PAGE_LIMIT_MAX, type QueryInvalid } from '../ledger/query.ts';
import type { BalanceKey } from '../model/balance.ts';
import type { StoredRecord } from '../model/journal.ts';
import type { LowStockRule } from '../model/low-stock.ts';

/** Rules by the name of their balance. One that says nothing has no level. */
export type Rules = ReadonlyMap<string, LowStockRule>;

type Read<T> = Promise<Result<T, StoreFault | QueryInvalid>>;

/** One name for each balance. */
export function nameOf({ variantId, locationId }: BalanceKey): string {
  return `${variantId} ${locationId}`;
}

/** The rules that a record sets, in order; of several for one balance the last one stays. */
export function rulesSetBy({ events }: StoredRecord): readonly LowStockRule[] {
  return events.flatMap(event => (event.kind === 'LowStockSet' ? event.rules : []));
}

/**
 * The low-stock rules as they were after a sequence. A store keeps them as they are now; what was set since is looked for
 * further back in the journal. That is read to its beginning at most, and mostly not at all.
 */
export async function rulesAsOf(ledger: Ledger, sequence: number): Read<Rules> {
  const now = await readRules(ledger);
  if (now.isErr()) return err(now.error);
  const { rules, asOf } = now.value;
  const since = await setSince(ledger, sequence, asOf);
  if (since.isErr()) return err(since.error);
  for (const name of since.value) rules.delete(name);
  return lookBack(ledger, sequence, rules, since.value);
}

/** All rules, and up to where the last page knew of the journal. */
async function readRules(ledger: Ledger): Read<{ rules: Map<string, LowStockRule>; asOf: number }> {
  const rules = new Map<string, LowStockRule>();
  let cursor: string | undefined;
  for (;;) {
    const page = await ledger.lowStock({ cursor, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return err(page.error);
    const { items, next, asOf } = page.value;
    for (const rule of items) rules.set(nameOf(rule), rule);
    if (next === null) return ok({ rules, asOf });
    cursor = next;
  }
}

/** The names of the balances whose rules were set after one sequence, up to another. */
async function setSince(ledger: Ledger, after: number, until: number): Read<Set<string>> {
  const names = new Set<string>();
  for (let at = after; at < until; ) {
    const page = await ledger.journal({ after: at, limit: Math.min(PAGE_LIMIT_MAX, until - at) });
    if (page.isErr()) return err(page.error);
    for (const record of page.value.items) for (const rule of rulesSetBy(record)) names.add(nameOf(rule));
    // A server may give less than was asked for; a journal that gives nothing has nothing.
    at = page.value.items.at(-1)?.sequence ?? until;
  }
  return ok(names);
}

/** The rules with those that were set last before a sequence, of some balances: the journal is read backwards. */
async function lookBack(
  ledger: Ledger,
  sequence: number,
  known: Map<string, LowStockRule>,
  names: Set<string>,
): Read<Rules> {
  for (let end = sequence; end > 0 && names.size > 0; end -= PAGE_LIMIT_MAX) {
    const found = await readBetween(ledger, Math.max(0, end - PAGE_LIMIT_MAX), end);
    if (found.isErr()) return err(found.error);
    for (const rule of found.value.flatMap(rulesSetBy).toReversed())
      if (names.delete(nameOf(rule))) known.set(nameOf(rule), rule);
  }
  return ok(known);
}

/** All records after one sequence, up to another. */
async function readBetween(ledger: Ledger, after: number, until: number): Read<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let at = after; at < until; ) {
    const page = await ledger.journal({ after: at, limit: until - at });
    if (page.isErr()) return err(page.error);
    records.push(...page.value.items);
    at = page.value.items.at(-1)?.sequence ?? until;
  }
  return ok(records);
}
