import {
  type Commit,
  createLedger,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  type RecordMovementsInput,
  restock,
  sale,
  startTracking,
  stopTracking,
  storeFault,
  transfer,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const FLOOR = { floors: { STORE: 0 } };

const stocking = (quantity: number) =>
  ({
    kind: 'RecordMovements',
    id: numberedId(0xd, 0),
    tracking: [startTracking(MUG.productId)],
    lines: [restock('STORE', MUG, quantity)],
  }) as const;
const selling = (number: number, quantity = 1) =>
  ({ kind: 'RecordMovements', id: numberedId(0xd, number), lines: [sale('STORE', MUG, quantity)] }) as const;

/** A store that takes notes of what it is asked. */
function noted(store = createMemoryStore()) {
  const commits: Commit[] = [];
  const notes = { loads: 0, commits };
  const noting: LedgerStore = {
    ...store,
    load: (...keys) => {
      notes.loads += 1;
      return store.load(...keys);
    },
    commit: commit => {
      commits.push(commit);
      return store.commit(commit);
    },
  };
  return { store: noting, notes };
}

const sizesOf = (commits: readonly Commit[]) => commits.map(commit => commit.records.length);

describe('commands that are sent together', () => {
  it('go in one commit, in their order, and each gets its own answer', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store, policy: FLOOR });
    const answers = await ledger.executeAll([stocking(3), selling(1, 2), selling(2, 2), selling(3, 1)]);
    expect(answers.map(answer => (answer.isOk() ? answer.value.sequence : answer.error.kind))).toEqual([
      1,
      2,
      'StockInsufficient',
      3,
    ]);
    expect(sizesOf(notes.commits)).toEqual([3]);
    // The guard speaks of the balance before all of it: 0 was enough, since stock came first.
    expect(notes.commits[0]?.balances.map(({ delta, min }) => [delta, min])).toEqual([
      [-3, undefined],
      [0, 0],
      [3, undefined],
    ]);
  });

  it('are one call of the store for the next group, since its rows are remembered', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store, policy: FLOOR });
    await ledger.execute(stocking(9));
    expect(notes.loads).toBe(1);
    await ledger.executeAll([selling(1), selling(2), selling(3)]);
    await ledger.execute(selling(4));
    expect(notes.loads).toBe(1);
    expect(sizesOf(notes.commits)).toEqual([1, 3, 1]);
  });

  it('are cut into groups of at most so many', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store, groupMax: 2 });
    await ledger.executeAll([stocking(9), selling(1), selling(2), selling(3), selling(4)]);
    expect(sizesOf(notes.commits)).toEqual([2, 2, 1]);
  });

  it('are cut when a group has many lines', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store });
    const long = (number: number) => ({ ...selling(number), lines: Array(1_000).fill(sale('STORE', MUG, 1)) });
    await ledger.executeAll([stocking(9), long(1), long(2), long(3)]);
    expect(sizesOf(notes.commits)).toEqual([3, 1]);
  });

  it('wait for their twin: the second is answered with the receipt of the first', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store });
    const answers = await ledger.executeAll([stocking(9), selling(1), selling(1), selling(1, 2)]);
    expect(answers.map(answer => (answer.isOk() ? answer.value.replayed : answer.error.kind))).toEqual([
      false,
      false,
      true,
      'CommandIdReused',
    ]);
    expect((await ledger.journal())._unsafeUnwrap().items).toHaveLength(2);
    expect(sizesOf(notes.commits)[0]).toBe(2);
  });

  it('are refused when too many wait, and nothing is done with those', async () => {
    const ledger = createLedger({ store: createMemoryStore(), queueMax: 2 });
    const answers = await ledger.executeAll([stocking(9), selling(1), selling(2)]);
    expect(answers.map(answer => answer.isOk())).toEqual([true, true, false]);
    expect(answers[2]?._unsafeUnwrapErr()).toEqual({ kind: 'Overloaded', retry: 'same-command', waiting: 2 });
    expect((await ledger.execute(selling(2))).isOk()).toBe(true);
  });
});

