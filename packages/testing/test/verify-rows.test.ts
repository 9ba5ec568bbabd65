import {
  type Census,
  createLedger,
  type Ledger,
  type LedgerStore,
  type LowStockRule,
  type ProductId,
  restock,
  startTracking,
  storeFault,
  type Upkeep,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

/** Sets when stock of a number of variants is low. */
async function setLowStock(ledger: Ledger, variants: number, level: number | null): Promise<void> {
  for (let start = 1; start <= variants; start += 1_000) {
    const length = Math.min(1_000, variants - start + 1);
    const rules = Array.from({ length }, (_, index) => ({
      productId: MUG.productId,
      variantId: numberedId(0xc, start + index),
      locationId: 'STORE',
      level,
    }));
    (await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules }))._unsafeUnwrap();
  }
}

/** What `verify` finds on a store with one mug and two low-stock rules, one of which was taken away again. */
async function found(damage: (store: LedgerStore) => Partial<LedgerStore>) {
  const store = createMemoryStore();
  const ledger = createLedger({ store });
  const tracking = [startTracking(MUG.productId)];
  const lines = [restock('STORE', MUG, 3)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
  await setLowStock(ledger, 2, 5);
  const rule = { ...MUG, variantId: numberedId(0xc, 2), locationId: 'STORE', level: null };
  (await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules: [rule] }))._unsafeUnwrap();
  return (await createLedger({ store: { ...store, ...damage(store) } }).verify()).map(({ breaches }) => breaches);
}

const rules =
  (change: (items: readonly LowStockRule[]) => readonly LowStockRule[]) =>
  (store: LedgerStore): Partial<LedgerStore> => ({
    lowStock: query => store.lowStock(query).map(page => ({ ...page, items: change(page.items) })),
  });

const RULE = `{"alert":false,"level":5,"locationId":"00000000-0000-8100-8000-000000000001","productId":"${MUG.productId}","variantId":"${MUG.variantId}"}`;

describe('verify finds of low-stock rules', () => {
  it('nothing where they are as the journal says', async () => {
    expect((await found(() => ({})))._unsafeUnwrap()).toEqual([]);
  });

  it.each<[string, (items: readonly LowStockRule[]) => readonly LowStockRule[], (string | null)[]]>([
    ['one that was edited', items => items.map(item => ({ ...item, level: 4 })), [RULE, RULE.replace('5', '4')]],
    ['one that is gone', () => [], [RULE, null]],
    [
      'one too many',
      items => [...items, ...items.map(item => ({ ...item, variantId: numberedId(0xc, 2) }))],
      [null, RULE.replace(MUG.variantId, numberedId(0xc, 2))],
    ],
  ])('%s', async (_, change, expected) => {
    const breaches = (await found(rules(change)))._unsafeUnwrap();
    expect(
      breaches.map(breach => breach.invariant === 'configAgrees' && [breach.what, breach.folded, breach.stored]),
    ).toEqual([['low-stock rule', ...expected]]);
  });

  it('nothing in those that are set while they are compared, page by page', async () => {
    const inner = createMemoryStore();
    const writer = createLedger({ store: inner });
    await setLowStock(writer, 1_001, 5);
    let reads = 0;
    const busy: LedgerStore = {
      ...inner,
      lowStock: query => {
        reads += 1;
        const before = reads === 1 ? setLowStock(writer, 1, 6) : Promise.resolve();
        // The page is read before somebody sets what is on it.
        return inner.lowStock(query).andThen(page => ResultAsync.fromSafePromise(before).map(() => page));
      },
    };
    expect((await createLedger({ store: busy }).verify())._unsafeUnwrap().breaches).toEqual([]);
    expect(reads).toBe(4);
  });

  it('what differs in a store that never comes to rest', async () => {
    let version = 0;
    const restless = (store: LedgerStore): Partial<LedgerStore> => ({
      ...rules(() => [])(store),
      load: (...question) =>
        store.load(...question).map(loaded => ({ ...loaded, slice: { ...loaded.slice, configVersion: version++ } })),
    });
    expect((await found(restless))._unsafeUnwrap()).toMatchObject([{ what: 'low-stock rule', stored: null }]);
  });

  it('the fault with which they cannot be read', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    expect((await found(() => ({ lowStock: () => errAsync(fault) })))._unsafeUnwrapErr()).toEqual(fault);
  });
});

