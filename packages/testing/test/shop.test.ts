import {
  createLedger,
  expecting,
  type Ledger,
  type LedgerOptions,
  type LedgerStore,
  type MovementLineInput,
  type PolicyInput,
  type RecordMovementsInput,
  restock,
  sale,
  startTracking,
  stopTracking,
} from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { tearsCommits } from './mutants/torn-commits.ts';
import { stores } from './stores.ts';

const MUG = { productId: '00000000-0000-4000-8000-000000000010', variantId: '00000000-0000-4000-8000-000000000011' };
const PLATE = { productId: '00000000-0000-4000-8000-000000000020', variantId: '00000000-0000-4000-8000-000000000021' };
const FLOORED = { policy: { floors: { STORE: 0 } } };
const TRACKING = [startTracking(MUG.productId), startTracking(PLATE.productId)];

function commandOf(ledger: Ledger, ...lines: readonly MovementLineInput[]): RecordMovementsInput {
  return { kind: 'RecordMovements', id: ledger.newId(), lines };
}

/** A ledger with so many mugs on the shelf. */
async function shopWith(store: LedgerStore, mugs: number, options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  const ledger = createLedger({ store, clock: () => 5_000, ...options });
  const stocking = { ...commandOf(ledger, restock('STORE', MUG, mugs)), tracking: TRACKING };
  expect((await ledger.execute(stocking)).isOk()).toBe(true);
  return ledger;
}

async function onShelf(ledger: Ledger, asOf?: number): Promise<number> {
  return (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId, asOf }))._unsafeUnwrap().onHand;
}

/** The kind of the refusal of some lines. */
async function refusalOf(ledger: Ledger, ...lines: readonly MovementLineInput[]): Promise<string> {
  return (await ledger.execute(commandOf(ledger, ...lines)))._unsafeUnwrapErr().kind;
}

