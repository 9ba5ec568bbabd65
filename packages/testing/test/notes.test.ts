import {
  createLedger,
  type Ledger,
  type LedgerStore,
  type NoteWrite,
  type Page,
  type RecordMovementsInput,
  restock,
  startTracking,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const HOLD = { kind: 'hold', id: 'h1' };

const noting = (id: number, ...notes: readonly NoteWrite[]): RecordMovementsInput => ({
  kind: 'RecordMovements',
  id: numberedId(0xd, id),
  notes,
});

/** A store that keeps a list of the calls it gets. */
function listing(store: LedgerStore): { store: LedgerStore; calls: string[] } {
  const calls: string[] = [];
  const load: LedgerStore['load'] = (...args) => {
    calls.push('load');
    return store.load(...args);
  };
  const commit: LedgerStore['commit'] = given => {
    calls.push('commit');
    return store.commit(given);
  };
  return { store: { ...store, load, commit }, calls };
}

const kindOf = async (execute: ReturnType<Ledger['execute']>) =>
  (await execute).match(
    receipt => receipt.sequence,
    error => error.kind,
  );

describe('a ledger with notes', () => {
  it('keeps them with the sequence that wrote them last, and gives them in the order of their ids', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.execute(noting(1, { ...HOLD, id: 'b', body: [1] }, { ...HOLD, id: 'a', body: { n: 1 } }));
    await ledger.execute(noting(2, { ...HOLD, id: 'b', body: [2] }, { ...HOLD, id: 'c', body: true }));
    await ledger.execute(noting(3, { ...HOLD, id: 'c', body: null }));
    expect((await ledger.notes({ kind: 'hold' }))._unsafeUnwrap()).toEqual({
      items: [
        { ...HOLD, id: 'a', body: { n: 1 }, sequence: 1 },
        { ...HOLD, id: 'b', body: [2], sequence: 2 },
      ],
      next: null,
      asOf: 3,
    });
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
    expect((await ledger.notes({ kind: 'no hold' }))._unsafeUnwrapErr()).toMatchObject({ field: 'kind' });
  });

  it('looks at what a group expects of notes before it commits, so that one who is late holds up nobody', async () => {
    const { store, calls } = listing(createMemoryStore());
    const ledger = createLedger({ store });
    await ledger.execute(noting(1, { ...HOLD, body: 1 }));
    await createLedger({ store }).execute(noting(2, { ...HOLD, body: 2 }));
    calls.length = 0;
    const late = noting(3, { ...HOLD, body: 3, ifSequence: 1 });
    const results = await ledger.executeAll([late, noting(4, { ...HOLD, id: 'h2', body: 4 })]);
    expect(results.map(result => (result.isOk() ? result.value.sequence : result.error.kind))).toEqual([
      'NoteStale',
      3,
    ]);
    expect(calls).toEqual(['load', 'commit']);
  });

  it('tells all but one of those who want the same note at once, and what it has become', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const results = await ledger.executeAll([1, 2, 3].map(id => noting(id, { ...HOLD, body: id, ifSequence: 0 })));
    expect(results.map(result => (result.isOk() ? result.value.sequence : result.error))).toEqual([
      1,
      ...[2, 3].map(() => ({
        kind: 'NoteStale',
        retry: 'after-refresh',
        notes: [{ ...HOLD, expected: 0, actual: 1, path: ['notes', 0, 'ifSequence'] }],
      })),
    ]);
    expect((await ledger.notes({ kind: 'hold' }))._unsafeUnwrap().items).toEqual([{ ...HOLD, body: 1, sequence: 1 }]);
  });

  it('needs one call of the store for a lone command, which the commit proves right', async () => {
    const { store, calls } = listing(createMemoryStore());
    const ledger = createLedger({ store });
    await ledger.execute(noting(1, { ...HOLD, body: 1, ifSequence: 0 }));
    calls.length = 0;
    expect(await kindOf(ledger.execute(noting(2, { ...HOLD, body: 2, ifSequence: 1 })))).toBe(2);
    expect(calls).toEqual(['commit']);
  });

  it('looks again when another process was faster, and only then refuses', async () => {
    const shared = createMemoryStore();
    const { store, calls } = listing(shared);
    const [ledger, other] = [createLedger({ store }), createLedger({ store: shared })];
    await ledger.execute(noting(1, { ...HOLD, body: 1, ifSequence: 0 }));
    await other.execute(noting(2, { ...HOLD, body: 2, ifSequence: 1 }));
    calls.length = 0;
    const refused = (await ledger.execute(noting(3, { ...HOLD, body: 3, ifSequence: 1 })))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ kind: 'NoteStale', notes: [{ expected: 1, actual: 2 }] });
    expect(calls).toEqual(['commit', 'load']);
    expect((await ledger.execute(noting(2, { ...HOLD, body: 2, ifSequence: 1 })))._unsafeUnwrap().replayed).toBe(true);
  });

  it('moves stock and writes notes together, or neither', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.execute(noting(1, { ...HOLD, body: 1 }));
    const lines = [restock('STORE', MUG, 3)];
    const tracking = [startTracking(MUG.productId)];
    const late = { ...noting(2, { ...HOLD, ifSequence: 5 }), lines, tracking };
    expect(await kindOf(ledger.execute(late))).toBe('NoteStale');
    expect((await ledger.balances())._unsafeUnwrap().items).toEqual([]);
    expect(await kindOf(ledger.execute({ ...late, notes: [{ ...HOLD, body: 2, ifSequence: 1 }] }))).toBe(2);
    expect((await ledger.balances())._unsafeUnwrap().items).toHaveLength(2);
    const again = { ...late, id: numberedId(0xd, 3), notes: [{ ...HOLD, ifSequence: 2 }] };
    expect(await kindOf(ledger.execute(again))).toBe(3);
    expect((await ledger.notes({ kind: 'hold' }))._unsafeUnwrap().items[0]?.sequence).toBe(2);
  });

  it('answers a request that was recorded with its receipt, whatever is made of it now', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const request = { hold: 3 };
    const first = { ...noting(1, { ...HOLD, body: 1, ifSequence: 0 }), request };
    await ledger.execute(first);
    const again = { ...noting(1, { ...HOLD, body: 2, ifSequence: 1 }), request };
    expect((await ledger.execute(again))._unsafeUnwrap()).toMatchObject({ sequence: 1, replayed: true });
    expect((await ledger.execute({ ...again, request: { hold: 4 } }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'CommandIdReused',
      differs: [['request', 'hold']],
    });
  });
});

