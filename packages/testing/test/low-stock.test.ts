import {
  createLedger,
  type Ledger,
  type LedgerStore,
  type LowStockCrossing,
  type MovementLineInput,
  restock,
  sale,
  startTracking,
  storeFault,
  tellLowStock,
  transfer,
  watchLowStock,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { stores } from './stores.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };

/** A shop with 12 mugs, which are few below 5. */
async function openShop(store: LedgerStore = createMemoryStore()) {
  const ledger = createLedger({ store });
  const tracking = [startTracking(MUG.productId)];
  const stocking = {
    kind: 'RecordMovements',
    id: ledger.newId(),
    tracking,
    lines: [restock('STORE', MUG, 12)],
  } as const;
  (await ledger.execute(stocking))._unsafeUnwrap();
  await level(ledger, 5);
  return ledger;
}

const move = async (ledger: Ledger, ...lines: readonly MovementLineInput[]) =>
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }))._unsafeUnwrap();

const level = async (ledger: Ledger, units: number | null, variant = MUG) =>
  (
    await ledger.execute({
      kind: 'SetLowStock',
      id: ledger.newId(),
      rules: [{ ...variant, locationId: 'STORE', level: units }],
    })
  )._unsafeUnwrap();

/** What was told, record by record. */
async function toldOf(ledger: Ledger, tell = tellLowStock(ledger)): Promise<readonly unknown[]> {
  const { items } = (await ledger.journal({ limit: 1_000 }))._unsafeUnwrap();
  const told: unknown[] = [];
  for (const record of items) told.push(...(await tell(record))._unsafeUnwrap().map(inShort));
  return told;
}

function inShort({ kind, record, before, onHand, level }: LowStockCrossing) {
  return [record.sequence, kind, before, onHand, level];
}

describe.each(Object.entries(stores))('low stock on the %s store', (_, { create }) => {
  it('is crossed downward by the sale that takes less than the level, and upward by the restock that brings it back', async () => {
    const ledger = await openShop(create());
    await move(ledger, sale('STORE', MUG, 7));
    await move(ledger, sale('STORE', MUG, 1));
    await move(ledger, sale('STORE', MUG, 1));
    await move(ledger, restock('STORE', MUG, 1));
    await move(ledger, restock('STORE', MUG, 1));
    expect(await toldOf(ledger)).toEqual([
      [4, 'StockBecameLow', 5, 4, 5],
      [7, 'StockRecovered', 4, 5, 5],
    ]);
  });

  it('is not crossed by what goes to and fro within a command', async () => {
    const ledger = await openShop(create());
    await move(ledger, sale('STORE', MUG, 10), restock('STORE', MUG, 10));
    expect(await toldOf(ledger)).toEqual([]);
  });

  it('is crossed by a level that is set above what there is, lowered, and taken away', async () => {
    const ledger = await openShop(create());
    await level(ledger, 20);
    await level(ledger, 12);
    await level(ledger, 13);
    await level(ledger, null);
    expect(await toldOf(ledger)).toEqual([
      [3, 'StockBecameLow', 12, 12, 20],
      [4, 'StockRecovered', 12, 12, 12],
      [5, 'StockBecameLow', 12, 12, 13],
      [6, 'StockRecovered', 12, 12, null],
    ]);
  });

  it('is crossed by a level that is set for what was never there', async () => {
    const ledger = await openShop(create());
    await level(ledger, 1, PLATE);
    await move(ledger, restock('STORE', PLATE, 1));
    expect(await toldOf(ledger)).toEqual([
      [3, 'StockBecameLow', 0, 0, 1],
      [4, 'StockRecovered', 0, 1, 1],
    ]);
  });

  it('is that of its own location and variant', async () => {
    const ledger = await openShop(create());
    await move(ledger, restock('STORE', PLATE, 9), transfer('STORE', 'BIN', MUG, 8));
    await move(ledger, sale('STORE', PLATE, 9));
    expect(await toldOf(ledger)).toEqual([[3, 'StockBecameLow', 12, 4, 5]]);
  });

  it('is told in the order of variants, of those that one command crosses', async () => {
    const ledger = await openShop(create());
    await level(ledger, 3, PLATE);
    await move(ledger, restock('STORE', PLATE, 9));
    await move(ledger, sale('STORE', PLATE, 9), sale('STORE', MUG, 9));
    const crossings = (await tellLowStock(ledger)((await lastOf(ledger)) as never))._unsafeUnwrap();
    expect(crossings.map(({ variantId }) => variantId)).toEqual([MUG.variantId, PLATE.variantId]);
  });

  it('is judged by the rules of its time, whoever asks and in whatever order', async () => {
    const ledger = await openShop(create());
    await move(ledger, sale('STORE', MUG, 8));
    await level(ledger, 2);
    await move(ledger, sale('STORE', MUG, 3));
    const { items } = (await ledger.journal())._unsafeUnwrap();
    const inOrder = await toldOf(ledger);
    const tell = tellLowStock(ledger);
    const backwards: unknown[] = [];
    for (const record of items.toReversed()) backwards.unshift(...(await tell(record))._unsafeUnwrap().map(inShort));
    expect(backwards).toEqual(inOrder);
    expect(inOrder).toEqual([
      [3, 'StockBecameLow', 12, 4, 5],
      [4, 'StockRecovered', 4, 4, 2],
      [5, 'StockBecameLow', 4, 1, 2],
    ]);
  });
});