describe.each(Object.entries(stores))('a shop on the %s store', (_, { create }) => {
  it('sells 20 mugs to 50 sellers at once, and refuses 30 with what was left', async () => {
    const ledger = await shopWith(create(), 20, FLOORED);
    const sales = Array.from({ length: 50 }, () => commandOf(ledger, sale('STORE', MUG, 1)));
    const answers = await Promise.all(sales.map(command => ledger.execute(command)));
    const shortage = { kind: 'StockInsufficient', shortages: [{ onHand: 0, requested: 1, floor: 0 }] };
    const refused = answers.filter(answer => answer.isErr());
    expect(refused).toHaveLength(30);
    for (const answer of refused) expect(answer._unsafeUnwrapErr()).toMatchObject(shortage);
    expect(await onShelf(ledger)).toBe(0);
    expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 21, breaches: [] });
  });

  it('serves whom it can: a large sale is refused, the small one after it is not', async () => {
    const ledger = await shopWith(create(), 3, FLOORED);
    const answers = await ledger.executeAll([4, 2, 2, 1].map(size => commandOf(ledger, sale('STORE', MUG, size))));
    expect(answers.map(answer => answer.isOk())).toEqual([false, true, false, true]);
  });

  it('records all lines of a command or none', async () => {
    const ledger = await shopWith(create(), 3, FLOORED);
    expect(await refusalOf(ledger, sale('STORE', MUG, 1), sale('STORE', PLATE, 1))).toBe('StockInsufficient');
    expect(await onShelf(ledger)).toBe(3);
  });

  it('gives the first receipt again to a command that is sent again', async () => {
    const store = create();
    const ledger = await shopWith(store, 1, FLOORED);
    const command = commandOf(ledger, sale('STORE', MUG, 1));
    const first = (await ledger.execute(command))._unsafeUnwrap();
    const { durability } = store;
    expect(first).toEqual({ commandId: command.id, sequence: 2, recordedAt: 5_000, replayed: false, durability });
    const later = createLedger({ store, clock: () => 9_000 });
    for (const handle of [ledger, later])
      expect((await handle.execute(structuredClone(command)))._unsafeUnwrap()).toEqual({ ...first, replayed: true });
    expect(await onShelf(ledger)).toBe(0);
  });

  it('refuses another command with the same id, and says where it differs', async () => {
    const ledger = await shopWith(create(), 9);
    const command = commandOf(ledger, sale('STORE', MUG, 1));
    await ledger.execute(command);
    const other = { ...command, lines: [sale('STORE', MUG, 2)] };
    const differs = [['lines', 0, 'quantity']];
    const refusal = { kind: 'CommandIdReused', retry: 'never', commandId: command.id, differs };
    expect((await ledger.execute(other))._unsafeUnwrapErr()).toEqual(refusal);
    expect(await onShelf(ledger)).toBe(8);
  });

  it('decides a refused command afresh when it is sent again', async () => {
    const ledger = await shopWith(create(), 1, FLOORED);
    const command = commandOf(ledger, sale('STORE', MUG, 2));
    expect((await ledger.execute(command))._unsafeUnwrapErr().kind).toBe('StockInsufficient');
    await ledger.execute(commandOf(ledger, restock('STORE', MUG, 1)));
    expect((await ledger.execute(command))._unsafeUnwrap()).toMatchObject({ sequence: 3, replayed: false });
  });

  it('refuses stock of a variant as another product, and after tracking has stopped', async () => {
    const ledger = await shopWith(create(), 5);
    const stolen = { ...MUG, productId: PLATE.productId };
    expect(await refusalOf(ledger, sale('STORE', stolen, 1))).toBe('VariantOfOtherProduct');
    const tracking = [stopTracking(MUG.productId)];
    expect((await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking })).isOk()).toBe(true);
    expect(await refusalOf(ledger, sale('STORE', MUG, 1))).toBe('ProductNotTracked');
    expect(await onShelf(ledger)).toBe(5);
  });

  it('knows what was on the shelf as of each sequence', async () => {
    const ledger = await shopWith(create(), 5);
    await ledger.executeAll([2, 1].map(size => commandOf(ledger, sale('STORE', MUG, size))));
    expect(await Promise.all([0, 1, 2, 3, 99].map(asOf => onShelf(ledger, asOf)))).toEqual([0, 5, 3, 2, 2]);
  });

  it('takes what a command was when it was given, not what became of the object', async () => {
    const ledger = await shopWith(create(), 5);
    const lines = [sale('STORE', MUG, 1)];
    const running = ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines });
    lines.push(sale('STORE', MUG, 3));
    expect((await running).isOk()).toBe(true);
    expect(await onShelf(ledger)).toBe(4);
  });
});