describe('verify of a ledger with notes', () => {
  const damaged = async (change: (page: Page<never>) => Page<never>) => {
    const store = createMemoryStore();
    const ledger = createLedger({ store });
    await ledger.execute(
      noting(1, { ...HOLD, body: 1 }, { ...HOLD, id: 'h10', body: 10 }, { kind: 'count', id: 'c', body: 2 }),
    );
    await ledger.execute(noting(2, { kind: 'count', id: 'c', body: null }));
    const notes: LedgerStore['notes'] = query =>
      store.notes(query).map(page => change(page as Page<never>) as Page<never>);
    const { breaches } = (await createLedger({ store: { ...store, notes } }).verify())._unsafeUnwrap();
    return breaches.map(breach =>
      breach.invariant === 'notesAgree' ? [breach.note.id, breach.folded, breach.stored] : breach,
    );
  };

  it('finds a note that was edited, one that is lost, and one too many', async () => {
    expect(await damaged(page => page)).toEqual([]);
    const edited = (item: object) => ('id' in item && item.id === 'h1' ? { ...item, body: 7 } : item) as never;
    expect(await damaged(page => ({ ...page, items: page.items.map(edited) }))).toEqual([
      ['h1', '{"body":1,"sequence":1}', '{"body":7,"sequence":1}'],
    ]);
    expect(
      await damaged(page => ({ ...page, items: page.items.filter(({ id }: { id: string }) => id !== 'h1') })),
    ).toEqual([['h1', '{"body":1,"sequence":1}', null]]);
    const extra = { kind: 'count', id: 'd', body: 2, sequence: 1 };
    const isCount = (page: Page<{ kind: string }>) => page.items.every(({ kind }) => kind === 'count');
    expect(await damaged(page => (isCount(page) ? { ...page, items: [...page.items, extra as never] } : page))).toEqual(
      [['d', null, '{"body":2,"sequence":1}']],
    );
  });

  it('finds nothing wrong while others write', async () => {
    const store = createMemoryStore();
    const ledger = createLedger({ store });
    let number = 0;
    const write = (id: string, body: number | null) => ledger.execute(noting(++number, { ...HOLD, id, body }));
    await write('a', 1);
    await write('b', 1);
    const slow: LedgerStore['notes'] = query =>
      store.notes({ ...query, limit: 1 }).andThen(page =>
        write('b', null)
          .andThen(() => write('c', 1))
          .andThen(() => write(`d${number}`, 1))
          .map(() => page)
          .mapErr(error => error as never),
      );
    const { breaches } = (await createLedger({ store: { ...store, notes: slow } }).verify())._unsafeUnwrap();
    expect(breaches).toEqual([]);
  });
});