describe('remembered rows', () => {
  it('never refuse a sale that another process has restocked for', async () => {
    const { store, notes } = noted();
    const [one, other] = [createLedger({ store, policy: FLOOR }), createLedger({ store, policy: FLOOR })];
    await one.execute(stocking(1));
    await one.execute(selling(1));
    await other.execute({ kind: 'RecordMovements', id: numberedId(0xd, 50), lines: [restock('STORE', MUG, 5)] });
    // Alone: read again before it is refused. In a group: looked at by the commit of the others.
    expect((await one.execute(selling(2))).isOk()).toBe(true);
    await other.execute({ kind: 'RecordMovements', id: numberedId(0xd, 51), lines: [restock('STORE', MUG, 5)] });
    const answers = await one.executeAll([selling(3, 4), selling(4, 5)]);
    expect(answers.map(answer => answer.isOk())).toEqual([true, true]);
    expect(notes.commits.filter(commit => commit.observe.length > 0)).toHaveLength(1);
  });

  it('replay a command that another process has recorded, when the commit of its group goes stale (seed 20261153)', async () => {
    const { store } = noted();
    const [one, other] = [createLedger({ store, policy: FLOOR }), createLedger({ store, policy: FLOOR })];
    await one.execute(stocking(3));
    const all = selling(1, 3);
    const receipt = (await other.execute(all))._unsafeUnwrap();
    // On what the first process remembers, one mug can be sold and then not three more; but all three are gone.
    const [sold, again] = await one.executeAll([selling(2, 1), all]);
    expect(sold?._unsafeUnwrapErr().kind).toBe('StockInsufficient');
    expect(again?._unsafeUnwrap()).toEqual({ ...receipt, replayed: true });
  });

  it('sell nothing that another process has stopped tracking, whatever was read since', async () => {
    const store = createMemoryStore();
    const [one, other] = [createLedger({ store }), createLedger({ store })];
    await one.execute(stocking(9));
    const record = (ledger: Ledger, number: number, tracking: RecordMovementsInput['tracking']) =>
      ledger.execute({ kind: 'RecordMovements', id: numberedId(0xd, number), tracking });
    await record(other, 1, [stopTracking(MUG.productId)]);
    // The first process reads the configuration as it is now, for another product.
    await record(one, 2, [startTracking(numberedId(0xb, 2))]);
    expect((await one.execute(selling(3)))._unsafeUnwrapErr()).toMatchObject({ kind: 'ProductNotTracked' });
  });

  it('are read before a group sells what this process has not met, so that no commit is made in vain', async () => {
    const { store, notes } = noted();
    const other = createLedger({ store, policy: FLOOR });
    const bowl = { ...MUG, variantId: numberedId(0xc, 2) };
    await other.execute({ ...stocking(9), lines: [restock('STORE', MUG, 9), restock('STORE', bowl, 1)] });
    const ledger = createLedger({ store });
    await ledger.execute(selling(1));
    const [loads, commits] = [notes.loads, notes.commits.length];
    const sellingBowls = { ...selling(3), lines: [sale('STORE', bowl, 2)] };
    const answers = await ledger.executeAll([selling(2), sellingBowls]);
    expect(answers.map(answer => answer.isOk())).toEqual([true, false]);
    expect([notes.loads - loads, notes.commits.length - commits]).toEqual([1, 1]);
  });

  it('are forgotten after a fault: the store that comes back may be an older copy', async () => {
    const [lost, restored] = [createMemoryStore(), createMemoryStore()];
    const bowl = { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 2) };
    const older = { tracking: [startTracking(bowl.productId)], lines: [restock('STORE', bowl, 9)] };
    await createLedger({ store: restored }).execute({ ...stocking(9), ...older });
    let store: LedgerStore = lost;
    const gone = () => {
      store = restored;
      return errAsync(storeFault('StoreUnavailable', 'the server is restarted'));
    };
    const ledger = createLedger({
      store: { ...lost, load: (...keys) => store.load(...keys), commit: commit => store.commit(commit) },
    });
    await ledger.execute(stocking(9));
    store = { ...lost, commit: gone };
    expect((await ledger.execute(selling(1)))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreUnavailable' });
    expect((await ledger.execute(selling(1)))._unsafeUnwrapErr()).toMatchObject({ kind: 'ProductNotTracked' });
  });

  it('are forgotten when there are too many of them', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store });
    const variants = (group: number) =>
      Array.from({ length: 1_000 }, (_, index) => ({ ...MUG, variantId: numberedId(0xc, 1 + group * 1_000 + index) }));
    await ledger.execute(stocking(1));
    for (let group = 0; group < 51; group++)
      await ledger.execute({
        kind: 'RecordMovements',
        id: numberedId(0xd, 100 + group),
        lines: variants(group).map(variant => restock('STORE', variant, 1)),
      });
    expect(notes.loads).toBeGreaterThan(1);
    expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 52 });
  });
});

