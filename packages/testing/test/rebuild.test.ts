import {
  type Breach,
  createLedger,
  type LedgerStore,
  type Mended,
  type Repair,
  rebuild,
  restock,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { errAsync, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { laws } from '../src/index.ts';
import { numberedId } from '../src/simulation/world.ts';
import { hold } from './seed.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

/** A store with 3 mugs, whose balances are read as one more until `mend` was called so many times. */
async function damaged(mends: readonly Mended[]): Promise<Readonly<{ store: LedgerStore; repairs: Repair[] }>> {
  const inner = createMemoryStore();
  const ledger = createLedger({ store: inner });
  const tracking = [startTracking(MUG.productId)];
  const lines = [restock('STORE', MUG, 3)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
  const repairs: Repair[] = [];
  const store: LedgerStore = {
    ...inner,
    balances: query =>
      inner.balances(query).map(page => {
        const off = repairs.length < mends.length ? 1 : 0;
        return { ...page, items: page.items.map(item => ({ ...item, onHand: item.onHand + off })) };
      }),
    upkeep: {
      census: () => okAsync({ asOf: 1, rows: {} }),
      mendHead: () => okAsync(undefined),
      mend: repair => {
        repairs.push(repair);
        return okAsync(mends[repairs.length - 1] ?? 'mended');
      },
    },
  };
  return { store, repairs };
}

const kindsOf = (breaches: readonly Breach[]) => [...new Set(breaches.map(breach => breach.invariant))];

describe('a rebuild', () => {
  it('writes nothing where nothing is wrong', async () => {
    const { store, repairs } = await damaged([]);
    expect((await rebuild({ store }))._unsafeUnwrap()).toEqual({ found: [], fault: null, left: [] });
    expect(repairs).toEqual([]);
  });

  it('writes over what differs from the journal, with its whole past', async () => {
    const { store, repairs } = await damaged(['mended']);
    const { found, left } = (await rebuild({ store }))._unsafeUnwrap();
    expect({ found: kindsOf(found), left }).toEqual({ found: ['matchesJournal', 'conserves'], left: [] });
    expect(repairs).toMatchObject([
      {
        sequence: 1,
        policy: undefined,
        locations: [],
        tracking: [],
        lowStock: [],
        notes: [],
        variants: [
          {
            ...MUG,
            postings: [
              { sequence: 1, delta: -3, onHand: -3 },
              { sequence: 1, delta: 3, onHand: 3 },
            ],
          },
        ],
      },
    ]);
  });

  it('looks again where somebody has written meanwhile', async () => {
    const { store, repairs } = await damaged(['stale', 'mended']);
    expect((await rebuild({ store }))._unsafeUnwrap().left).toEqual([]);
    expect(repairs).toHaveLength(2);
  });

  it('ends where what it has written over is still the same', async () => {
    const { store, repairs } = await damaged(['mended', 'mended']);
    expect(kindsOf((await rebuild({ store }))._unsafeUnwrap().left)).toEqual(['matchesJournal', 'conserves']);
    expect(repairs).toHaveLength(1);
  });

  it('is refused by a store that mends nothing', async () => {
    const error = (await rebuild({ store: createMemoryStore() }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'StoreFailed', message: expect.stringContaining('import its journal') });
  });

  it('gives the fault of a store that cannot be reached, of one whose journal cannot be read, and of one that cannot mend', async () => {
    const { store } = await damaged(['mended']);
    const fault = (kind: 'StoreUnavailable' | 'StoreFailed') => storeFault(kind, 'gone');
    const on = async (change: Partial<LedgerStore>) =>
      (await rebuild({ store: { ...store, ...change } }))._unsafeUnwrapErr();
    expect(await on({ balances: () => errAsync(fault('StoreUnavailable')) })).toEqual(fault('StoreUnavailable'));
    expect(await on({ journal: () => errAsync(fault('StoreFailed')) })).toEqual(fault('StoreFailed'));
    // Of a journal with a hole nothing is made, also where something else cannot be read.
    const balances = () => errAsync(fault('StoreFailed'));
    const missing = expect.objectContaining({ message: expect.stringContaining('records are missing') });
    expect(await on({ balances, journal: () => okAsync({ items: [], next: null, asOf: 1 }) })).toEqual(missing);
    const journal: LedgerStore['journal'] = query =>
      store.journal(query).map(page => ({ ...page, items: page.items.map(item => ({ ...item, sequence: 2 })) }));
    expect(await on({ balances, journal })).toEqual(missing);
    const upkeep = { ...store.upkeep, mend: () => errAsync(fault('StoreUnavailable')) } as LedgerStore['upkeep'];
    expect(await on({ upkeep })).toEqual(fault('StoreUnavailable'));
  });
});

describe('a rebuild on SQLite', () => {
  const openStore = () => createSqliteStore({ path: ':memory:' });

  it('for any history and any damage, puts right what the journal says', () => hold(laws.rebuildsWhole(openStore), 60));

  it('writes all settings over where one of them cannot be read', async () => {
    const store = createSqliteStore({ path: ':memory:' });
    const ledger = createLedger({ store, policy: { floors: { STORE: 0 } } });
    const kind = 'RecordMovements' as const;
    const record = (command: object) => ledger.execute({ kind, id: ledger.newId(), ...command });
    const rules = [1, 2].map(number => ({
      ...MUG,
      variantId: numberedId(0xc, number),
      locationId: 'STORE',
      level: number,
    }));
    await record({ tracking: [startTracking(MUG.productId)], notes: [{ kind: 'told', id: 'a', body: 1 }] });
    await record({ notes: [{ kind: 'told', id: 'b', body: 1 }] });
    await record({ notes: [{ kind: 'told', id: 'b', body: null }] });
    await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules });
    await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules: [{ ...rules[0], level: null } as never] });
    const settings: Repair[] = [];
    let mends = 0;
    const broken: LedgerStore = {
      ...store,
      notes: query => (mends < 2 ? errAsync(storeFault('StoreFailed', 'a note is damaged')) : store.notes(query)),
      upkeep: {
        ...(store.upkeep as Exclude<LedgerStore['upkeep'], undefined>),
        mend: repair => {
          mends += 1;
          settings.push(repair);
          // The first time somebody is faster.
          return mends === 1 ? okAsync('stale') : (store.upkeep?.mend(repair) ?? okAsync('stale'));
        },
      },
    };
    const rebuilt = (await rebuild({ store: broken }))._unsafeUnwrap();
    expect(rebuilt).toMatchObject({ found: [], fault: { message: 'a note is damaged' }, left: [] });
    const [, repair] = settings;
    expect(repair?.locations).toHaveLength(4);
    expect(repair).toMatchObject({
      policy: { floors: { STORE: 0 } },
      tracking: [{ productId: MUG.productId, tracked: true }],
      lowStock: [
        { variantId: MUG.variantId, level: null, alert: false },
        { variantId: numberedId(0xc, 2), level: 2 },
      ],
      notes: [
        { kind: 'told', id: 'a', state: { body: 1, sequence: 1 } },
        { kind: 'told', id: 'b', state: null },
      ],
      variants: [],
    });
    await store.close();
  });
});
