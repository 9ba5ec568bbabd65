import {
  createLedger,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  provenanceOf,
  restock,
  reversalOf,
  reverse,
  sale,
  startTracking,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { describe, expect, it } from 'vitest';
import { laws } from '../src/index.ts';
import { numberedId } from '../src/simulation/world.ts';
import { faultyStores } from './faulty-stores.ts';
import { takesFaultForNone, twisted } from './mutants/wrong-requests.ts';
import { hold, isBroken } from './seed.ts';
import { onNewStore } from './stores.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };
const commandId = (number: number) => numberedId(0xd, number);

/** A shop with 3 mugs and 5 plates, where nothing may fall below zero. */
async function openShop(store: LedgerStore = createMemoryStore()): Promise<Ledger> {
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } } });
  await move(ledger, 1, restock('STORE', MUG, 3), restock('STORE', PLATE, 5));
  return ledger;
}

async function move(ledger: Ledger, number: number, ...lines: readonly MovementLineInput[]) {
  const tracking = number === 1 ? [startTracking(MUG.productId)] : [];
  return (await ledger.execute({ kind: 'RecordMovements', id: commandId(number), tracking, lines }))._unsafeUnwrap();
}

const takeBack = async (ledger: Ledger, number: number, id = 100 + number) =>
  (await reverse(ledger, { id: commandId(id), commandId: commandId(number) })).match<unknown>(
    receipt => receipt.sequence,
    error => error,
  );

const shelfOf = async (ledger: Ledger) =>
  (await ledger.balances({ locationId: 'STORE' }))._unsafeUnwrap().items.map(({ onHand }) => onHand);

