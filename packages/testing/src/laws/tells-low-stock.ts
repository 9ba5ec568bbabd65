import {
  type Ledger,
  type LowStockCrossing,
  type LowStockRule,
  type LowStockWatchOptions,
  linesOf,
  type StoredRecord,
  watchLowStock,
} from '@stockfold/core';
import fc from 'fast-check';
import { levels, withLevels } from '../arbitraries/levels.ts';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { readRecords } from './read-ledger.ts';

/** What tells of low stock: `watchLowStock`, or what stands in for it. */
export type WatchLowStock = (ledger: Ledger, options: LowStockWatchOptions) => () => void;

/**
 * For any history with low-stock rules, what is told while it is recorded is what a fold of the whole journal says: each
 * crossing once, in order, with its record. Whoever comes later, and begins in the middle, is told the rest of the same.
 */
export function tellsLowStock(open: OpenLedger, watch: WatchLowStock = watchLowStock): Law {
  return fc.asyncProperty(
    busyDay,
    fc.array(levels, { minLength: 1, maxLength: 4 }),
    fc.nat({ max: 12 }),
    ({ world, policy, commands, width }, settings, middle) =>
      onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
        const early = collect(ledger, watch, 0);
        await deliver(ledger, [...withLevels(world, commands, settings), LAST], width);
        const records = await readRecords(ledger);
        const after = Math.min(middle, records.length - 1);
        const late = collect(ledger, watch, after);
        const crossings = crossingsOf(records);
        assertThat(await isTold(early, crossings), 'every crossing was told once, in order');
        const rest = crossings.filter(({ sequence }) => sequence > after);
        assertThat(await isTold(late, rest), 'so it was for whoever came later');
      }),
  );
}

// Stock that never moved becomes low with the last record: what was told by then is all that there is to tell.
const NEVER_MOVED = '00000000-0000-4000-8000-0000000000ab';
const LAST = {
  kind: 'SetLowStock',
  id: '00000000-0000-4000-8000-0000000000ac',
  rules: [{ productId: NEVER_MOVED, variantId: NEVER_MOVED, locationId: 'STORE', level: 1, alert: true }],
} as const;

type Told = Omit<LowStockCrossing, 'record'> & Readonly<{ sequence: number }>;

function collect(ledger: Ledger, watch: WatchLowStock, after: number) {
  const told: Told[] = [];
  const onCrossing = ({ record, ...crossing }: LowStockCrossing) =>
    void told.push({ ...crossing, sequence: record.sequence });
  return { told, end: watch(ledger, { after, onCrossing }) };
}

async function isTold({ told, end }: ReturnType<typeof collect>, expected: readonly Told[]): Promise<boolean> {
  // So many turns are long over when somebody who tells nothing is waited for.
  for (let turn = 0; turn < 20_000 && told.at(-1)?.variantId !== NEVER_MOVED; turn++) await breath();
  end();
  return JSON.stringify(told.map(inOneForm)) === JSON.stringify(expected.map(inOneForm));
}

function inOneForm({ kind, sequence, variantId, locationId, productId, level, alert, before, onHand }: Told) {
  return [kind, sequence, variantId, locationId, productId, level, alert, before, onHand];
}

function breath(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}

/** Record by record, everything that is low before it and after it. */
function crossingsOf(records: readonly StoredRecord[]): readonly Told[] {
  const onHand = new Map<string, number>();
  const rules = new Map<string, LowStockRule>();
  const crossings: Told[] = [];
  for (const record of records) {
    const before = { onHand: new Map(onHand), rules: new Map(rules) };
    for (const event of record.events)
      if (event.kind === 'LowStockSet') for (const rule of event.rules) rules.set(keyOf(rule), rule);
    for (const { variantId, from, to, quantity } of linesOf(record)) {
      add(onHand, keyOf({ variantId, locationId: from }), -quantity);
      add(onHand, keyOf({ variantId, locationId: to }), quantity);
    }
    for (const [key, rule] of [...rules].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const was = before.onHand.get(key) ?? 0;
      const now = onHand.get(key) ?? 0;
      const wasLow = was < (before.rules.get(key)?.level ?? Number.NEGATIVE_INFINITY);
      const nowLow = now < (rule.level ?? Number.NEGATIVE_INFINITY);
      if (wasLow === nowLow) continue;
      const kind = nowLow ? 'StockBecameLow' : 'StockRecovered';
      crossings.push({ ...rule, kind, sequence: record.sequence, before: was, onHand: now });
    }
  }
  return crossings;
}

function keyOf({ variantId, locationId }: Pick<LowStockRule, 'variantId' | 'locationId'>): string {
  return `${variantId}.${locationId}`;
}

function add(sums: Map<string, number>, key: string, delta: number): void {
  sums.set(key, (sums.get(key) ?? 0) + delta);
}
