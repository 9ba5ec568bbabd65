import {
  type Counts,
  createCounts,
  createLedger,
  effectiveAt,
  type Ledger,
  type LedgerStore,
  QUANTITY_MAX,
  refund,
  restock,
  sale,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, type ResultAsync } from 'neverthrow';
import { beforeEach, describe, expect, it } from 'vitest';
import { laws } from '../src/index.ts';
import { numberedId } from '../src/simulation/world.ts';
import { faultyStores } from './faulty-stores.ts';
import { hold, isBroken } from './seed.ts';
import { onNewStore, stores } from './stores.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const SHELF = { locationId: 'STORE', variantId: MUG.variantId };

let store: LedgerStore;
let ledger: Ledger;
let counts: Counts;
let now: number;
beforeEach(async () => {
  now = 100;
  store = createMemoryStore();
  ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, clock: () => now });
  counts = createCounts(ledger);
  const tracking = [startTracking(MUG.productId)];
  const lines = [restock('STORE', MUG, 10)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
});

const sell = (quantity: number) =>
  ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', MUG, quantity)] });
const sellLate = (quantity: number, occurredAt: number, id: string = ledger.newId()) =>
  counts.record({ id, lines: [sale('STORE', MUG, quantity)], provenance: { occurredAt, source: 'till' } });
const count = (counted: number, observedAt: number, id: string = ledger.newId()) =>
  counts.count({ id, location: 'STORE', variant: MUG, counted, observedAt });

async function onHand(locationId = 'STORE'): Promise<number> {
  return (await ledger.balanceAt({ ...SHELF, locationId }))._unsafeUnwrap().onHand;
}

async function effective(at: number): Promise<number> {
  return (await effectiveAt(ledger, { ...SHELF, at }))._unsafeUnwrap().effective;
}

async function variances(query: Parameters<Counts['variances']>[0] = {}) {
  const { items } = (await counts.variances(query))._unsafeUnwrap();
  return items.map(({ observedAt, counted, expected, variance, explained }) => [
    observedAt,
    counted,
    expected,
    variance,
    explained,
  ]);
}

describe('a balance as effective at a time', () => {
  it('has what was recorded by then, and what had occurred by then and came later', async () => {
    now = 200;
    (await sell(1))._unsafeUnwrap();
    now = 300;
    (await sellLate(2, 150))._unsafeUnwrap();
    expect([await effective(99), await effective(100), await effective(149)]).toEqual([0, 10, 10]);
    expect([await effective(150), await effective(199), await effective(200), await effective(300)]).toEqual([
      8, 8, 7, 7,
    ]);
    expect((await effectiveAt(ledger, { ...SHELF, at: 150 }))._unsafeUnwrap()).toEqual({
      locationId: ledger.systemLocations.STORE,
      variantId: MUG.variantId,
      onHand: 7,
      effective: 8,
      asOf: 3,
    });
  });

  it('takes what says that it occurs later than it was recorded for a clock that is ahead', async () => {
    now = 200;
    (await sellLate(2, 250))._unsafeUnwrap();
    expect([await effective(199), await effective(200)]).toEqual([10, 8]);
  });

  it('goes through pages of what came since, to where it ended when it began', async () => {
    for (let sold = 0; sold < 230; sold++) {
      now += 1;
      (
        await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [restock('STORE', MUG, 1)] })
      )._unsafeUnwrap();
    }
    now = 1_000;
    (await sellLate(2, 150))._unsafeUnwrap();
    let reads = 0;
    const busy: Ledger = {
      ...ledger,
      postings: query => {
        reads += 1;
        const before = reads === 2 ? sellLate(3, 150) : null;
        return before === null
          ? ledger.postings(query)
          : before.mapErr(() => storeFault('StoreFailed', 'sale')).andThen(() => ledger.postings(query));
      },
    };
    const { onHand: recorded, effective: then } = (await effectiveAt(busy, { ...SHELF, at: 150 }))._unsafeUnwrap();
    expect([recorded, then, reads]).toEqual([238, 58, 2]);
    expect(await effective(150)).toBe(55);
  });

  it('says which field is none, and gives the faults of the store', async () => {
    expect((await effectiveAt(ledger, { ...SHELF, at: 0.5 }))._unsafeUnwrapErr()).toMatchObject({ field: 'at' });
    expect((await effectiveAt(ledger, { ...SHELF, locationId: 'x', at: 1 }))._unsafeUnwrapErr()).toMatchObject({
      field: 'locationId',
    });
    const fault = storeFault('StoreUnavailable', 'gone');
    const on = async (change: Partial<Ledger>) =>
      (await effectiveAt({ ...ledger, ...change }, { ...SHELF, at: 50 }))._unsafeUnwrapErr();
    expect(await on({ journal: () => errAsync(fault) })).toEqual(fault);
    expect(await on({ postings: () => errAsync(fault) })).toEqual(fault);
    // The head is read first, then the record that halves the journal, then those of the postings.
    let reads = 0;
    expect(await on({ journal: query => (reads++ < 2 ? ledger.journal(query) : errAsync(fault)) })).toEqual(fault);
  });
});