describe('a reversal', () => {
  it('moves everything the other way, and is linked with its command both ways', async () => {
    const ledger = await openShop();
    await move(ledger, 2, sale('STORE', MUG, 2), sale('STORE', PLATE, 1));
    expect(await takeBack(ledger, 2)).toBe(3);
    expect(await shelfOf(ledger)).toEqual([3, 5]);
    expect((await reversalOf(ledger, commandId(2)))._unsafeUnwrap()).toBe(commandId(102));
    const [record] = (await ledger.records({ commandIds: [commandId(102)] }))._unsafeUnwrap();
    expect(record?.events).toContainEqual({
      kind: 'Requested',
      request: { kind: 'Reversal', commandId: commandId(2) },
    });
    expect(record && provenanceOf(record)).toEqual({ causedBy: commandId(2) });
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('says where it comes from, and its cause is what it takes back', async () => {
    const ledger = await openShop();
    await move(ledger, 2, sale('STORE', MUG, 2));
    const input = { id: commandId(102), commandId: commandId(2).toUpperCase() };
    const provenance = { source: 'back office', reason: 'rung up twice', causedBy: commandId(7) };
    expect((await reverse(ledger, { ...input, provenance })).isOk()).toBe(true);
    const [record] = (await ledger.records({ commandIds: [commandId(102)] }))._unsafeUnwrap();
    expect(record && provenanceOf(record)).toEqual({ ...provenance, causedBy: commandId(2) });
    const again = await reverse(ledger, { ...input, provenance: { source: 'till' } });
    expect(again._unsafeUnwrapErr()).toMatchObject({
      kind: 'CommandIdReused',
      differs: [
        ['provenance', 'source'],
        ['provenance', 'reason'],
      ],
    });
  });

  it('is forced where a floor breaks, and says so with its reason', async () => {
    const ledger = await openShop();
    await move(ledger, 2, restock('STORE', MUG, 4));
    await move(ledger, 3, sale('STORE', MUG, 6));
    const input = { id: commandId(102), commandId: commandId(2) };
    const force = { reason: 'never delivered' };
    const nothing = await reverse(ledger, { ...input, force: { reason: '' } });
    expect(nothing._unsafeUnwrapErr()).toMatchObject({ violations: [{ path: ['override', 'reason'] }] });
    expect((await reverse(ledger, { ...input, force }))._unsafeUnwrap()).toMatchObject({
      sequence: 4,
      replayed: false,
    });
    expect((await reverse(ledger, { ...input, force }))._unsafeUnwrap()).toMatchObject({ sequence: 4, replayed: true });
    expect((await reverse(ledger, input))._unsafeUnwrapErr()).toMatchObject({ differs: [['request', 'force']] });
    expect(await shelfOf(ledger)).toEqual([-3, 5]);
    const [record] = (await ledger.records({ commandIds: [commandId(102)] }))._unsafeUnwrap();
    expect(record?.events).toContainEqual({ kind: 'FloorsOverridden', reason: 'never delivered' });
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('comes once: the second one is told which was the first', async () => {
    const ledger = await openShop();
    await move(ledger, 2, sale('STORE', MUG, 2));
    await takeBack(ledger, 2);
    expect(await takeBack(ledger, 2, 200)).toEqual({ kind: 'AlreadyReversed', retry: 'never', by: commandId(102) });
    expect(await shelfOf(ledger)).toEqual([3, 5]);
  });

  it('comes once when two ask at once, from two handles', async () => {
    const store = createMemoryStore();
    const ledger = await openShop(store);
    await move(ledger, 2, sale('STORE', MUG, 2));
    const other = createLedger({ store });
    const answers = await Promise.all([takeBack(ledger, 2, 102), takeBack(other, 2, 103)]);
    expect(answers).toContain(3);
    expect(answers).toContainEqual(expect.objectContaining({ kind: 'AlreadyReversed' }));
    expect(await shelfOf(ledger)).toEqual([3, 5]);
  });

  it('gives its receipt again when it is asked for again, whatever has become of the stock', async () => {
    const ledger = await openShop();
    await move(ledger, 2, sale('STORE', MUG, 2));
    await takeBack(ledger, 2);
    await move(ledger, 3, sale('STORE', MUG, 3));
    expect(await takeBack(ledger, 2)).toBe(3);
    const other = await reverse(ledger, { id: commandId(102), commandId: commandId(3) });
    expect(other._unsafeUnwrapErr()).toMatchObject({
      kind: 'CommandIdReused',
      differs: [
        ['request', 'commandId'],
        ['provenance', 'causedBy'],
      ],
    });
    expect(await shelfOf(ledger)).toEqual([0, 5]);
  });

  it('is refused where the goods are no longer there', async () => {
    const ledger = await openShop();
    await move(ledger, 2, restock('STORE', MUG, 4));
    await move(ledger, 3, sale('STORE', MUG, 6));
    expect(await takeBack(ledger, 2)).toMatchObject({ kind: 'StockInsufficient' });
    expect((await reversalOf(ledger, commandId(2)))._unsafeUnwrap()).toBeNull();
    expect(await shelfOf(ledger)).toEqual([1, 5]);
  });

  it('is refused for what was never recorded, what moved nothing, and what more hangs on', async () => {
    const ledger = await openShop();
    await ledger.execute({ kind: 'RecordMovements', id: commandId(2), tracking: [startTracking(MUG.productId)] });
    await move(ledger, 3, sale('STORE', MUG, 1));
    await takeBack(ledger, 3);
    expect(await takeBack(ledger, 9)).toEqual({ kind: 'CommandUnknown', retry: 'never' });
    expect(await takeBack(ledger, 2)).toEqual({ kind: 'NotReversible', retry: 'never' });
    expect(await takeBack(ledger, 103)).toEqual({ kind: 'NotReversible', retry: 'never' });
    expect(await takeBack(ledger, 3, 1)).toMatchObject({ kind: 'CommandIdReused' });
    const unnamed = await reverse(ledger, { id: commandId(300), commandId: 'no id' });
    expect(unnamed._unsafeUnwrapErr()).toMatchObject({ kind: 'QueryInvalid', field: 'commandIds' });
  });

  it('passes on what the store says', async () => {
    const ledger = await openShop();
    await ledger.close();
    expect(await takeBack(ledger, 1)).toMatchObject({ kind: 'StoreClosed' });
  });
});

describe('reversals on a store with faults', () => {
  // But for rows of the past, on which a command is unknown that is there.
  const KINDS = ['failBefore', 'failAfter', 'late', 'twice', 'conflict', 'busy'] as const;

  it('for any reversals, told again until they are answered, take each command back once and whole', async () => {
    const { open, opened } = faultyStores(KINDS);
    await hold(laws.reversalsAgree(onNewStore(open)), 400);
    expect(opened()).toBe(400);
  });

  it('show one that is refused although it was carried out', async () => {
    const openBroken = twisted(takesFaultForNone);
    const { open } = faultyStores(KINDS);
    const law = laws.reversalsAgree(options => openBroken({ store: open(), ...options }));
    expect(await isBroken(law, 400)).toBe(true);
  });
});
