import {
  type Balance,
  createLedger,
  discard,
  type Ledger,
  linesOf,
  restock,
  type StoredRecord,
  sale,
  startTracking,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { arbitraries } from '@stockfold/testing';
import fc from 'fast-check';
import { ok, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import {
  isIdPrefix,
  PAGE_VARIANTS,
  pageOf,
  readVariants,
  type VariantPage,
  type VariantQuery,
  type VariantRow,
} from '../src/page/balances/read-variants.ts';
import { flowsOf } from '../src/page/flows/flows.ts';
import { JournalCache } from '../src/page/journal/journal-cache.ts';
import { readHistory } from '../src/page/stock/read-history.ts';
import { sampleSteps } from '../src/page/stock/sample-steps.ts';
import { Samples } from '../src/page/stock/samples.ts';
import { onHandAt, type Step } from '../src/page/stock/steps.ts';
import { findMoment } from '../src/page/time/find-moment.ts';
import { readPlace, writePlace } from '../src/page/ui/use-place.ts';
import { apiOf, ledgerWithHistory, PATIENT } from './ledger-api.ts';

async function recordsOf(ledger: Ledger): Promise<readonly StoredRecord[]> {
  return (await ledger.journal({ limit: 1_000 }))._unsafeUnwrap().items;
}

async function allRows(ledger: Ledger, search = ''): Promise<readonly VariantRow[]> {
  const rows: VariantRow[] = [];
  const locations = (await ledger.locations())._unsafeUnwrap().length;
  for (let cursor: string | null = null; ; ) {
    const query: VariantQuery = { search, cursor, asOf: null, locations };
    const page: VariantPage = (await readVariants(apiOf(ledger).ask, query, PATIENT))._unsafeUnwrap();
    expect(page.rows.length).toBeLessThanOrEqual(PAGE_VARIANTS);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    cursor = page.next;
  }
}

describe('balances', () => {
  it('for any ledger, the pages show every balance of every variant once', () =>
    fc.assert(
      fc.asyncProperty(ledgerWithHistory, async open => {
        const ledger = await open();
        const balances = (await ledger.balances({ limit: 1_000 }))._unsafeUnwrap().items;
        const shown = (await allRows(ledger)).flatMap(({ variantId, productId, onHand }) =>
          [...onHand].map(([locationId, amount]) => ({ variantId, productId, locationId, onHand: amount })),
        );
        expect(shown).toEqual(balances);
      }),
      { numRuns: 50 },
    ));

  it('for any stock of many variants, no page ends within one of them', () =>
    fc.assert(
      fc.asyncProperty(fc.uniqueArray(arbitraries.id, { minLength: 1, maxLength: 60 }), fc.nat(), async (ids, seed) => {
        const [productId = '', ...variantIds] = ids;
        const ledger = createLedger({ store: createMemoryStore() });
        const lines = variantIds.map((variantId, index) => {
          const movements = [restock, sale, discard];
          return (movements[(seed + index) % 3] ?? sale)('STORE', { productId, variantId }, 1 + index);
        });
        await ledger.execute({
          kind: 'RecordMovements',
          id: ledger.newId(),
          tracking: [startTracking(productId)],
          lines,
        });
        const rows = await allRows(ledger);
        expect(rows.map(row => row.variantId)).toEqual([...variantIds].sort());
        for (const { onHand } of rows) expect([...onHand.values()].reduce((sum, amount) => sum + amount, 0)).toBe(0);
      }),
      { numRuns: 50 },
    ));

  it('shows no variant of which the server has not told everything yet, where locations are very many', () => {
    const balance = (variantId: string, locationId: string) => ({ variantId, locationId, productId: 'p', onHand: 1 });
    const told = [balance('a', '1'), balance('a', '2'), balance('b', '1')] as unknown as Balance[];
    const { rows, next } = pageOf(told, false);
    expect([rows.map(row => row.variantId), next]).toEqual([['a'], 'a.2']);
    expect(pageOf(told, true).rows.map(row => row.variantId)).toEqual(['a', 'b']);
  });

  it('for any beginning of an id, a search shows the variants that begin so', () =>
    fc.assert(
      fc.asyncProperty(ledgerWithHistory, fc.nat(35), fc.nat(), async (open, length, which) => {
        const ledger = await open();
        const rows = await allRows(ledger);
        const search = rows[which % Math.max(1, rows.length)]?.variantId.slice(0, length) ?? '7';
        expect(isIdPrefix(search)).toBe(true);
        const found = (await allRows(ledger, search)).map(row => row.variantId);
        expect(found).toEqual(rows.map(row => row.variantId).filter(id => id.startsWith(search)));
      }),
      { numRuns: 50 },
    ));

  it.each(['mug', 'a-', '78194842-5f0f-91ec', '78194842-5f0f-11ec-bf63-0242ac1300022'])(
    'nothing is looked for by %s',
    text => expect(isIdPrefix(text)).toBe(false),
  );
});

describe('the journal', () => {
  it('for any stretches, gives the records of the ledger, and asks for each of them once', () =>
    fc.assert(
      fc.asyncProperty(ledgerWithHistory, fc.array(fc.tuple(fc.nat(30), fc.nat(30))), async (open, stretches) => {
        const ledger = await open();
        const records = await recordsOf(ledger);
        const api = apiOf(ledger);
        const journal = new JournalCache(api, 0);
        const reads = stretches.map(async ([a, b]) => {
          const [from, to] = [Math.min(a, b), Math.min(Math.max(a, b), records.length)];
          const read = (await journal.read(from, to, PATIENT))._unsafeUnwrap();
          expect(read).toEqual(records.slice(Math.max(0, from - 1), to));
          return read;
        });
        await Promise.all(reads);
        expect(api.answered.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(records.length);
      }),
      { numRuns: 50 },
    ));

  it('ends a reading where its records have very many lines, and keeps the newest of them', async () => {
    const events = [{ kind: 'MovementsRecorded', lines: Array.from({ length: 1_000 }) }];
    const ask = ({ query: { after, limit } }: { query: { after: number; limit: number } }) =>
      okAsync({ items: Array.from({ length: limit }, (_, index) => ({ sequence: after + 1 + index, events })) });
    const journal = new JournalCache({ ask: ask as never }, 0);
    const read = (await journal.read(1, 1_000, PATIENT))._unsafeUnwrap();
    expect(read.map(record => record.sequence)).toEqual(Array.from({ length: 100 }, (_, index) => 901 + index));
  });
});

describe('stock over time', () => {
  it('for any ledger, what is drawn is the balance as of every record', () =>
    fc.assert(
      fc.asyncProperty(ledgerWithHistory, fc.nat(20), async (open, from) => {
        const ledger = await open();
        const api = apiOf(ledger);
        const source = { journal: new JournalCache(api, 0), samples: new Samples(api, 0) };
        const [balance] = (await ledger.balances({ limit: 1 }))._unsafeUnwrap().items;
        if (balance === undefined) return;
        const { variantId, locationId } = balance;
        const to = (await recordsOf(ledger)).length;
        const stretch = { key: { variantId, locationId }, from: Math.min(from, to), to };
        const { steps } = (await readHistory(source, stretch, PATIENT))._unsafeUnwrap();
        for (let asOf = stretch.from; asOf <= to; asOf++) {
          const truth = (await ledger.balanceAt({ variantId, locationId, asOf }))._unsafeUnwrap().onHand;
          expect(onHandAt(steps, asOf)).toBe(truth);
        }
      }),
      { numRuns: 50 },
    ));

  /** Stock that changes at some records of a long journal. */
  const stairs = (change: fc.Arbitrary<number>) =>
    fc.record({
      to: fc.integer({ min: 1_001, max: 5_000_000 }),
      changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), change), { maxLength: 6 }),
    });
  const truthOf = ({ to, changes }: { to: number; changes: [number, number][] }) => {
    const steps = changes.map(([part, change]) => ({ sequence: Math.ceil(part * to), change }));
    return (sequence: number) =>
      steps.filter(step => step.sequence <= sequence).reduce((sum, step) => sum + step.change, 0);
  };

  it('for any long journal, every point that is drawn is exact, the last one too, and few are asked for', () =>
    fc.assert(
      fc.asyncProperty(stairs(fc.integer({ min: -9, max: 9 })), async world => {
        const truth = truthOf(world);
        let asked = 0;
        const sampled = await sampleSteps(async sequence => {
          asked += 1;
          return ok<number, never>(truth(sequence));
        }, world.to);
        const { steps, points } = sampled._unsafeUnwrap();
        for (const { sequence, onHand } of steps) expect(onHand).toBe(truth(sequence));
        expect(onHandAt(steps, world.to)).toBe(truth(world.to));
        expect(points).toBe(asked);
        expect(asked).toBeLessThanOrEqual(262);
      }),
    ));

  it('for any stock that only falls, a few steps in millions of records are all found where they are', () =>
    fc.assert(
      fc.asyncProperty(stairs(fc.integer({ min: -9, max: -1 })), async world => {
        const truth = truthOf(world);
        const sampled = await sampleSteps(async sequence => ok<number, never>(truth(sequence)), world.to);
        const last =
          2 ** Math.ceil(Math.log2(world.to / 64)) * Math.floor(world.to / 2 ** Math.ceil(Math.log2(world.to / 64)));
        const isStep = ({ sequence, onHand }: Step) => sequence === 0 || truth(sequence - 1) !== onHand;
        expect(
          sampled
            ._unsafeUnwrap()
            .steps.filter(step => step.sequence <= last)
            .every(isStep),
        ).toBe(true);
      }),
    ));
});

