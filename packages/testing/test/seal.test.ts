import {
  createLedger,
  digestOf,
  type JsonValue,
  type Ledger,
  type LedgerStore,
  lastSeal,
  restock,
  type StoredRecord,
  seal,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync } from 'neverthrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

async function record(ledger: Ledger, times: number): Promise<void> {
  const lines = [restock('STORE', MUG, 1)];
  const tracking = [startTracking(MUG.productId)];
  const commands = Array.from({ length: times }, () => ({ id: ledger.newId(), tracking, lines }));
  for (const answer of await ledger.executeAll(commands.map(command => ({ kind: 'RecordMovements', ...command }))))
    answer._unsafeUnwrap();
}

async function sealed(ledger: Ledger) {
  (await seal(ledger, { id: ledger.newId() }))._unsafeUnwrap();
  return (await lastSeal(ledger))._unsafeUnwrap();
}

/** A store whose journal is another than it was, and so is all that follows from it. */
function forged(store: LedgerStore, change: (record: StoredRecord) => StoredRecord): LedgerStore {
  return {
    ...store,
    journal: query => store.journal(query).map(page => ({ ...page, items: page.items.map(change) })),
    load: (...question) => store.load(...question).map(loaded => ({ ...loaded, known: loaded.known.map(change) })),
  };
}

describe('a seal', () => {
  it('says up to which record, with a digest that follows from the records alone', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    expect((await lastSeal(ledger))._unsafeUnwrap()).toBe(null);
    await record(ledger, 3);
    const first = await sealed(ledger);
    expect(first).toEqual({ through: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    // Over the end of a block, and at the very end of one.
    await record(ledger, 1_500);
    const second = await sealed(ledger);
    expect(second?.through).toBe(1_504);
    await record(ledger, 495);
    const third = await sealed(ledger);
    expect(third?.through).toBe(2_000);
    for (const each of [first, second, third])
      expect((await digestOf(ledger, each?.through ?? 0))._unsafeUnwrap()).toBe(each?.digest);
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('is made once, however often it is asked for under one id', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await record(ledger, 1);
    const id = ledger.newId();
    const [one, other] = await Promise.all([seal(ledger, { id }), seal(ledger, { id })]);
    expect([one._unsafeUnwrap().sequence, other._unsafeUnwrap().sequence]).toEqual([2, 2]);
    await sealed(ledger);
    expect((await seal(ledger, { id }))._unsafeUnwrap()).toMatchObject({ sequence: 2, replayed: true });
  });

  it.each<[string, JsonValue]>([
    ['no seal', 'sealed'],
    ['a record that is far away', { through: Number.MAX_SAFE_INTEGER, digest: 'f00', blocks: '' }],
    ['itself', { through: 2, digest: 'f00', blocks: '' }],
    ['half a record', { through: 0.5, digest: 'f00', blocks: '' }],
    ['less than nothing', { through: -1, digest: 'f00', blocks: '' }],
    ['no digest', { through: 1, blocks: '' }],
    ['no blocks', { through: 1, digest: 'f00' }],
  ])('does not hold where somebody has written over it, with %s; another one does', async (_, body) => {
    const ledger = createLedger({ store: createMemoryStore() });
    await record(ledger, 1);
    const notes = [{ kind: 'seal', id: 'last', body }];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), notes }))._unsafeUnwrap();
    expect((await lastSeal(ledger))._unsafeUnwrap()).toBe(null);
    const { breaches } = (await ledger.verify())._unsafeUnwrap();
    expect(breaches).toMatchObject([{ invariant: 'sealHolds', through: 1, sealed: 'none' }]);
    expect(await sealed(ledger)).toMatchObject({ through: 2 });
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('of two that are made at once one comes after the other', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await record(ledger, 1);
    await Promise.all([sealed(ledger), sealed(ledger)]);
    expect((await lastSeal(ledger))._unsafeUnwrap()?.through).toBe(2);
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it.each<[string, (record: StoredRecord) => StoredRecord]>([
    ['the id of a command', one => (one.sequence === 2 ? { ...one, commandId: numberedId(0xd, 9) as never } : one)],
    ['the time of a record', one => (one.sequence === 3 ? { ...one, recordedAt: one.recordedAt + 1 } : one)],
    [
      'the correlation id of a record',
      one => (one.sequence === 1 ? { ...one, externalUuid: MUG.productId as never } : one),
    ],
  ])('is broken by an edit that nothing else shows: of %s', async (_, change) => {
    const store = createMemoryStore();
    const ledger = createLedger({ store, clock: () => 5 });
    await record(ledger, 3);
    const damaged = createLedger({ store: forged(store, change) });
    expect((await damaged.verify())._unsafeUnwrap().breaches.filter(found => found.invariant === 'sealHolds')).toEqual(
      [],
    );
    const before = await sealed(ledger);
    expect((await damaged.verify())._unsafeUnwrap().breaches).toContainEqual({
      invariant: 'sealHolds',
      through: 3,
      sealed: before?.digest,
      digest: (await digestOf(damaged, 3))._unsafeUnwrap(),
    });
  });

  it('is not made where the store cannot be read', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    for (const call of ['notes', 'journal'] as const) {
      const ledger = createLedger({ store: { ...createMemoryStore(), [call]: () => errAsync(fault) } });
      expect((await seal(ledger, { id: ledger.newId() }))._unsafeUnwrapErr()).toEqual(fault);
    }
    const store = createMemoryStore();
    await record(createLedger({ store }), 1);
    let reads = 0;
    const journal: LedgerStore['journal'] = query => (reads++ === 0 ? store.journal(query) : errAsync(fault));
    const ledger = createLedger({ store: { ...store, journal } });
    expect((await seal(ledger, { id: ledger.newId() }))._unsafeUnwrapErr()).toEqual(fault);
  });
});

describe('a seal in a page that is not served securely', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is not made, and says why', async () => {
    const ledger = createLedger({ store: createMemoryStore(), newId: () => numberedId(0xd, 1) });
    await record(ledger, 1);
    vi.stubGlobal('crypto', {});
    expect((await seal(ledger, { id: numberedId(0xd, 2) }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'StoreUnavailable',
      message: expect.stringContaining('Web Crypto'),
    });
  });
});