describe('a product that this process has not met', () => {
  const PLATE = { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 2) };
  const stockingBoth = {
    ...stocking(9),
    tracking: [startTracking(MUG.productId), startTracking(PLATE.productId)],
    lines: [restock('STORE', MUG, 9), restock('STORE', PLATE, 9)],
  };
  const sellingPlate = { ...selling(2), lines: [sale('STORE', PLATE, 1)] };

  it('is taken to be tracked by a lone command, which is one call of the store then', async () => {
    const { store, notes } = noted();
    await createLedger({ store, policy: FLOOR }).execute(stockingBoth);
    const ledger = createLedger({ store, policy: FLOOR });
    await ledger.execute(selling(1));
    const loads = notes.loads;
    expect((await ledger.execute(sellingPlate)).isOk()).toBe(true);
    expect((await ledger.execute({ ...sellingPlate, id: numberedId(0xd, 3) })).isOk()).toBe(true);
    expect(notes.loads).toBe(loads);
    expect(notes.commits.slice(-2).map(({ assumed }) => assumed)).toEqual([[PLATE.productId], []]);
  });

  it('is looked up when it is not tracked after all, and the command refused', async () => {
    const { store } = noted();
    await createLedger({ store, policy: FLOOR }).execute(stocking(9));
    const ledger = createLedger({ store, policy: FLOOR });
    await ledger.execute(selling(1));
    const sold = await ledger.execute(sellingPlate);
    expect(sold._unsafeUnwrapErr()).toMatchObject({ kind: 'ProductNotTracked' });
    expect((await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand).toBe(8);
  });

  it('is still to be proved when its balance was not enough at first', async () => {
    const { store, notes } = noted();
    await createLedger({ store, policy: FLOOR }).execute(stockingBoth);
    const ledger = createLedger({ store, policy: FLOOR });
    await ledger.execute(selling(1));
    const tooMany = await ledger.execute({ ...sellingPlate, lines: [sale('STORE', PLATE, 10)] });
    expect(tooMany._unsafeUnwrapErr()).toMatchObject({ kind: 'StockInsufficient' });
    expect((await ledger.execute(sellingPlate)).isOk()).toBe(true);
    expect(notes.commits.at(-1)?.assumed).toEqual([PLATE.productId]);
  });
});