describe('a count', () => {
  it('settles what is missing against the adjustments, and tells nobody how much that was', async () => {
    now = 200;
    const receipt = (await count(8, 150))._unsafeUnwrap();
    expect(Object.keys(receipt).sort()).toEqual(['commandId', 'durability', 'recordedAt', 'replayed', 'sequence']);
    expect([await onHand(), await onHand(counts.adjustmentId), await effective(149), await effective(150)]).toEqual([
      8, 2, 10, 8,
    ]);
    expect(await variances()).toEqual([[150, 8, 10, -2, 0]]);
    const places = (await ledger.locations())._unsafeUnwrap();
    expect(places.find(({ id }) => id === counts.adjustmentId)).toMatchObject({ type: 'ADJUSTMENT', system: false });
  });

  it('settles what is too many, and writes down that nothing was', async () => {
    now = 200;
    (await count(13, 150))._unsafeUnwrap();
    (await count(13, 160))._unsafeUnwrap();
    expect([await onHand(), await onHand(counts.adjustmentId)]).toEqual([13, -3]);
    expect(await variances()).toEqual([
      [150, 13, 10, 3, 0],
      [160, 13, 13, 0, 0],
    ]);
  });

  it('does not swallow a sale that occurred after it and was recorded before it', async () => {
    now = 200;
    (await sell(3))._unsafeUnwrap();
    now = 300;
    (await count(9, 150))._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD')]).toEqual([6, 3]);
    expect(await variances()).toEqual([[150, 9, 10, -1, 0]]);
  });

  it('is recorded whatever the floor: a shelf is as it is', async () => {
    now = 200;
    (await sell(9))._unsafeUnwrap();
    (await count(1, 150))._unsafeUnwrap();
    expect(await onHand()).toBe(-8);
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('has seen a sale that occurred before it: recorded later, that one is not taken twice, and explains what was missing', async () => {
    now = 200;
    (await count(8, 150))._unsafeUnwrap();
    (await sellLate(2, 120))._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD'), await onHand(counts.adjustmentId)]).toEqual([8, 2, 0]);
    expect(await variances()).toEqual([[150, 8, 10, -2, -2]]);
    (await sellLate(1, 160))._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD'), await onHand(counts.adjustmentId)]).toEqual([7, 3, 0]);
    // Of several lines what they come to at the shelf.
    const lines = [sale('STORE', MUG, 2), refund('STORE', MUG, 1), sale('STORE', MUG, 1), refund('STORE', MUG, 2)];
    (await counts.record({ id: ledger.newId(), lines, provenance: { occurredAt: 130 } }))._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD'), await onHand(counts.adjustmentId)]).toEqual([7, 3, 0]);
  });

  it('has seen a delivery that occurred before it, of several the first one that has', async () => {
    now = 200;
    (await count(10, 110))._unsafeUnwrap();
    (await count(14, 150))._unsafeUnwrap();
    (await count(14, 160))._unsafeUnwrap();
    const lines = [restock('STORE', MUG, 4)];
    (await counts.record({ id: ledger.newId(), lines, provenance: { occurredAt: 150 } }))._unsafeUnwrap();
    expect([await onHand(), await onHand(counts.adjustmentId)]).toEqual([14, 0]);
    expect(await variances()).toEqual([
      [110, 10, 10, 0, 0],
      [150, 14, 10, 4, 4],
      [160, 14, 14, 0, 0],
    ]);
  });

  it('gives way to a later observation, whichever comes first', async () => {
    now = 200;
    (await count(8, 150))._unsafeUnwrap();
    (await count(9, 160))._unsafeUnwrap();
    expect(await onHand()).toBe(9);
    const id = ledger.newId();
    expect((await count(7, 155, id))._unsafeUnwrapErr()).toEqual({
      kind: 'CountSuperseded',
      retry: 'never',
      observedAt: 160,
    });
    expect(await onHand()).toBe(9);
  });

  it('is recorded once, however often it is sent, also when it was superseded since', async () => {
    now = 200;
    const id = ledger.newId();
    const first = (await count(8, 150, id))._unsafeUnwrap();
    (await count(9, 160))._unsafeUnwrap();
    expect((await count(8, 150, id))._unsafeUnwrap()).toMatchObject({ sequence: first.sequence, replayed: true });
    expect((await count(7, 150, id))._unsafeUnwrapErr()).toMatchObject({ kind: 'CommandIdReused' });
    const late = ledger.newId();
    (await sellLate(1, 120, late))._unsafeUnwrap();
    expect((await sellLate(1, 120, late))._unsafeUnwrap()).toMatchObject({ replayed: true });
    expect(await onHand()).toBe(9);
  });

  /** Counts on a ledger in which something happens between the looking and the writing of its first request. */
  function interrupted(happen: () => ResultAsync<unknown, unknown>): Counts {
    let requests = 0;
    const commit: LedgerStore['commit'] = planned => {
      const isRequest = planned.records.some(({ events }) => events.some(event => event.kind === 'Requested'));
      if (!isRequest || requests++ > 0) return store.commit(planned);
      return happen()
        .mapErr(() => storeFault('StoreFailed', 'what happened was refused'))
        .andThen(() => store.commit(planned));
    };
    return createCounts(createLedger({ store: { ...store, commit }, clock: () => now }));
  }
  const counted = (pieces: number, observedAt: number) =>
    ({ id: ledger.newId(), location: 'STORE', variant: MUG, counted: pieces, observedAt }) as const;

  it('takes the difference again when something moves while it is taken', async () => {
    now = 200;
    // The shelf had lacked it when it was looked at.
    (await interrupted(() => sellLate(1, 120)).count(counted(8, 150)))._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD')]).toEqual([8, 1]);
    expect(await variances()).toEqual([[150, 8, 9, -1, 0]]);
  });

  it('gives way to a later observation that comes while it is taken, though that one moves nothing', async () => {
    now = 200;
    const answer = await interrupted(() => count(10, 160)).count(counted(8, 150));
    expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: 'CountSuperseded', observedAt: 160 });
    expect(await onHand()).toBe(10);
  });

  it('is seen by a late sale while that one is recorded', async () => {
    now = 200;
    const lines = [sale('STORE', MUG, 2)];
    const late = { id: ledger.newId(), lines, provenance: { occurredAt: 120 } };
    (await interrupted(() => count(8, 150)).record(late))._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD')]).toEqual([8, 2]);
    expect(await variances()).toEqual([[150, 8, 10, -2, -2]]);
  });

  it('is explained by two late sales that are recorded at once, by both', async () => {
    now = 200;
    (await count(7, 150))._unsafeUnwrap();
    const late = { id: ledger.newId(), lines: [sale('STORE', MUG, 2)], provenance: { occurredAt: 120 } };
    (await interrupted(() => sellLate(1, 130)).record(late))._unsafeUnwrap();
    expect([await onHand(), await onHand(counts.adjustmentId)]).toEqual([7, 0]);
    expect(await variances()).toEqual([[150, 7, 10, -3, -3]]);
  });

  it('finds a late sale that is recorded at the same time, and is found by it', async () => {
    now = 200;
    const other = createCounts(createLedger({ store, clock: () => now }));
    const lines = [sale('STORE', MUG, 2)];
    const late = { id: ledger.newId(), lines, provenance: { occurredAt: 120 } };
    const answers = await Promise.all([count(8, 150), other.record(late), count(8, 150), sellLate(1, 140)]);
    for (const answer of answers) answer._unsafeUnwrap();
    expect([await onHand(), await onHand('SOLD')]).toEqual([8, 3]);
  });

  it.each<[string, Partial<Parameters<Counts['count']>[0]>]>([
    ['id', { id: 'count' }],
    ['id', { id: 5 as never }],
    ['location', { location: 'shelf' }],
    ['location', { location: 'SOLD' }],
    ['variant', { variant: { ...MUG, variantId: 'mug' } }],
    ['variant', { variant: { ...MUG, productId: 'mugs' } }],
    ['variant', { variant: undefined as never }],
    ['counted', { counted: -1 }],
    ['counted', { counted: 0.5 }],
    ['counted', { counted: 1_000_000_001 }],
    ['observedAt', { observedAt: -1 }],
    ['observedAt', { observedAt: 0.5 }],
    ['observedAt', { observedAt: 8_640_000_000_000_001 }],
  ])('says that %s is none', async (field, change) => {
    const input = {
      id: ledger.newId(),
      location: 'STORE',
      variant: MUG,
      counted: 1,
      observedAt: 1,
      ...change,
    } as const;
    expect((await counts.count(input))._unsafeUnwrapErr()).toEqual({ kind: 'CountInvalid', retry: 'never', field });
  });

  it('of the future is refused, and lines that are none', async () => {
    expect((await count(1, 1_000_000))._unsafeUnwrapErr()).toMatchObject({ kind: 'OccursLater' });
    const lines = [{ ...sale('STORE', MUG, 1), variantId: 'mug' }];
    const late = { id: ledger.newId(), lines, provenance: { occurredAt: 1 } };
    expect((await counts.record(late))._unsafeUnwrapErr()).toMatchObject({ kind: 'CommandInvalid' });
  });

  it.each<[string, object, readonly (string | number)[]]>([
    ['without a time', { provenance: { source: 'till' } }, ['provenance', 'occurredAt']],
    ['at no time', { provenance: { occurredAt: null } }, ['provenance', 'occurredAt']],
    ['at half a time', { provenance: { occurredAt: 100.5 } }, ['provenance', 'occurredAt']],
    ['that nobody says where it comes from', { provenance: undefined }, ['provenance', 'occurredAt']],
    ['of a line that is none', { lines: [null] }, ['lines', 0]],
    ['of lines that are none', { lines: 5 }, ['lines']],
    ['of a quantity that is none', { lines: [{ ...sale('STORE', MUG, 1), quantity: '1' }] }, ['lines', 0, 'quantity']],
  ])('leaves no late movement %s to be told', async (_, change, path) => {
    (await count(9, 100))._unsafeUnwrap();
    const input = { id: ledger.newId(), lines: [sale('STORE', MUG, 1)], provenance: { occurredAt: 90 }, ...change };
    const refused = (await counts.record(input as Parameters<Counts['record']>[0]))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ kind: 'CommandInvalid' });
    expect(refused.kind === 'CommandInvalid' && refused.violations.map(violation => violation.path)).toContainEqual(
      path,
    );
    expect(await onHand()).toBe(9);
  });

  it('is refused of the adjustments themselves, which no shelf holds', async () => {
    (await count(10, 100))._unsafeUnwrap();
    const input = { id: ledger.newId(), location: counts.adjustmentId, variant: MUG, counted: 0, observedAt: 100 };
    const refused = { kind: 'CountInvalid', retry: 'never', field: 'location' };
    expect((await counts.count(input))._unsafeUnwrapErr()).toEqual(refused);
  });

  it('is explained by all late sales of a till that tells of them at once, however many', async () => {
    now = 200;
    (await count(9, 150))._unsafeUnwrap();
    for (const told of await Promise.all(Array.from({ length: 50 }, () => sellLate(1, 120)))) told._unsafeUnwrap();
    expect([await onHand(), await variances()]).toEqual([9, [[150, 9, 10, -1, -50]]]);
  });

  it('settles what is more than one line carries', async () => {
    for (let delivery = 0; delivery < 3; delivery++)
      await ledger.execute({
        kind: 'RecordMovements',
        id: ledger.newId(),
        lines: [restock('STORE', MUG, QUANTITY_MAX)],
      });
    now = 200;
    (await count(4, 150))._unsafeUnwrap();
    expect([await onHand(), await onHand(counts.adjustmentId)]).toEqual([4, 3 * QUANTITY_MAX + 6]);
    const late = { id: ledger.newId(), lines: [1, 2].map(() => restock('STORE', MUG, QUANTITY_MAX)) };
    (await counts.record({ ...late, provenance: { occurredAt: 120 } }))._unsafeUnwrap();
    expect([await onHand(), await variances()]).toEqual([
      4,
      [[150, 4, 3 * QUANTITY_MAX + 10, -3 * QUANTITY_MAX - 6, 2 * QUANTITY_MAX]],
    ]);
  });

  it('is listed with others by the time of the observation, page by page', async () => {
    now = 200;
    for (const at of [110, 120, 130]) (await count(at, at))._unsafeUnwrap();
    expect((await variances({ from: 120 })).map(([at]) => at)).toEqual([120, 130]);
    expect((await variances({ to: 120 })).map(([at]) => at)).toEqual([110]);
    const { items, next } = (await counts.variances({ limit: 2 }))._unsafeUnwrap();
    expect(items).toHaveLength(2);
    expect((await variances({ limit: 2, cursor: next ?? undefined })).map(([at]) => at)).toEqual([130]);
  });

  it('goes on where the adjustments were opened by hand, or by another handle at the same time', async () => {
    now = 200;
    const location = { id: counts.adjustmentId, type: 'ADJUSTMENT', name: 'Shrinkage' } as const;
    const late = createLedger({
      store: {
        ...store,
        // Looked at before it is opened.
        locations: id =>
          store.locations(id).andThen(places =>
            ledger
              .execute({ kind: 'OpenLocation', id: ledger.newId(), location })
              .map(() => places)
              .mapErr(() => storeFault('StoreFailed', 'open')),
          ),
      },
      clock: () => now,
    });
    const first = { id: ledger.newId(), location: 'STORE', variant: MUG, counted: 9, observedAt: 150 } as const;
    (await createCounts(late).count(first))._unsafeUnwrap();
    (
      await createCounts(createLedger({ store, clock: () => now })).count({
        id: ledger.newId(),
        location: ledger.systemLocations.STORE,
        variant: MUG,
        counted: 8,
        observedAt: 160,
      })
    )._unsafeUnwrap();
    expect(await onHand()).toBe(8);
  });

  it('gives the fault of whatever cannot be read or written, and is made when it can be again', async () => {
    now = 200;
    const fault = storeFault('StoreUnavailable', 'gone');
    let broken: Partial<LedgerStore> = {};
    const asked = (call: keyof LedgerStore) => (broken[call] ?? store[call]) as never;
    const frail = createLedger({
      store: new Proxy(store, { get: (_, call) => asked(call as keyof LedgerStore) }),
      clock: () => now,
    });
    const frailCounts = createCounts(frail);
    const input = { id: frail.newId(), location: 'STORE', variant: MUG, counted: 9, observedAt: 150 } as const;
    const late = { id: frail.newId(), lines: [sale('STORE', MUG, 1)], provenance: { occurredAt: 120 } };
    broken = { locations: () => errAsync(fault) };
    expect((await frailCounts.count(input))._unsafeUnwrapErr()).toEqual(fault);
    broken = { load: () => errAsync(fault), commit: () => errAsync(fault) };
    expect((await frailCounts.count(input))._unsafeUnwrapErr()).toEqual(fault);
    broken = { notes: () => errAsync(fault) };
    expect((await frailCounts.count(input))._unsafeUnwrapErr()).toEqual(fault);
    expect((await frailCounts.record(late))._unsafeUnwrapErr()).toEqual(fault);
    broken = { postings: () => errAsync(fault), balances: () => errAsync(fault) };
    expect((await frailCounts.count(input))._unsafeUnwrapErr()).toEqual(fault);
    broken = {};
    (await frailCounts.count(input))._unsafeUnwrap();
    broken = { notes: query => (query.kind === 'counted' ? errAsync(fault) : store.notes(query)) };
    expect((await frailCounts.record(late))._unsafeUnwrapErr()).toEqual(fault);
    broken = {};
    (await frailCounts.record(late))._unsafeUnwrap();
    expect(await onHand()).toBe(9);
  });
});