async function lastOf(ledger: Ledger) {
  const { asOf } = (await ledger.journal({ limit: 1 }))._unsafeUnwrap();
  return (await ledger.journal({ after: asOf - 1 }))._unsafeUnwrap().items[0];
}

it('a level that is set where stock has moved meanwhile is judged by what is there then (seed 20251123)', async () => {
  const ledger = await openShop();
  await move(ledger, transfer('STORE', 'BIN', MUG, 1));
  await move(ledger, transfer('STORE', 'BIN', MUG, 1));
  const rules = [{ ...MUG, locationId: 'BIN', level: 2 }];
  (await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules }))._unsafeUnwrap();
  const { items } = (await ledger.journal({ after: 3 }))._unsafeUnwrap();
  const tell = tellLowStock(ledger);
  for (const record of items) expect((await tell(record))._unsafeUnwrap()).toEqual([]);
});

it('the record that was told last is told again the same, and nothing is read for it', async () => {
  const ledger = await openShop();
  await move(ledger, sale('STORE', MUG, 8));
  const record = (await ledger.journal())._unsafeUnwrap().items.at(-1) ?? expect.unreachable();
  const tell = tellLowStock(ledger);
  const first = (await tell(record))._unsafeUnwrap();
  expect(first.map(inShort)).toEqual([[3, 'StockBecameLow', 12, 4, 5]]);
  await ledger.close();
  expect((await tell(record))._unsafeUnwrap()).toEqual(first);
});

describe('rules of the past', () => {
  it('are found behind more than a page of the journal, and behind more than a page of rules', async () => {
    const ledger = await openShop();
    const many = Array.from({ length: 1_000 }, (_, n) => ({
      productId: numberedId(0xe, n),
      variantId: numberedId(0xf, n),
      locationId: 'STORE',
      level: 1,
    }));
    await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules: many });
    for (let n = 0; n < 1_100; n++) await move(ledger, restock('BIN', PLATE, 1));
    await move(ledger, sale('STORE', MUG, 8));
    const low = await lastOf(ledger);
    for (let n = 0; n < 1_100; n++) await move(ledger, restock('BIN', PLATE, 1));
    await level(ledger, 1);
    const told = (await tellLowStock(ledger)(low as never))._unsafeUnwrap();
    expect(told.map(inShort)).toEqual([[1_104, 'StockBecameLow', 12, 4, 5]]);
  });

  it('are none in a journal that gives nothing', async () => {
    const ledger = await openShop();
    await move(ledger, sale('STORE', MUG, 8));
    await level(ledger, 1);
    const { items } = (await ledger.journal())._unsafeUnwrap();
    const journal: Ledger['journal'] = query =>
      ledger.journal(query).map(page => ({ ...page, items: query?.after === 0 ? [] : page.items }));
    expect((await tellLowStock({ ...ledger, journal })(items[2] as never))._unsafeUnwrap()).toEqual([]);
    const empty: Ledger['journal'] = query => ledger.journal(query).map(page => ({ ...page, items: [] }));
    expect((await tellLowStock({ ...ledger, journal: empty })(items[2] as never))._unsafeUnwrap()).toEqual([]);
  });

  it('are none where none had been set', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.execute({
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [startTracking(MUG.productId)],
      lines: [restock('STORE', MUG, 1)],
    });
    const [first] = (await ledger.journal())._unsafeUnwrap().items;
    await level(ledger, 5);
    expect((await tellLowStock(ledger)(first as never))._unsafeUnwrap()).toEqual([]);
  });
});