describe('a refused command', () => {
  const BOWL = { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 2) };
  const record = (number: number, ...lines: readonly MovementLineInput[]) =>
    ({ kind: 'RecordMovements', id: numberedId(0xd, number), lines }) as const;
  const kinds = (answers: Awaited<ReturnType<Ledger['executeAll']>>) =>
    answers.map(answer => (answer.isOk() ? 'ok' : answer.error.kind));

  it('that names a wrong product leaves the others of its group alone', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const both = { ...stocking(9), tracking: [MUG, BOWL].map(({ productId }) => startTracking(productId)) };
    await ledger.executeAll([both, record(1, restock('STORE', BOWL, 9))]);
    const wrong = sale('STORE', { ...BOWL, productId: MUG.productId }, 1);
    const answers = await ledger.executeAll([record(2, sale('STORE', MUG, 1)), record(3, wrong)]);
    expect(kinds(answers)).toEqual(['ok', 'VariantOfOtherProduct']);
    expect(
      kinds(await ledger.executeAll([record(4, sale('STORE', MUG, 1)), record(5, sale('STORE', BOWL, 1))])),
    ).toEqual(['ok', 'ok']);
  });

  it('settles no product for a variant that never moved', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.execute(stocking(9));
    const untracked = restock('STORE', BOWL, 1);
    expect(kinds(await ledger.executeAll([record(1, sale('STORE', MUG, 1)), record(2, untracked)]))).toEqual([
      'ok',
      'ProductNotTracked',
    ]);
    const right = restock('STORE', { ...BOWL, productId: MUG.productId }, 1);
    expect(kinds(await ledger.executeAll([record(3, sale('STORE', MUG, 1)), record(4, right)]))).toEqual(['ok', 'ok']);
  });

  it('is not refused on a number that nobody has read', async () => {
    const store = createMemoryStore();
    const lenient = createLedger({ store });
    await lenient.executeAll([stocking(1), record(1, restock('STORE', { ...MUG, variantId: BOWL.variantId }, 100))]);
    const strict = createLedger({ store, policy: FLOOR });
    expect((await strict.execute(record(2, sale('STORE', MUG, 5)))).isErr()).toBe(true);
    const large = (number: number, quantity: number) =>
      record(number, sale('STORE', { ...MUG, variantId: BOWL.variantId }, quantity));
    expect(kinds(await strict.executeAll([large(3, 5), large(4, 3)]))).toEqual(['ok', 'ok']);
  });

  it('costs no look at a balance that no rule asks for', async () => {
    const { store, notes } = noted();
    const ledger = createLedger({ store, policy: FLOOR });
    await ledger.execute(stocking(9));
    const other = createLedger({ store });
    // It has met the bin, but no mug in there.
    await other.execute(record(1, sale('STORE', MUG, 1), restock('BIN', { ...MUG, variantId: BOWL.variantId }, 1)));
    const { loads } = notes;
    const discarding = record(2, transfer('STORE', 'BIN', MUG, 9));
    expect(kinds(await other.executeAll([selling(3), discarding]))).toEqual(['ok', 'StockInsufficient']);
    expect(notes.loads).toBe(loads);
  });

  it('keeps its place: those behind a twin wait with it', async () => {
    const ledger = createLedger({ store: createMemoryStore(), policy: FLOOR });
    await ledger.execute(stocking(1));
    const answers = await ledger.executeAll([selling(1, 5), record(1, restock('STORE', MUG, 5)), selling(2, 5)]);
    expect(kinds(answers)).toEqual(['StockInsufficient', 'ok', 'ok']);
  });
});

describe('a store that breaks its word', () => {
  it('and never answers is given up, and those behind it go on', async () => {
    const store = createMemoryStore();
    let hangs = false;
    const hanging = {
      ...store,
      commit: (commit: Commit) => (hangs ? (new Promise(() => undefined) as never) : store.commit(commit)),
    };
    const ledger = createLedger({ store: hanging, storeTimeoutMs: 20 });
    await ledger.execute(stocking(9));
    hangs = true;
    const lost = ledger.execute(selling(1));
    expect((await lost)._unsafeUnwrapErr()).toMatchObject({ kind: 'OutcomeUnknown', retry: 'same-command' });
    hangs = false;
    expect((await ledger.execute(selling(1))).isOk()).toBe(true);
  });

  it('and cannot even be read in time has done nothing', async () => {
    const hanging = { ...createMemoryStore(), load: () => new Promise(() => undefined) as never };
    const ledger = createLedger({ store: hanging, storeTimeoutMs: 20 });
    expect((await ledger.execute(stocking(1)))._unsafeUnwrapErr().kind).toBe('StoreUnavailable');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a bug')) as never],
  ])('and %s tells those who wait, and the next ones are tried', async (_, commit) => {
    const store = createMemoryStore();
    let isBroken = true;
    const broken = { ...store, commit: (planned: Commit) => (isBroken ? commit() : store.commit(planned)) };
    const ledger = createLedger({ store: broken as LedgerStore });
    await expect(ledger.execute(stocking(9))).rejects.toThrow('a bug');
    isBroken = false;
    expect((await ledger.execute(stocking(9))).isOk()).toBe(true);
  });
});