describe.each(Object.entries(stores))('counts on the %s store', (_, { create, numRuns }) => {
  it('for any order in which sales, deliveries and counts are told, leave what an onlooker says', () =>
    hold(laws.countsAgree(onNewStore(create)), numRuns));
});

describe('counts on a store with faults', () => {
  it('for any order in which things are told, and told again, leave what an onlooker says', async () => {
    const { open, opened } = faultyStores(['failBefore', 'failAfter', 'late', 'twice', 'stale', 'conflict', 'busy']);
    await hold(laws.countsAgree(onNewStore(open)), 200);
    expect(opened()).toBe(200);
  });
});

describe('an onlooker finds', () => {
  /** Counts on a ledger that is asked other things than it is told. */
  const planted =
    (twist: (counts: Counts, ledger: Ledger) => Partial<Counts>): typeof createCounts =>
    inner => {
      const whole = createCounts(inner);
      return { ...whole, ...twist(whole, inner) };
    };

  it.each<[string, typeof createCounts]>([
    [
      'a count that is taken for one of the time at which it arrives',
      planted((whole, { now: clock }) => ({ count: input => whole.count({ ...input, observedAt: clock() }) })),
    ],
    [
      'a late movement that is recorded like any other',
      planted((_, inner) => ({
        record: input => inner.execute({ ...input, kind: 'RecordMovements', request: { kind: 'Plain' } }),
      })),
    ],
    [
      'a late movement that is taken for one of now',
      planted((whole, { now: clock }) => ({
        record: input => whole.record({ ...input, provenance: { occurredAt: clock() } }),
      })),
    ],
  ])('%s', async (_, create) => {
    expect(await isBroken(laws.countsAgree(onNewStore(createMemoryStore), create), 200)).toBe(true);
  });
});