describe('verify finds of tracking', () => {
  it('a product that no record has started to track', async () => {
    const stray = numberedId(0xb, 9) as ProductId;
    const breaches = await found(store => ({
      trackedProducts: query =>
        store.trackedProducts(query).map(page => {
          // In two pages: the second one begins after the stray one.
          if (query.cursor === undefined) return { ...page, items: [...page.items, stray], next: stray };
          return page;
        }),
      load: (organizationId, keys, ids) =>
        store.load(organizationId, keys, ids).map(loaded => {
          const tracked = new Set([...loaded.slice.tracked, ...keys.products.filter(id => id === stray)]);
          return { ...loaded, slice: { ...loaded.slice, tracked } };
        }),
    }));
    expect(breaches._unsafeUnwrap()).toEqual([
      { invariant: 'configAgrees', what: 'tracking', id: stray, folded: 'false', stored: 'true' },
    ]);
  });

  it('the fault with which tracked products cannot be read', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    expect((await found(() => ({ trackedProducts: () => errAsync(fault) })))._unsafeUnwrapErr()).toEqual(fault);
  });
});

const WHOLE: Census['rows'] = {
  record: 3,
  balance: 2,
  posting: 2,
  variant: 1,
  location: 4,
  'tracked product': 1,
  'low-stock rule': 1,
  note: 0,
};
const census = (asOf: number | null, rows: Census['rows']) => () => upkeep(() => okAsync({ asOf, rows }));

function upkeep(count: Upkeep['census']): Pick<LedgerStore, 'upkeep'> {
  return { upkeep: { census: count, mendHead: () => okAsync(undefined), mend: () => okAsync('mended') } };
}

describe('verify finds by counting rows', () => {
  it('nothing where there are as many as the journal comes to', async () => {
    expect((await found(census(3, WHOLE)))._unsafeUnwrap()).toEqual([]);
  });

  it('nothing where a record has come in between: they are counted with it', async () => {
    const counting = (store: LedgerStore): Partial<LedgerStore> =>
      upkeep(() =>
        createLedger({ store })
          .execute({ kind: 'RecordMovements', id: numberedId(0xd, 9), lines: [restock('STORE', MUG, 1)] })
          .map(({ sequence }) => ({ asOf: sequence, rows: { ...WHOLE, record: 4, posting: 4 } }))
          .mapErr(() => storeFault('StoreFailed', 'write')),
      );
    expect((await found(counting))._unsafeUnwrap()).toEqual([]);
  });

  it('rows that no read shows', async () => {
    expect((await found(census(3, { ...WHOLE, note: 1 })))._unsafeUnwrap()).toEqual([
      { invariant: 'countsAgree', what: 'note', folded: 0, stored: 1 },
    ]);
  });

  it('the rows of an organization without a head, which looks empty', async () => {
    const store = createMemoryStore();
    const verify = async (rows: Census['rows']) => {
      const ledger = createLedger({ store: { ...store, ...census(null, rows)() } });
      return (await ledger.verify())._unsafeUnwrap().breaches;
    };
    expect(await verify(WHOLE)).toEqual([{ invariant: 'countsAgree', what: 'head', folded: 1, stored: 0 }]);
    expect(await verify({})).toEqual([]);
  });

  it('the fault with which they cannot be counted', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    expect((await found(() => upkeep(() => errAsync(fault))))._unsafeUnwrapErr()).toEqual(fault);
  });
});