describe('a ledger that cannot be read', () => {
  const FAULT = storeFault('StoreUnavailable', 'gone');

  it.each(['lowStock', 'journal', 'balances'] as const)('is a fault of who asks what was crossed: %s', async call => {
    const sound = await openShop();
    await move(sound, sale('STORE', MUG, 8));
    await level(sound, 1);
    const { items } = (await sound.journal())._unsafeUnwrap();
    const tell = tellLowStock({ ...sound, [call]: () => errAsync(FAULT) });
    expect((await tell(items[2] as never))._unsafeUnwrapErr()).toEqual(FAULT);
  });

  it('is a fault too where rules are looked for further back', async () => {
    const sound = await openShop();
    await move(sound, sale('STORE', MUG, 8));
    await level(sound, 1);
    const { items } = (await sound.journal())._unsafeUnwrap();
    const journal: Ledger['journal'] = query => (query?.after === 0 ? errAsync(FAULT) : sound.journal(query));
    expect((await tellLowStock({ ...sound, journal })(items[2] as never))._unsafeUnwrapErr()).toEqual(FAULT);
  });

  it('is a fault on the second record as well, and the next attempt goes on', async () => {
    const sound = await openShop();
    await move(sound, sale('STORE', MUG, 8));
    const { items } = (await sound.journal())._unsafeUnwrap();
    let isDown = false;
    const balances: Ledger['balances'] = query => (isDown ? errAsync(FAULT) : sound.balances(query));
    const tell = tellLowStock({ ...sound, balances });
    expect((await tell(items[0] as never))._unsafeUnwrap()).toEqual([]);
    isDown = true;
    expect((await tell(items[1] as never))._unsafeUnwrapErr()).toEqual(FAULT);
    isDown = false;
    expect((await tell(items[1] as never))._unsafeUnwrap()).toEqual([]);
    expect((await tell(items[2] as never))._unsafeUnwrap().map(inShort)).toEqual([[3, 'StockBecameLow', 12, 4, 5]]);
  });
});