describe.each(Object.entries(stores))('compare and set on the %s store', (_, { create }) => {
  const sellingAt = (ledger: Ledger, onHand: number): RecordMovementsInput => ({
    ...commandOf(ledger, sale('STORE', MUG, 1)),
    expect: [expecting('STORE', MUG, onHand)],
  });

  it('lets one of many who have seen the same balance through', async () => {
    const store = create();
    const one = await shopWith(store, 5);
    const handles = [one, one, one, createLedger({ store }), createLedger({ store })];
    const answers = await Promise.all(handles.map(ledger => ledger.execute(sellingAt(ledger, 5))));
    const refused = answers.flatMap(answer => (answer.isErr() ? [answer.error] : []));
    expect(refused).toHaveLength(4);
    for (const error of refused)
      expect(error).toMatchObject({ kind: 'BalanceStale', balances: [{ expected: 5, actual: 4 }] });
    expect(await onShelf(one)).toBe(4);
  });

  it('lets those through who each saw what the one before left', async () => {
    const ledger = await shopWith(create(), 5);
    const answers = await ledger.executeAll([5, 4, 4, 3].map(onHand => sellingAt(ledger, onHand)));
    expect(answers.map(answer => answer.isOk())).toEqual([true, true, false, true]);
    expect(await onShelf(ledger)).toBe(2);
  });

  it('goes by the balance as it is, not as this handle remembers it', async () => {
    const store = create();
    const ledger = await shopWith(store, 5);
    await createLedger({ store }).execute(commandOf(ledger, restock('STORE', MUG, 2)));
    const stale = (await ledger.execute(sellingAt(ledger, 5)))._unsafeUnwrapErr();
    expect(stale).toMatchObject({ kind: 'BalanceStale', retry: 'after-refresh', balances: [{ actual: 7 }] });
    expect((await createLedger({ store }).execute(sellingAt(ledger, 7))).isOk()).toBe(true);
  });

  it('holds for stock that never moved, and moves nothing of what is only expected', async () => {
    const ledger = await shopWith(create(), 5);
    const command = { ...commandOf(ledger, sale('STORE', MUG, 1)), expect: [expecting('STORE', PLATE, 0)] };
    expect((await ledger.execute(command)).isOk()).toBe(true);
    expect((await ledger.balances({ variantIds: [PLATE.variantId] }))._unsafeUnwrap().items).toEqual([]);
    const other = { ...commandOf(ledger, sale('STORE', MUG, 1)), expect: [expecting('STORE', PLATE, 1)] };
    expect((await ledger.execute(other))._unsafeUnwrapErr().kind).toBe('BalanceStale');
    expect(await onShelf(ledger)).toBe(4);
  });

  it('looks at balances and places that nothing of the command moves', async () => {
    const store = create();
    const ledger = await shopWith(store, 5);
    await ledger.execute(commandOf(ledger, restock('BIN', PLATE, 3)));
    for (const handle of [createLedger({ store }), ledger]) {
      const command = { ...commandOf(ledger, sale('STORE', MUG, 1)), expect: [expecting('BIN', PLATE, 3)] };
      expect((await handle.execute(command)).isOk()).toBe(true);
      const other = { ...commandOf(ledger, sale('STORE', MUG, 1)), expect: [expecting('BIN', PLATE, 0)] };
      expect((await handle.execute(other))._unsafeUnwrapErr()).toMatchObject({ balances: [{ actual: 3 }] });
    }
  });

  it('is a condition of the first time: the command sent again is answered with its receipt', async () => {
    const ledger = await shopWith(create(), 5);
    const command = sellingAt(ledger, 5);
    const first = (await ledger.execute(command))._unsafeUnwrap();
    expect((await ledger.execute(command))._unsafeUnwrap()).toEqual({ ...first, replayed: true });
  });
});