describe('what others went through with backdating cannot happen', () => {
  it('frappe/erpnext#31035, “deadlock while reposting”: a backdated movement is one record, and no other row is written again', async () => {
    for (now = 200; now < 208; now += 1) (await sell(1))._unsafeUnwrap();
    const before = (await ledger.postings({ ...SHELF, limit: 1_000 }))._unsafeUnwrap().items;
    now = 300;
    const lines = [restock('STORE', MUG, 5)];
    (await counts.record({ id: ledger.newId(), lines, provenance: { occurredAt: 150 } }))._unsafeUnwrap();
    const after = (await ledger.postings({ ...SHELF, limit: 1_000 }))._unsafeUnwrap().items;
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
    expect([await effective(149), await effective(150)]).toEqual([10, 15]);
  });

  it('frappe/erpnext#51562, “Incorrect Qty after transaction”: movements posted at once, some of them backdated, all add up', async () => {
    now = 300;
    const told = Array.from({ length: 20 }, (_, index) =>
      counts.record({
        id: ledger.newId(),
        lines: [restock('STORE', MUG, 1)],
        provenance: { occurredAt: 100 + index * 10 },
      }),
    );
    for (const answer of await Promise.all(told)) answer._unsafeUnwrap();
    expect([await onHand(), await effective(100), await effective(195), await effective(300)]).toEqual([
      30, 11, 20, 30,
    ]);
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('flash-oss/medici#118, a void with the original date: no cached balance is stale afterwards, at any time', async () => {
    now = 200;
    const id = ledger.newId();
    (await ledger.execute({ kind: 'RecordMovements', id, lines: [sale('STORE', MUG, 4)] }))._unsafeUnwrap();
    now = 300;
    const lines = [{ ...MUG, from: 'SOLD', to: 'STORE', quantity: 4 }];
    const provenance = { occurredAt: 200, causedBy: id };
    (await counts.record({ id: ledger.newId(), lines, provenance }))._unsafeUnwrap();
    expect([await onHand(), await effective(199), await effective(200), await effective(250)]).toEqual([
      10, 10, 10, 10,
    ]);
    // As it was known, it stays known.
    expect((await ledger.balanceAt({ ...SHELF, asOf: 2 }))._unsafeUnwrap().onHand).toBe(6);
  });

  it('inventree/InvenTree#12718, “race condition for take_stock”: two who count at once leave one figure, and no piece is lost', async () => {
    now = 200;
    const other = createCounts(createLedger({ store, clock: () => now }));
    const input = { id: ledger.newId(), location: 'STORE', variant: MUG, counted: 7, observedAt: 150 } as const;
    for (const answer of await Promise.all([count(7, 150), other.count(input), sell(1)])) answer._unsafeUnwrap();
    expect([await onHand(), await onHand(counts.adjustmentId)]).toEqual([6, 3]);
  });
});