it('for any ledger, what flowed into a location less what flowed out of it is what it holds', () =>
  fc.assert(
    fc.asyncProperty(ledgerWithHistory, async open => {
      const ledger = await open();
      const records = await recordsOf(ledger);
      const { items } = (await ledger.balances({ limit: 1_000 }))._unsafeUnwrap();
      for (const variantId of [null, items[0]?.variantId ?? null]) {
        const flows = flowsOf(records, variantId);
        for (const { id } of (await ledger.locations())._unsafeUnwrap()) {
          const held = items.filter(item => item.locationId === id && (variantId ?? item.variantId) === item.variantId);
          const net = flows.reduce(
            (sum, { from, to, quantity }) => sum + (to === id ? quantity : 0) - (from === id ? quantity : 0),
            0,
          );
          expect(net).toBe(held.reduce((sum, { onHand }) => sum + onHand, 0));
        }
      }
      const lines = records.flatMap(linesOf);
      expect(flowsOf(records, null).reduce((sum, flow) => sum + flow.lines, 0)).toBe(lines.length);
    }),
    { numRuns: 50 },
  ));

it('for any times that never go back, a moment is that of the last record before it', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50)), fc.integer({ min: -1, max: 51 }), async (unsorted, moment) => {
      const times = [...unsorted].sort((a, b) => a - b);
      const read = (from: number) => okAsync([{ recordedAt: times[from - 1] } as StoredRecord]);
      const found = await findMoment({ read }, { moment, head: times.length }, PATIENT);
      expect(found._unsafeUnwrap()).toBe(times.filter(time => time <= moment).length);
    }),
  ));

it('for any place in the console, its address leads there', () => {
  const text = fc.option(fc.uuid());
  const place = fc.record({
    view: fc.constantFrom('balances', 'journal', 'stock', 'flows'),
    variantId: text,
    locationId: text,
    asOf: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(place, there => {
      expect(readPlace(writePlace(there))).toEqual({ ...there });
    }),
  );
});