describe('a watch for low stock', () => {
  /** Crossings as they come; `next` waits for one. */
  const collect = () => {
    const waiting: ((crossing: LowStockCrossing) => void)[] = [];
    const early: LowStockCrossing[] = [];
    return {
      onCrossing: (crossing: LowStockCrossing) => {
        const take = waiting.shift();
        if (take === undefined) early.push(crossing);
        else take(crossing);
      },
      next: () =>
        new Promise<LowStockCrossing>(resolve => {
          const crossing = early.shift();
          if (crossing === undefined) waiting.push(resolve);
          else resolve(crossing);
        }),
      early,
    };
  };

  it('tells of what is recorded from now on, also through another handle', async () => {
    const store = createMemoryStore();
    const ledger = await openShop(store);
    await move(ledger, sale('STORE', MUG, 8));
    const { onCrossing, next, early } = collect();
    const stop = watchLowStock(ledger, { onCrossing });
    await new Promise<void>(resolve => {
      const end = ledger.watch({ variantIds: [] }, () => {
        end();
        resolve();
      });
    });
    await move(createLedger({ store }), restock('STORE', MUG, 8));
    expect(inShort(await next())).toEqual([4, 'StockRecovered', 4, 12, 5]);
    expect(early).toEqual([]);
    stop();
  });

  it('tells once of what is recorded while it looks', async () => {
    const sound = await openShop();
    let reads = 0;
    const journal: Ledger['journal'] = query => {
      // Fewer are asked for where rules are looked for.
      if (query?.limit === 1_000) reads += 1;
      return new ResultAsync(
        (async () => {
          const page = await sound.journal(query);
          // Two more commits come before the first page is answered, and the watch is told of them.
          if (reads === 1) {
            await move(sound, sale('STORE', MUG, 8));
            await move(sound, restock('STORE', MUG, 8));
            await new Promise(resolve => setImmediate(resolve));
          }
          return page;
        })(),
      );
    };
    const { onCrossing, next, early } = collect();
    const stop = watchLowStock({ ...sound, journal }, { after: 2, onCrossing });
    expect(inShort(await next())).toEqual([3, 'StockBecameLow', 12, 4, 5]);
    expect(inShort(await next())).toEqual([4, 'StockRecovered', 4, 12, 5]);
    expect([reads, early]).toEqual([2, []]);
    stop();
  });

  it('goes on after a sequence, through more than one page, and tells nothing once it is over', async () => {
    const ledger = await openShop();
    for (let n = 0; n < 1_001; n++) await move(ledger, restock('BIN', PLATE, 1));
    await move(ledger, sale('STORE', MUG, 8));
    const { onCrossing, next, early } = collect();
    const stop = watchLowStock(ledger, { after: 2, onCrossing });
    expect((await next()).record.sequence).toBe(1_004);
    stop();
    await move(ledger, restock('STORE', MUG, 8));
    expect(early).toEqual([]);
  });

  it('says what went wrong, tries again, and leaves nothing out', async () => {
    const sound = await openShop();
    await move(sound, sale('STORE', MUG, 8));
    let left = 2;
    const journal: Ledger['journal'] = query =>
      left-- > 0 ? errAsync(storeFault('StoreUnavailable', 'gone')) : sound.journal(query);
    const { onCrossing, next } = collect();
    const faults: string[] = [];
    const delays: number[] = [];
    const stop = watchLowStock(
      { ...sound, journal },
      {
        after: 0,
        onCrossing,
        onFault: ({ kind }) => faults.push(kind),
        retryMs: 7,
        setTimer: (run, ms) => {
          delays.push(ms);
          void Promise.resolve().then(run);
          return () => undefined;
        },
      },
    );
    expect((await next()).record.sequence).toBe(3);
    expect([faults, delays]).toEqual([
      ['StoreUnavailable', 'StoreUnavailable'],
      [7, 7],
    ]);
    stop();
  });

  it('ends in the middle of a record, when it is told to', async () => {
    const ledger = await openShop();
    await level(ledger, 3, PLATE);
    await move(ledger, restock('STORE', PLATE, 9));
    await move(ledger, sale('STORE', PLATE, 9), sale('STORE', MUG, 9));
    const told: string[] = [];
    await new Promise<void>(resolve => {
      const stop = watchLowStock(ledger, {
        after: 4,
        onCrossing: ({ variantId }) => {
          told.push(variantId);
          stop();
          setImmediate(resolve);
        },
      });
    });
    expect(told).toEqual([MUG.variantId]);
  });

  it('passes on what its ledger cannot watch, to whoever wants to know', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const sound = await openShop();
    const blind: Ledger = {
      ...sound,
      watch: (_, listener) => {
        listener({ asOf: 0, balances: [], fault });
        return () => undefined;
      },
    };
    const faults: unknown[] = [];
    watchLowStock(blind, { onCrossing: () => undefined, onFault: met => faults.push(met) })();
    watchLowStock(blind, { onCrossing: () => undefined })();
    expect(faults).toEqual([fault]);
  });

  it('tries again by itself when what a record crossed could not be read', async () => {
    const sound = await openShop();
    await move(sound, sale('STORE', MUG, 8));
    let left = 1;
    const balances: Ledger['balances'] = query =>
      left-- > 0 ? errAsync(storeFault('StoreBusy', 'later')) : sound.balances(query);
    const { onCrossing, next } = collect();
    const stop = watchLowStock({ ...sound, balances }, { after: 2, onCrossing, retryMs: 1 });
    expect((await next()).record.sequence).toBe(3);
    stop();
  });

  it('waits a second before that, and not at all once it is over', async () => {
    const sound = await openShop();
    const delays: number[] = [];
    const watchOn = (journal: Ledger['journal']) =>
      watchLowStock(
        { ...sound, journal },
        {
          after: 0,
          onCrossing: () => undefined,
          setTimer: (_, ms) => {
            delays.push(ms);
            return () => undefined;
          },
        },
      );
    const gone = storeFault('StoreUnavailable', 'gone');
    const failed = (onAsked: (stop: () => void) => void) =>
      new Promise<() => void>(resolve => {
        const stop = watchOn(() => {
          onAsked(stop);
          setImmediate(resolve, stop);
          return errAsync(gone);
        });
      });
    (await failed(() => undefined))();
    await failed(stop => stop());
    expect(delays).toEqual([1_000]);
  });
});