describe.each(Object.entries(stores))('floors on the %s store', (_, { create }) => {
  const BRANCH = { id: '00000000-0000-4000-8000-000000000030', type: 'STORE', name: 'Branch' } as const;

  /** A shop with a branch, and so many mugs at each. */
  async function twoShops(mugs: number, atBranch: number, policy: PolicyInput): Promise<Ledger> {
    const ledger = await shopWith(create(), mugs);
    await ledger.execute({ kind: 'OpenLocation', id: ledger.newId(), location: BRANCH });
    const line = atBranch < 0 ? sale(BRANCH.id, MUG, -atBranch) : restock(BRANCH.id, MUG, atBranch);
    expect((await ledger.execute(commandOf(ledger, line))).isOk()).toBe(true);
    expect((await ledger.execute({ kind: 'SetPolicy', id: ledger.newId(), policy })).isOk()).toBe(true);
    return ledger;
  }

  // medusajs/medusa#16502: two lines of one item were each checked against all of the stock.
  it('hold for all lines of a command together', async () => {
    const ledger = await shopWith(create(), 5, FLOORED);
    const refusal = (
      await ledger.execute(commandOf(ledger, sale('STORE', MUG, 3), sale('STORE', MUG, 3)))
    )._unsafeUnwrapErr();
    const paths = [
      ['lines', 0, 'quantity'],
      ['lines', 1, 'quantity'],
    ];
    expect(refusal).toMatchObject({ shortages: [{ onHand: 5, reserved: 0, requested: 6, floor: 0, paths }] });
    expect(await onShelf(ledger)).toBe(5);
  });

  // saleor/saleor#17170: a place below zero made the stock of another one unsellable.
  it('take nothing from a place because another is below zero', async () => {
    const ledger = await twoShops(3, -4, { floors: { STORE: 0 } });
    expect(await refusalOf(ledger, sale(BRANCH.id, MUG, 1))).toBe('StockInsufficient');
    expect((await ledger.execute(commandOf(ledger, sale('STORE', MUG, 3)))).isOk()).toBe(true);
    expect(await onShelf(ledger)).toBe(0);
  });

  it('are those of the variant, then of the place, then of its type', async () => {
    const policy = { floors: { STORE: 0 }, locations: { [BRANCH.id]: 2 }, variants: { [PLATE.variantId]: -1 } };
    const ledger = await twoShops(3, 3, policy);
    expect((await ledger.policy())._unsafeUnwrap()).toEqual(policy);
    expect(await refusalOf(ledger, sale(BRANCH.id, MUG, 2))).toBe('StockInsufficient');
    expect((await ledger.execute(commandOf(ledger, sale('STORE', MUG, 3), sale(BRANCH.id, MUG, 1)))).isOk()).toBe(true);
    expect((await ledger.execute(commandOf(ledger, sale(BRANCH.id, PLATE, 1)))).isOk()).toBe(true);
    const error = (
      await ledger.execute(commandOf(ledger, sale('STORE', MUG, 1), sale('STORE', PLATE, 2)))
    )._unsafeUnwrapErr();
    expect(error).toMatchObject({
      shortages: [
        { variantId: MUG.variantId, onHand: 0, floor: 0 },
        { variantId: PLATE.variantId, onHand: 0, floor: -1 },
      ],
    });
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it('count from when they are set, for every handle', async () => {
    const store = create();
    const ledger = await shopWith(store, 1);
    const other = createLedger({ store });
    expect((await other.execute(commandOf(other, sale('STORE', MUG, 2)))).isOk()).toBe(true);
    const setting = { kind: 'SetPolicy', id: ledger.newId(), policy: { floors: { STORE: 0 } } } as const;
    expect((await ledger.execute(setting))._unsafeUnwrap()).toMatchObject({ sequence: 3, replayed: false });
    expect(await refusalOf(other, sale('STORE', MUG, 1))).toBe('StockInsufficient');
    expect((await other.execute(setting))._unsafeUnwrap()).toMatchObject({ sequence: 3, replayed: true });
    const changed = { ...setting, policy: { floors: { STORE: 1 } } };
    expect((await other.execute(changed))._unsafeUnwrapErr()).toMatchObject({
      differs: [['policy', 'floors', 'STORE']],
    });
    expect((await other.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it('are refused for a place that is not open', async () => {
    const ledger = await shopWith(create(), 1);
    const command = { kind: 'SetPolicy', id: ledger.newId(), policy: { locations: { [BRANCH.id]: 0 } } } as const;
    expect((await ledger.execute(command))._unsafeUnwrapErr().kind).toBe('LocationUnknown');
    expect((await ledger.policy())._unsafeUnwrap()).toEqual({ floors: {} });
  });

  it('of a ledger that has recorded nothing yet are those it would be founded with', async () => {
    const store = create();
    const variants = { [MUG.variantId.toUpperCase()]: 1 };
    const ledger = createLedger({ store, policy: { floors: { BIN: null }, variants } });
    expect((await ledger.policy())._unsafeUnwrap()).toEqual({ floors: {}, variants: { [MUG.variantId]: 1 } });
    expect((await createLedger({ store }).policy())._unsafeUnwrap()).toEqual({ floors: {} });
  });

  it('are broken by a command that is allowed to, which its record says, and by no other', async () => {
    const ledger = await shopWith(create(), 1, FLOORED);
    const override = { floors: true, reason: 'handed over the counter' } as const;
    const forced = { ...commandOf(ledger, sale('STORE', MUG, 3)), override };
    const [first, plain] = await ledger.executeAll([forced, commandOf(ledger, sale('STORE', MUG, 1))]);
    expect(first?._unsafeUnwrap().replayed).toBe(false);
    expect(plain?._unsafeUnwrapErr()).toMatchObject({ kind: 'StockInsufficient', shortages: [{ onHand: -2 }] });
    const record = (await ledger.journal({ after: 1 }))._unsafeUnwrap().items[0];
    expect(record?.events[0]).toEqual({ kind: 'FloorsOverridden', reason: 'handed over the counter' });
    expect((await ledger.execute({ ...forced, override: undefined }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'CommandIdReused',
      differs: [['override']],
    });
    expect((await ledger.execute(forced))._unsafeUnwrap().replayed).toBe(true);
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it('sell the last mug above the floor of its variant to one of many at once', async () => {
    const store = create();
    const policy = { floors: { STORE: 0 }, variants: { [MUG.variantId]: 2 } };
    const one = await shopWith(store, 3, { policy });
    const handles = [one, one, one, createLedger({ store }), createLedger({ store })];
    const answers = await Promise.all(handles.map(ledger => ledger.execute(commandOf(ledger, sale('STORE', MUG, 1)))));
    expect(answers.filter(answer => answer.isOk())).toHaveLength(1);
    expect(await onShelf(one)).toBe(2);
  });
});

describe.each(Object.entries(stores))('an organization on the %s store', (_, { create }) => {
  it('is founded by its first record, once, by however many at once', async () => {
    const store = create();
    const handles = [createLedger({ store, ...FLOORED }), createLedger({ store, ...FLOORED })];
    const start = [startTracking(MUG.productId)];
    await Promise.all(
      handles.map(ledger => ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking: start })),
    );
    const { items } = (await createLedger({ store }).journal())._unsafeUnwrap();
    expect(items.map(record => record.events.map(event => event.kind))).toEqual([
      [...Array(4).fill('LocationOpened'), 'PolicySet', 'TrackingStarted'],
      ['TrackingStarted'],
    ]);
  });

  it('takes the first commands of two handles at once, though the rows of one come late', async () => {
    const inner = create();
    const held = holdingLoads(inner);
    const ledger = createLedger({ store: held.store, ...FLOORED });
    const quick = createLedger({ store: inner, ...FLOORED });
    const stocking = () => ({ ...commandOf(ledger, restock('STORE', MUG, 2)), tracking: TRACKING });
    // Its rows were read while the organization was empty, and are given out after the other one is recorded.
    const slow = ledger.execute(stocking());
    await held.read;
    held.release();
    expect((await quick.execute(stocking())).isOk()).toBe(true);
    held.deliver();
    expect((await slow).isOk()).toBe(true);
    expect(await onShelf(ledger)).toBe(4);
  });

  it('keeps its policy for handles that bring none, until one brings another', async () => {
    const store = create();
    await shopWith(store, 1, FLOORED);
    const other = createLedger({ store });
    expect(await refusalOf(other, sale('STORE', MUG, 2))).toBe('StockInsufficient');
    const lenient = createLedger({ store, policy: { floors: {} } });
    expect((await lenient.execute(commandOf(lenient, sale('STORE', MUG, 2)))).isOk()).toBe(true);
    expect((await other.execute(commandOf(other, sale('STORE', MUG, 2)))).isOk()).toBe(true);
  });

  it('opens further locations, and moves stock there', async () => {
    const ledger = await shopWith(create(), 5);
    const van = { id: ledger.newId(), type: 'TRANSIT', name: 'Van' } as const;
    const opening = { kind: 'OpenLocation', id: ledger.newId(), location: van } as const;
    expect((await ledger.execute(opening)).isOk()).toBe(true);
    expect((await ledger.execute(opening))._unsafeUnwrap().replayed).toBe(true);
    const again = await ledger.execute({ ...opening, id: ledger.newId() });
    expect(again._unsafeUnwrapErr().kind).toBe('LocationAlreadyOpen');
    await ledger.execute(commandOf(ledger, restock(van.id, MUG, 2)));
    const inVan = await ledger.balanceAt({ locationId: van.id, variantId: MUG.variantId });
    expect(inVan._unsafeUnwrap().onHand).toBe(2);
    const names = (await ledger.locations())._unsafeUnwrap().map(location => location.name);
    expect(names).toEqual(['STORE', 'SUPPLIER', 'SOLD', 'BIN', 'Van']);
  });

  it('keeps when stock is low, and knows a rule that was set before', async () => {
    const ledger = await shopWith(create(), 5);
    const rule = { ...MUG, locationId: 'STORE', level: 3, alert: true };
    const setting = { kind: 'SetLowStock', id: ledger.newId(), rules: [rule] } as const;
    expect((await ledger.execute(setting))._unsafeUnwrap()).toMatchObject({ sequence: 2, replayed: false });
    expect((await ledger.execute(setting))._unsafeUnwrap()).toMatchObject({ sequence: 2, replayed: true });
    // In one group with a sale, on rows that are remembered.
    const other = { kind: 'SetLowStock', id: ledger.newId(), rules: [{ ...rule, level: 4 }] } as const;
    const both = await ledger.executeAll([other, commandOf(ledger, sale('STORE', MUG, 1))]);
    expect(both.map(result => result._unsafeUnwrap().sequence)).toEqual([3, 4]);
    const kept = { ...rule, locationId: ledger.systemLocations.STORE, level: 4 };
    expect((await ledger.lowStock({ locationId: 'STORE' }))._unsafeUnwrap().items).toEqual([kept]);
    const nothing = { kind: 'SetLowStock', id: ledger.newId(), rules: [{ ...MUG, locationId: 'STORE' }] } as const;
    await ledger.execute(nothing);
    expect((await ledger.lowStock())._unsafeUnwrap().items).toEqual([]);
    const foreign = { ...setting, id: ledger.newId(), rules: [{ ...rule, productId: ledger.newId() }] };
    expect((await ledger.execute(foreign))._unsafeUnwrapErr().kind).toBe('VariantOfOtherProduct');
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it('lists what is tracked', async () => {
    const ledger = await shopWith(create(), 5);
    const both = [MUG.productId, PLATE.productId];
    expect((await ledger.trackedProducts())._unsafeUnwrap().items).toEqual(both);
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking: [stopTracking(MUG.productId)] });
    expect((await ledger.trackedProducts({ productIds: both }))._unsafeUnwrap().items).toEqual([PLATE.productId]);
  });

  it('answers the calls under way on close, and refuses those after it', async () => {
    const ledger = await shopWith(create(), 5);
    const running = ledger.execute(commandOf(ledger, sale('STORE', MUG, 1)));
    await ledger.close();
    expect((await running)._unsafeUnwrap().sequence).toBe(2);
    const late = [ledger.balances(), ledger.journal(), ledger.verify(), ledger.locations(), ledger.lowStock()];
    for (const call of [ledger.execute(commandOf(ledger, sale('STORE', MUG, 1))), ...late])
      expect((await call)._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreClosed', retry: 'never' });
    expect((await ledger.close()).isOk()).toBe(true);
  });
});

it('verify finds what a torn commit has left', async () => {
  const ledger = await shopWith(tearsCommits(stores.memory?.create() as LedgerStore), 5);
  const { ok, breaches } = (await ledger.verify())._unsafeUnwrap();
  expect(ok).toBe(false);
  expect(new Set(breaches.map(breach => breach.invariant))).toEqual(new Set(['matchesJournal', 'conserves']));
});

/** A store that reads the rows of its first loads at once, and gives them out when it is told to. */
function holdingLoads(inner: LedgerStore) {
  const [delivered, deliver] = signal();
  const [read, markRead] = signal();
  let holds = true;
  const load: LedgerStore['load'] = (...keys) => {
    const loaded = inner.load(...keys);
    if (!holds) return loaded;
    return loaded.andThen(rows => {
      markRead();
      return ResultAsync.fromSafePromise(delivered).map(() => rows);
    });
  };
  const release = () => {
    holds = false;
  };
  return { store: { ...inner, load }, read, release, deliver };
}

/** A promise, and what fulfils it. */
function signal(): readonly [Promise<void>, () => void] {
  let fulfil: () => void = () => undefined;
  const promise = new Promise<void>(resolve => {
    fulfil = resolve;
  });
  return [promise, fulfil];
}
