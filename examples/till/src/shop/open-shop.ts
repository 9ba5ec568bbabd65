import {
  type CommandInput,
  createLedger,
  type ExecuteError,
  type Ledger,
  type LedgerStore,
  restock,
  sale,
  startTracking,
  transfer,
} from '@stockfold/core';
import { CATALOGUE } from './catalogue.ts';
import { POLICY } from './open-till.ts';

/** Where counts are settled; the ledger begins without such a location. */
export const ADJUSTMENT = '7c1ad2a0-5f0f-45ec-bf63-0242ac130002';

const HOUR = 3_600_000;
const DAYS = 7;

/** Readies the ledger for the shop: a location for counts, and all products tracked. Doing it twice does nothing. */
export async function openShop(ledger: Ledger): Promise<ExecuteError | null> {
  const tracking = [...new Set(CATALOGUE.map(({ productId }) => productId))].map(startTracking);
  const results = await ledger.executeAll([
    { kind: 'OpenLocation', id: fixedId(1), location: { id: ADJUSTMENT, type: 'ADJUSTMENT', name: 'Counts' } },
    { kind: 'RecordMovements', id: fixedId(2), tracking },
  ]);
  return results.find(result => result.isErr())?._unsafeUnwrapErr() ?? null;
}

/**
 * A week of sample business up to yesterday, on a ledger whose clock is turned back. Its ids are fixed, so it is there
 * once, however many tabs begin it.
 *
 * @param now - Milliseconds since 1970.
 */
export async function recordSampleWeek(store: LedgerStore, now: number): Promise<ExecuteError | null> {
  // The shop opens at nine, seven days ago for the first time, and was last open yesterday.
  const start = new Date(now).setHours(9, 0, 0, 0) - DAYS * 24 * HOUR;
  let at = start;
  // It is not closed: its store is the till's.
  const ledger = createLedger({ store, policy: POLICY, clock: () => at });
  const failed = await openShop(ledger);
  if (failed !== null) return failed;
  for (const { hour, command } of sampleWeek()) {
    at = start + hour * HOUR;
    const result = await ledger.execute(command);
    if (result.isErr()) return result.error;
  }
  return null;
}

/** How many of each came at the beginning, and how many of them a day are sold about. */
const STOCK = [14, 9, 30, 24, 12, 26, 8, 15, 60, 10, 12, 18];
const DAILY = [1, 1, 3, 2, 1, 4, 1, 2, 6, 1, 1, 2];

type Step = Readonly<{ hour: number; command: CommandInput }>;

/** Hours count from the start of the week. */
function sampleWeek(): readonly Step[] {
  const opening = CATALOGUE.map((variant, index) => restock('STORE', variant, STOCK[index] ?? 1));
  const delivery = [2, 5].map(index => restock('STORE', pick(index), 16));
  const steps = [
    { hour: 0, lines: opening },
    ...Array.from({ length: DAYS }, (_, day) => salesOf(day)).flat(),
    { hour: 74, lines: delivery },
    // Two notebooks are missing, and one candle more is there than the books say.
    { hour: 122, lines: [transfer('STORE', ADJUSTMENT, pick(7), 2), transfer(ADJUSTMENT, 'STORE', pick(9), 1)] },
  ].sort((a, b) => a.hour - b.hour);
  return steps.map(({ hour, lines }, index) => ({
    hour,
    command: { kind: 'RecordMovements', id: fixedId(10 + index), lines },
  }));
}

/** Each variant's sales of one day, at hours of their own, between half an hour and ten hours after opening. */
function salesOf(day: number) {
  return CATALOGUE.flatMap((variant, index) => {
    const quantity = Math.max(0, (DAILY[index] ?? 1) + ((day * 5 + index * 3) % 3) - 1);
    const hour = day * 24 + 0.5 + ((day * 7 + index * 5) % 20) / 2;
    return quantity === 0 ? [] : [{ hour, lines: [sale('STORE', variant, quantity)] }];
  });
}

function pick(index: number) {
  return CATALOGUE[index] as (typeof CATALOGUE)[number];
}

function fixedId(number: number): string {
  return `7c1ad2a0-5f0f-41ec-8f63-${String(number).padStart(12, '0')}`;
}
