import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, ResultAsync } from 'neverthrow';
import { describe, expect, it, vi } from 'vitest';
import { createLedger, type LedgerStore, restock, sale, startTracking, storeFault } from '../src/index.ts';
import { MUG, PLATE, uuid } from './shop.ts';

const STOCKING = {
  kind: 'RecordMovements',
  id: uuid(901),
  tracking: [startTracking(MUG.productId)],
  lines: [restock('STORE', MUG, 3)],
} as const;
const SETTING = { kind: 'SetPolicy', id: uuid(902), policy: { floors: { STORE: 0 } } } as const;
const SELLING = { kind: 'RecordMovements', id: uuid(903), lines: [sale('STORE', MUG, 4)] } as const;

const open = (store: LedgerStore = createMemoryStore(), policy?: Parameters<typeof createLedger>[0]['policy']) =>
  createLedger({ store, policy, clock: () => 1_000 });

describe('a preview', () => {
  it('of the first command has what its organization begins with', async () => {
    const ledger = open(undefined, { floors: { BIN: 0 } });
    const made = (await ledger.preview(STOCKING))._unsafeUnwrap();
    await ledger.execute(STOCKING);
    const [record] = (await ledger.journal())._unsafeUnwrap().items;
    expect(made).toMatchObject({
      kind: 'WouldRecord',
      record: { commandId: STOCKING.id, events: record?.events },
      balances: [
        { locationId: ledger.systemLocations.SUPPLIER, before: 0, onHand: -3 },
        { locationId: ledger.systemLocations.STORE, before: 0, onHand: 3 },
      ],
    });
    expect(record?.events.map(({ kind }) => kind)).toContain('PolicySet');
  });

  it('goes by the policy that this handle would set, until it has', async () => {
    const store = createMemoryStore();
    await open(store).execute(STOCKING);
    const strict = open(store, { floors: { STORE: 0 } });
    const kindOf = async (ledger: typeof strict) => (await ledger.preview(SELLING))._unsafeUnwrap().kind;
    expect([await kindOf(open(store)), await kindOf(strict)]).toEqual(['WouldRecord', 'WouldRefuse']);
    await strict.execute({ ...SELLING, id: uuid(904), lines: [sale('STORE', MUG, 1)] });
    await strict.execute({ ...SETTING, policy: {} });
    expect(await kindOf(strict)).toBe('WouldRecord');
  });

  it('of a setting says whether it would be recorded', async () => {
    const ledger = open();
    const opening = {
      kind: 'OpenLocation',
      id: uuid(905),
      location: { id: uuid(31), type: 'STORE', name: 'Branch' },
    } as const;
    const rule = { ...MUG, locationId: 'STORE', level: 5 };
    const lowStock = { kind: 'SetLowStock', id: uuid(906), rules: [rule] } as const;
    for (const command of [SETTING, opening, lowStock]) {
      expect((await ledger.preview(command))._unsafeUnwrap()).toMatchObject({ kind: 'WouldRecord', balances: [] });
      await ledger.execute(command);
    }
    const stolen = { ...rule, productId: PLATE.productId };
    const refused = [
      { ...opening, id: uuid(907) },
      { ...lowStock, id: uuid(908), rules: [rule, stolen, { ...rule, locationId: uuid(404) }] },
      { ...SETTING, id: uuid(909), policy: { locations: { [uuid(404)]: 0 } } },
    ];
    const kinds = [];
    for (const command of refused) {
      const made = (await ledger.preview(command))._unsafeUnwrap();
      kinds.push(made.kind === 'WouldRefuse' ? made.reasons.map(({ kind }) => kind) : made.kind);
    }
    expect(kinds).toEqual([['LocationAlreadyOpen'], ['LocationUnknown', 'VariantOfOtherProduct'], ['LocationUnknown']]);
  });

  it('passes on what the store says, and does not wait for one that hangs', async () => {
    const store = createMemoryStore();
    const fault = storeFault('StoreBusy', 'somebody else writes');
    expect((await open({ ...store, load: () => errAsync(fault) }).preview(STOCKING))._unsafeUnwrapErr()).toBe(fault);
    const hanging = { ...store, load: () => new ResultAsync<never, never>(new Promise(() => undefined)) };
    const ledger = createLedger({ store: hanging, storeTimeoutMs: 1 });
    expect((await ledger.preview(STOCKING))._unsafeUnwrapErr()).toMatchObject({
      kind: 'StoreUnavailable',
      message: 'the store did not answer in time',
    });
    const closed = open();
    await closed.close();
    expect((await closed.preview(STOCKING))._unsafeUnwrapErr().kind).toBe('StoreClosed');
  });

  it('whose code cannot be loaded, for want of a network, says so and may be asked for again', async () => {
    vi.resetModules();
    vi.doMock('../src/ledger/preview.ts', () => Promise.reject(new TypeError('Failed to fetch')));
    const core = await import('../src/ledger/create-ledger.ts');
    const ledger = core.createLedger({ store: createMemoryStore() });
    expect((await ledger.preview(STOCKING))._unsafeUnwrapErr()).toMatchObject({
      kind: 'StoreUnavailable',
      message: 'the code of preview could not be loaded',
    });
    vi.doUnmock('../src/ledger/preview.ts');
    expect((await ledger.preview(STOCKING))._unsafeUnwrap().kind).toBe('WouldRecord');
  });
});
