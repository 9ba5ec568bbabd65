import {
  createHolds,
  createLedger,
  discard,
  exportJournal,
  type Holds,
  type HoldsError,
  importJournal,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  type Note,
  type NoteQueryInput,
  type Page,
  type PolicyInput,
  type Receipt,
  restock,
  sale,
  startTracking,
  stopTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { guardsNoNote, guardsNoReadNote } from './mutants/lost-notes.ts';
import { mutated } from './mutants/mutant.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };
const commandId = (number: number) => numberedId(0xd, number);
const holdId = (number: number) => numberedId(0xf, number);
const POLICY: PolicyInput = { floors: { STORE: 0 }, holds: true };
const FORCED = { override: { floors: true, reason: 'it fell off the shelf' } } as const;

/** A shop with mugs and 5 plates that keeps holds; `now` is moved by hand. */
async function openShop({ mugs = 3, policy = POLICY, store = createMemoryStore() as LedgerStore } = {}) {
  const clock = { now: 1_000 };
  const open = () => createLedger({ store, policy, clock: () => clock.now });
  const ledger = open();
  let number = 0;
  const nextId = () => commandId(++number);
  const move = (lines: readonly MovementLineInput[], more = {}) =>
    ledger.execute({ kind: 'RecordMovements', id: nextId(), lines, ...more });
  const tracking = [startTracking(MUG.productId)];
  await move([restock('STORE', MUG, mugs), restock('STORE', PLATE, 5)], { tracking });
  return { ledger, holds: createHolds(ledger), clock, move, nextId, open };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

const line = (number: number, quantity: number, variant = MUG) => ({
  holdId: holdId(number),
  locationId: 'STORE',
  ...variant,
  quantity,
});

const reserve = ({ holds, nextId }: Shop, number: number, quantity: number, expiresAt?: number, owner = 'cart 1') =>
  holds.reserve({ id: nextId(), owner, expiresAt, lines: [line(number, quantity)] });
const post = ({ holds, nextId }: Shop, number: number, quantity?: number) =>
  holds.post({ id: nextId(), lines: [{ holdId: holdId(number), quantity }] });
const release = ({ holds, nextId }: Shop, number: number, quantity?: number) =>
  holds.release({ id: nextId(), lines: [{ holdId: holdId(number), quantity }] });

/** The sequence of a receipt, or the kind of an error. */
const kindOf = async (call: ResultAsync<Receipt, HoldsError>) =>
  (await call).match<number | string>(
    receipt => receipt.sequence,
    error => error.kind,
  );
const errorOf = async (call: ResultAsync<unknown, unknown>) => (await call)._unsafeUnwrapErr();

/** On hand, reserved and available of the mugs. */
async function mugsOf({ holds }: Readonly<{ holds: Holds }>): Promise<readonly number[]> {
  const { onHand, reserved, available } = (
    await holds.availability({ locationId: 'STORE', variantId: MUG.variantId })
  )._unsafeUnwrap();
  return [onHand, reserved, available];
}

async function expectInOrder(ledger: Ledger): Promise<void> {
  expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
}

describe('a hold', () => {
  it('keeps stock from a sale, which is told what is on hand and what is reserved', async () => {
    const shop = await openShop();
    expect(await kindOf(reserve(shop, 1, 2))).toBe(2);
    expect(await mugsOf(shop)).toEqual([3, 2, 1]);
    expect(await errorOf(shop.move([sale('STORE', MUG, 2)]))).toEqual({
      kind: 'StockInsufficient',
      retry: 'after-refresh',
      shortages: [
        {
          variantId: MUG.variantId,
          locationId: shop.ledger.systemLocations.STORE,
          onHand: 3,
          reserved: 2,
          requested: 2,
          floor: 0,
          paths: [['lines', 0, 'quantity']],
        },
      ],
    });
    expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe(3);
    expect(await mugsOf(shop)).toEqual([2, 2, 0]);
    await expectInOrder(shop.ledger);
  });

  it('names every balance that is short', async () => {
    const shop = await openShop();
    await shop.holds.reserve({ id: shop.nextId(), owner: 'cart 1', lines: [line(1, 3), line(2, 5, PLATE)] });
    const error = await errorOf(shop.move([sale('STORE', MUG, 1), sale('STORE', PLATE, 2)]));
    expect(error).toMatchObject({
      shortages: [
        { variantId: MUG.variantId, onHand: 3, reserved: 3, requested: 1 },
        { variantId: PLATE.variantId, onHand: 5, reserved: 5, requested: 2 },
      ],
    });
  });

  it('is refused where less is available', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    expect(await errorOf(reserve(shop, 2, 2))).toMatchObject({
      kind: 'StockInsufficient',
      shortages: [{ onHand: 3, reserved: 2, requested: 2, floor: 0, paths: [['lines', 0, 'quantity']] }],
    });
    expect(await kindOf(reserve(shop, 2, 1))).toBe(3);
    expect(await mugsOf(shop)).toEqual([3, 3, 0]);
  });

  it('is for all of its lines or for none', async () => {
    const shop = await openShop();
    const lines = [line(1, 3), line(2, 6, PLATE)];
    expect(await errorOf(shop.holds.reserve({ id: shop.nextId(), owner: 'cart 1', lines }))).toMatchObject({
      shortages: [{ variantId: PLATE.variantId, paths: [['lines', 1, 'quantity']] }],
    });
    expect(await mugsOf(shop)).toEqual([3, 0, 3]);
    expect((await shop.holds.open())._unsafeUnwrap().items).toEqual([]);
  });

  it('is posted as a whole, and is then gone', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    expect(await kindOf(post(shop, 1))).toBe(3);
    expect(await mugsOf(shop)).toEqual([1, 0, 1]);
    const sold = await shop.ledger.balanceAt({ locationId: 'SOLD', variantId: MUG.variantId });
    expect(sold._unsafeUnwrap().onHand).toBe(2);
    expect(await errorOf(post(shop, 1))).toEqual({
      kind: 'HoldClosed',
      retry: 'never',
      holds: [{ holdId: holdId(1), end: 'posted' }],
    });
    await expectInOrder(shop.ledger);
  });

  it('is posted in parts: what is left stays held, and never more than is left', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 3);
    expect(await kindOf(post(shop, 1, 1))).toBe(3);
    expect(await mugsOf(shop)).toEqual([2, 2, 0]);
    expect(await errorOf(post(shop, 1, 3))).toEqual({
      kind: 'HoldExceeded',
      retry: 'after-refresh',
      holds: [{ holdId: holdId(1), held: 2, requested: 3 }],
    });
    expect(await kindOf(post(shop, 1, 2))).toBe(4);
    expect(await mugsOf(shop)).toEqual([0, 0, 0]);
    expect(await kindOf(release(shop, 1))).toBe('HoldClosed');
    await expectInOrder(shop.ledger);
  });

  it('is posted to anywhere', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    await shop.holds.post({ id: shop.nextId(), to: 'BIN', lines: [{ holdId: holdId(1) }] });
    const bin = await shop.ledger.balanceAt({ locationId: 'BIN', variantId: MUG.variantId });
    expect(bin._unsafeUnwrap().onHand).toBe(2);
  });

  it('is released, in parts too, and others may have it', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 3);
    await release(shop, 1, 1);
    expect(await mugsOf(shop)).toEqual([3, 2, 1]);
    await release(shop, 1);
    expect(await mugsOf(shop)).toEqual([3, 0, 3]);
    expect(await kindOf(shop.move([sale('STORE', MUG, 3)]))).toBe(5);
    expect(await errorOf(release(shop, 1))).toMatchObject({ holds: [{ end: 'released' }] });
    await expectInOrder(shop.ledger);
  });

  it('is known by its id alone: none is placed twice, and one that never was is unknown', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 1);
    const taken = { kind: 'HoldIdTaken', retry: 'never', holdIds: [holdId(1)] };
    expect(await errorOf(reserve(shop, 1, 1))).toEqual(taken);
    await release(shop, 1);
    expect(await errorOf(reserve(shop, 1, 1))).toEqual(taken);
    const unknown = { kind: 'HoldUnknown', retry: 'never', holdIds: [holdId(2)] };
    expect(await errorOf(post(shop, 2))).toEqual(unknown);
    expect(await errorOf(release(shop, 2))).toEqual(unknown);
  });

  it('gives its receipt again when it is asked for again, whatever has become of it', async () => {
    const shop = await openShop();
    const reserving = { id: commandId(50), owner: 'cart 1', expiresAt: 2_000, lines: [line(1, 2)] };
    const posting = { id: commandId(51), lines: [{ holdId: holdId(1), quantity: 1 }] };
    const releasing = { id: commandId(52), lines: [{ holdId: holdId(1) }] };
    expect(await kindOf(shop.holds.reserve(reserving))).toBe(2);
    expect(await kindOf(shop.holds.post(posting))).toBe(3);
    expect(await kindOf(shop.holds.release(releasing))).toBe(4);
    shop.clock.now = 3_000;
    expect((await shop.holds.reserve(reserving))._unsafeUnwrap()).toMatchObject({ sequence: 2, replayed: true });
    expect((await shop.holds.post(posting))._unsafeUnwrap()).toMatchObject({ sequence: 3, replayed: true });
    expect((await shop.holds.release(releasing))._unsafeUnwrap()).toMatchObject({ sequence: 4, replayed: true });
    expect(await mugsOf(shop)).toEqual([2, 0, 2]);
    const other = { ...posting, lines: [{ holdId: holdId(1), quantity: 2 }] };
    expect(await errorOf(shop.holds.post(other))).toMatchObject({
      kind: 'CommandIdReused',
      differs: [['request', 'lines', 0, 'quantity']],
    });
  });

  it('is kept where the policy says so, and nowhere else', async () => {
    const shop = await openShop({ policy: { floors: { STORE: 0 } } });
    expect(await errorOf(reserve(shop, 1, 1))).toEqual({ kind: 'HoldsNotKept', retry: 'never' });
    await shop.ledger.execute({ kind: 'SetPolicy', id: shop.nextId(), policy: POLICY });
    expect(await kindOf(reserve(shop, 1, 3))).toBe(3);
    expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe('StockInsufficient');
    await shop.ledger.execute({ kind: 'SetPolicy', id: shop.nextId(), policy: { floors: { STORE: 0 } } });
    expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe(5);
    await expectInOrder(shop.ledger);
  });

  it('is kept again by a handle that brings the policy with its first command', async () => {
    const store = createMemoryStore();
    const shop = await openShop({ store });
    await reserve(shop, 1, 3);
    const id = commandId(100);
    await shop.ledger.execute({ kind: 'SetPolicy', id, policy: { floors: { STORE: 0 } } });
    const selling = { kind: 'RecordMovements', id: commandId(101), lines: [sale('STORE', MUG, 1)] } as const;
    const late = shop.open();
    expect(await kindOf(late.execute({ ...selling, lines: [sale('STORE', PLATE, 9)] }))).toBe('StockInsufficient');
    expect(await kindOf(late.execute(selling))).toBe('StockInsufficient');
    await expectInOrder(shop.ledger);
  });

  it('holds anything, and keeps nothing from others, where no floor is kept', async () => {
    const shop = await openShop({ policy: { holds: true } });
    expect(await kindOf(reserve(shop, 1, 10))).toBe(2);
    expect(await mugsOf(shop)).toEqual([3, 10, -7]);
    expect(await kindOf(shop.move([sale('STORE', MUG, 5)]))).toBe(3);
    expect(await kindOf(post(shop, 1))).toBe(4);
    expect(await mugsOf(shop)).toEqual([-12, 0, -12]);
    await expectInOrder(shop.ledger);
  });

  it('leaves what a floor wants to have left', async () => {
    const shop = await openShop({ policy: { ...POLICY, variants: { [MUG.variantId]: 1 } } });
    expect(await kindOf(reserve(shop, 1, 3))).toBe('StockInsufficient');
    expect(await kindOf(reserve(shop, 1, 2))).toBe(2);
    expect(await kindOf(post(shop, 1))).toBe(3);
  });

  it('is refused at a place that is not open, for a product that is not tracked, and under another product', async () => {
    const shop = await openShop();
    const ask = (more: object) =>
      errorOf(
        shop.holds.reserve({
          id: shop.nextId(),
          owner: 'cart 1',
          lines: [line(1, 1, PLATE), { ...line(2, 1), ...more }],
        }),
      );
    const nowhere = numberedId(0xe, 9);
    expect(await ask({ locationId: nowhere })).toMatchObject({
      kind: 'LocationUnknown',
      locations: [{ locationId: nowhere, path: ['lines', 1, 'locationId'] }],
    });
    expect(await ask({ productId: numberedId(0xb, 9) })).toMatchObject({
      kind: 'VariantOfOtherProduct',
      variants: [{ ...MUG, productId: numberedId(0xb, 9), path: ['lines', 1, 'productId'] }],
    });
    const other = { productId: numberedId(0xb, 9), variantId: numberedId(0xc, 9) };
    expect(await ask(other)).toMatchObject({
      kind: 'ProductNotTracked',
      products: [{ productId: other.productId, path: ['lines', 1, 'productId'] }],
    });
  });

  it('says what is wrong with what it was asked for, with paths', async () => {
    const { holds, nextId } = await openShop();
    const asked = { id: 'no id', owner: '', expiresAt: 1.5, lines: [{ ...line(1, 0), holdId: 'h' }] };
    const violationsOf = (error: unknown) =>
      (error as { violations: { kind: string; path: unknown }[] }).violations.map(({ kind, path }) => [kind, path]);
    expect(violationsOf(await errorOf(holds.reserve(asked)))).toEqual([
      ['UuidInvalid', ['id']],
      ['NameInvalid', ['owner']],
      ['TimeInvalid', ['expiresAt']],
      ['UuidInvalid', ['lines', 0, 'holdId']],
      ['QuantityInvalid', ['lines', 0, 'quantity']],
    ]);
    const lines = (...all: unknown[]) => ({ id: nextId(), lines: all }) as never;
    expect(violationsOf(await errorOf(holds.post(lines())))).toEqual([['Empty', ['lines']]]);
    expect(violationsOf(await errorOf(holds.post(lines({ holdId: holdId(1) }, { holdId: holdId(1) }))))).toEqual([
      ['NamedTwice', ['lines', 1, 'holdId']],
    ]);
    const many = Array.from({ length: 101 }, (_, number) => ({ holdId: holdId(number + 1) }));
    expect(violationsOf(await errorOf(holds.release(lines(...many))))).toEqual([['TooMany', ['lines']]]);
    expect(violationsOf(await errorOf(holds.release(lines(7, { holdId: 7 }))))).toEqual([
      ['TypeInvalid', ['lines', 0]],
      ['TypeInvalid', ['lines', 1, 'holdId']],
    ]);
    expect(violationsOf(await errorOf(holds.release({ ...asked, to: 'BIN' } as never)))).toEqual([
      ['FieldUnknown', []],
    ]);
    expect(violationsOf(await errorOf(holds.reserve(null as never)))).toEqual([['FieldMissing', []]]);
    const trap = {
      get id(): string {
        throw new Error('secret');
      },
      lines: [],
    };
    expect(violationsOf(await errorOf(holds.post(trap)))).toEqual([['Unreadable', []]]);
    expect(violationsOf(await errorOf(holds.reserve({ ...asked, lines: [null as never] })))).toContainEqual([
      'FieldMissing',
      ['lines', 0],
    ]);
  });
});

it('a promise that is taken away by hand is gone, and verify says so', async () => {
  const shop = await openShop();
  await reserve(shop, 1, 3);
  const { items } = (await shop.ledger.notes({ kind: 'reserved' }))._unsafeUnwrap();
  await shop.move([], { notes: [{ kind: 'reserved', id: items[0]?.id ?? '', body: null }] });
  expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe(4);
  const { breaches } = (await shop.ledger.verify())._unsafeUnwrap();
  expect(breaches.map(({ invariant }) => invariant)).toEqual(['holdsAgree']);
});

describe('the end of a hold', () => {
  it('comes with its time, without anybody writing it', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 3, 2_000);
    shop.clock.now = 1_999;
    expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe('StockInsufficient');
    shop.clock.now = 2_000;
    expect(await mugsOf(shop)).toEqual([3, 0, 3]);
    expect(await errorOf(post(shop, 1))).toEqual({ kind: 'HoldExpired', retry: 'never', holdIds: [holdId(1)] });
    expect(await kindOf(shop.move([sale('STORE', MUG, 2)]))).toBe(3);
    expect(await kindOf(reserve(shop, 2, 1, 3_000))).toBe(4);
    expect(await mugsOf(shop)).toEqual([1, 1, 0]);
    expect(await kindOf(reserve(shop, 3, 1, 2_000))).toBe('HoldExpired');
    await expectInOrder(shop.ledger);
  });

  it('is written by a sweep, once, and changes nothing', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 1, 2_000);
    await reserve(shop, 2, 1, 4_000);
    shop.clock.now = 3_000;
    const other = createHolds(shop.open());
    const swept = await Promise.all([shop.holds.sweep(), other.sweep()]);
    expect(swept.reduce((sum, done) => sum + done._unsafeUnwrap().closed, 0)).toBe(1);
    expect(await mugsOf(shop)).toEqual([3, 1, 2]);
    expect((await shop.holds.open())._unsafeUnwrap().items.map(hold => hold.holdId)).toEqual([holdId(2)]);
    expect(await errorOf(post(shop, 1))).toMatchObject({ kind: 'HoldClosed', holds: [{ end: 'expired' }] });
    expect((await shop.holds.sweep())._unsafeUnwrap()).toEqual({ closed: 0 });
    await expectInOrder(shop.ledger);
  });

  it('may come by a release after its time', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 1, 2_000);
    shop.clock.now = 3_000;
    expect(await kindOf(release(shop, 1))).toBe(3);
    expect(await kindOf(post(shop, 1))).toBe('HoldClosed');
  });

  it('may come when its product is no longer tracked, of which no more can be held', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    await shop.move([], { tracking: [stopTracking(MUG.productId)] });
    expect(await kindOf(reserve(shop, 2, 1))).toBe('ProductNotTracked');
    expect(await kindOf(release(shop, 1, 1))).toBe(4);
    expect(await kindOf(release(shop, 1))).toBe(5);
    await expectInOrder(shop.ledger);
  });

  it('does not come back when a clock does', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 3, 2_000);
    shop.clock.now = 2_500;
    await reserve(shop, 2, 3, 4_000);
    shop.clock.now = 1_500;
    expect(await kindOf(post(shop, 1))).toBe('HoldExpired');
    expect(await kindOf(post(shop, 2))).toBe(4);
    await expectInOrder(shop.ledger);
  });
});

describe('open holds', () => {
  it('are listed with owner and age, page by page, by place and variant', async () => {
    const shop = await openShop();
    await reserve(shop, 2, 1, 1_500, 'cart 2');
    await reserve(shop, 1, 1, undefined, 'order 1');
    await shop.holds.reserve({ id: shop.nextId(), owner: 'order 3', lines: [line(3, 2, PLATE)] });
    shop.clock.now = 1_600;
    const { STORE } = shop.ledger.systemLocations;
    const first = (await shop.holds.open({ limit: 1 }))._unsafeUnwrap();
    expect(first.items).toEqual([
      {
        holdId: holdId(1),
        locationId: STORE,
        ...MUG,
        quantity: 1,
        owner: 'order 1',
        placedAt: 1_000,
        expiresAt: null,
        ageMs: 600,
        isExpired: false,
      },
    ]);
    const rest = (await shop.holds.open({ cursor: first.next ?? '' }))._unsafeUnwrap();
    expect(rest.items.map(({ owner, isExpired }) => [owner, isExpired])).toEqual([
      ['cart 2', true],
      ['order 3', false],
    ]);
    const ownersOf = async (query: object) =>
      (await shop.holds.open(query))._unsafeUnwrap().items.map(({ owner }) => owner);
    expect(await ownersOf({ locationId: 'STORE' })).toHaveLength(3);
    expect(await ownersOf({ locationId: 'BIN' })).toEqual([]);
    expect(await ownersOf({ locationId: STORE, variantId: PLATE.variantId })).toEqual(['order 3']);
    expect(await errorOf(shop.holds.open({ variantId: MUG.variantId }))).toMatchObject({ field: 'locationId' });
    expect(await errorOf(shop.holds.open({ locationId: 'shelf' }))).toMatchObject({ field: 'locationId' });
    const unread = await errorOf(shop.holds.availability({ locationId: 'STORE', variantId: 'mug' }));
    expect(unread).toMatchObject({ kind: 'QueryInvalid', field: 'variantId' });
  });
});

describe('what went wrong elsewhere', () => {
  const handles = (shop: Shop, count: number) => Array.from({ length: count }, () => createHolds(shop.open()));

  it('medusa #16569, #11131: holds placed at once never come to more than there is', async () => {
    const shop = await openShop({ mugs: 5 });
    const answers = await Promise.all(
      handles(shop, 12).map((holds, number) =>
        kindOf(holds.reserve({ id: commandId(100 + number), owner: `cart ${number}`, lines: [line(number, 1)] })),
      ),
    );
    expect(answers.filter(answer => answer === 'StockInsufficient')).toHaveLength(7);
    expect(await mugsOf(shop)).toEqual([5, 5, 0]);
    await expectInOrder(shop.ledger);
  });

  it('medusa #16502: two lines of a bundle that need the same variant are added up', async () => {
    const shop = await openShop();
    const lines = [line(1, 2), line(2, 2)];
    expect(await errorOf(shop.holds.reserve({ id: shop.nextId(), owner: 'bundle', lines }))).toMatchObject({
      kind: 'StockInsufficient',
      shortages: [{ onHand: 3, reserved: 0, requested: 4 }],
    });
    await shop.holds.reserve({ id: shop.nextId(), owner: 'bundle', lines: [line(1, 2), line(2, 1)] });
    expect(await mugsOf(shop)).toEqual([3, 3, 0]);
    await shop.holds.post({ id: shop.nextId(), lines: [{ holdId: holdId(1) }, { holdId: holdId(2) }] });
    expect(await mugsOf(shop)).toEqual([0, 0, 0]);
    await expectInOrder(shop.ledger);
  });

  it('medusa #12401: what is reserved never falls below zero, however often and by whomever it is given back', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    const answers = await Promise.all(
      handles(shop, 6).map((holds, number) =>
        kindOf(holds.release({ id: commandId(100 + number), lines: [{ holdId: holdId(1) }] })),
      ),
    );
    expect(answers.filter(answer => answer === 'HoldClosed')).toHaveLength(5);
    expect(await mugsOf(shop)).toEqual([3, 0, 3]);
    await expectInOrder(shop.ledger);
  });

  it('medusa #11266: fulfilment and the end of its hold are one record', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    await post(shop, 1, 1);
    await post(shop, 1);
    const { items } = (await shop.ledger.journal({ after: 2 }))._unsafeUnwrap();
    for (const { events } of items)
      expect(events.map(({ kind }) => kind)).toEqual(['MovementsRecorded', 'NotesWritten', 'Requested']);
    expect((await shop.holds.open())._unsafeUnwrap().items).toEqual([]);
  });

  it('medusa #6500, #9821: an order can be sent that has reserved all there is', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 2);
    await reserve(shop, 2, 1);
    expect(await kindOf(post(shop, 1))).toBe(4);
    expect(await kindOf(post(shop, 2))).toBe(5);
    expect(await mugsOf(shop)).toEqual([0, 0, 0]);
  });

  it('medusa #12796, odoo #62139: what is held can be given back, and sent, where less is there than is held', async () => {
    const shop = await openShop({ mugs: 4 });
    await reserve(shop, 1, 2);
    await reserve(shop, 2, 2);
    await shop.move([discard('STORE', MUG, 1)], FORCED);
    expect(await mugsOf(shop)).toEqual([3, 4, -1]);
    expect(await kindOf(post(shop, 1))).toBe(5);
    expect(await errorOf(post(shop, 2))).toMatchObject({ shortages: [{ onHand: 1, requested: 2, floor: 0 }] });
    expect(await kindOf(post(shop, 2, 1))).toBe(6);
    await shop.move([discard('STORE', MUG, 3)], FORCED);
    expect(await kindOf(release(shop, 2))).toBe(8);
    expect(await mugsOf(shop)).toEqual([-3, 0, -3]);
    await expectInOrder(shop.ledger);
  });

  it('saleor PR #17170, vendure #4030: a place that owes takes nothing from another, and each counts its own holds', async () => {
    const shop = await openShop();
    const market = numberedId(0xe, 1);
    const location = { id: market, type: 'STORE', name: 'Market' } as const;
    await shop.ledger.execute({ kind: 'OpenLocation', id: shop.nextId(), location });
    await shop.move([sale(market, MUG, 4)], FORCED);
    await reserve(shop, 1, 2);
    expect(await mugsOf(shop)).toEqual([3, 2, 1]);
    const there = await shop.holds.availability({ locationId: market, variantId: MUG.variantId });
    expect(there._unsafeUnwrap()).toMatchObject({ onHand: -4, reserved: 0, available: -4, holds: [] });
    expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe(5);
  });

  it('vendure #3508, saleor PR #6897: of many who want the last one, held or sold, one gets it', async () => {
    const shop = await openShop({ mugs: 1 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, number) => {
        const [ledger, id] = [shop.open(), commandId(100 + number)];
        if (number % 2 === 0)
          return kindOf(ledger.execute({ kind: 'RecordMovements', id, lines: [sale('STORE', MUG, 1)] }));
        return kindOf(createHolds(ledger).reserve({ id, owner: `cart ${number}`, lines: [line(number, 1)] }));
      }),
    );
    expect(answers.filter(answer => answer === 'StockInsufficient')).toHaveLength(9);
    await expectInOrder(shop.ledger);
  });

  it('tigerbeetle #2693: a balance and its holds are of one sequence, while others write', async () => {
    const shop = await openShop({ mugs: 1_000 });
    const writer = createHolds(shop.open());
    let isWriting = true;
    const writing = (async () => {
      for (let number = 0; number < 60; number++) {
        await writer.reserve({ id: commandId(1_000 + number), owner: 'cart', lines: [line(number, 3)] });
        await writer.post({ id: commandId(2_000 + number), lines: [{ holdId: holdId(number), quantity: 1 }] });
      }
      isWriting = false;
    })();
    const seen = new Set<number>();
    while (isWriting) {
      const { onHand, reserved, holds, asOf } = (
        await shop.holds.availability({ locationId: 'STORE', variantId: MUG.variantId })
      )._unsafeUnwrap();
      // Each hold of 3 that has lost one piece has taken it from the shelf.
      const posted = holds.filter(({ quantity }) => quantity === 2).length;
      expect([onHand, reserved]).toEqual([1_000 - posted, 3 * holds.length - posted]);
      seen.add(asOf);
    }
    await writing;
    expect(seen.size).toBeGreaterThan(3);
  });

  it('tigerbeetle #2118: what has expired is shown, counted and refused alike, from the same moment on', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 3, 2_000);
    for (const [now, reserved, sold] of [
      [1_999, 3, 'StockInsufficient'],
      [2_000, 0, 3],
    ] as const) {
      shop.clock.now = now;
      expect((await mugsOf(shop))[1]).toBe(reserved);
      expect((await shop.holds.open())._unsafeUnwrap().items[0]?.isExpired).toBe(reserved === 0);
      expect(await kindOf(shop.move([sale('STORE', MUG, 1)]))).toBe(sold);
    }
  });

  it('craftcms/commerce #4367: an abandoned cart keeps nothing, though no job has ever run', async () => {
    const shop = await openShop();
    for (let cart = 1; cart <= 50; cart++) {
      expect(await kindOf(reserve(shop, cart, 3, shop.clock.now + 100, `cart ${cart}`))).toBe(cart + 1);
      shop.clock.now += 100;
    }
    expect(await mugsOf(shop)).toEqual([3, 0, 3]);
    const { items } = (await shop.ledger.notes({ kind: 'reserved' }))._unsafeUnwrap();
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items[0]?.body).length).toBeLessThan(200);
    expect((await shop.holds.sweep())._unsafeUnwrap()).toEqual({ closed: 50 });
    await expectInOrder(shop.ledger);
  });
});

describe('many holds of one balance', () => {
  it('count once for those that expire together, and come to an end with as many times as a note can keep', async () => {
    const shop = await openShop({ mugs: 10_000 });
    const place = (number: number, expiresAt: number | undefined, quantity = 1) =>
      reserve(shop, number, quantity, expiresAt);
    for (let number = 0; number < 120; number++) await place(number, 5_000 + number);
    expect(await errorOf(place(200, 9_000))).toEqual({
      kind: 'HoldsTooMany',
      retry: 'after-refresh',
      balances: [{ locationId: shop.ledger.systemLocations.STORE, variantId: MUG.variantId }],
    });
    expect(await kindOf(place(201, 5_119))).toBe(122);
    shop.clock.now = 5_000;
    expect(await kindOf(place(202, 9_000))).toBe(123);
    expect(await kindOf(place(203, undefined))).toBe('HoldsTooMany');
    shop.clock.now = 5_118;
    for (const [number, expiresAt] of [undefined, 6_000, undefined, 10_000].entries())
      expect(await kindOf(place(300 + number, expiresAt))).toBe(124 + number);
    const { items } = (await shop.ledger.notes({ kind: 'reserved' }))._unsafeUnwrap();
    expect(items[0]?.body).toMatchObject({
      until: [
        [5_119, 2],
        [6_000, 1],
        [9_000, 1],
        [10_000, 1],
        [null, 2],
      ],
    });
    await expectInOrder(shop.ledger);
  });

  it('are never added up to a wrong number', async () => {
    const shop = await openShop({ policy: { holds: true } });
    const many = Array.from({ length: 100 }, (_, number) => line(number, 1_000_000_000));
    expect(await kindOf(shop.holds.reserve({ id: shop.nextId(), owner: 'wholesaler', lines: many }))).toBe(2);
    expect((await mugsOf(shop))[1]).toBe(100_000_000_000);
  });
});

it('a journal with holds is carried to another store, and they are held there', async () => {
  const shop = await openShop({ mugs: 9 });
  await reserve(shop, 1, 3, 1_500);
  await reserve(shop, 2, 4);
  await post(shop, 2, 1);
  shop.clock.now = 2_000;
  await shop.move([sale('STORE', MUG, 3)]);
  await reserve(shop, 3, 2);
  const lines: string[] = [];
  for await (const line of exportJournal(shop.ledger)) lines.push(line._unsafeUnwrap());
  const store = createMemoryStore();
  expect((await importJournal({ store, lines }))._unsafeUnwrap()).toMatchObject({ sequence: 6, written: 6 });
  const copy = createLedger({ store, clock: () => shop.clock.now });
  expect(await mugsOf({ holds: createHolds(copy) })).toEqual(await mugsOf(shop));
  expect(await mugsOf(shop)).toEqual([5, 5, 0]);
  const selling = { kind: 'RecordMovements', id: commandId(100), lines: [sale('STORE', MUG, 1)] } as const;
  expect(await kindOf(copy.execute(selling))).toBe('StockInsufficient');
  await expectInOrder(copy);
});

describe('a ledger that answers otherwise', () => {
  const FAULT = storeFault('StoreUnavailable', 'the store is away');
  /** Holds on the ledger of a shop with other notes: `change` gets each query, and the page that it would be answered. */
  const changed = (
    shop: Shop,
    change: (query: NoteQueryInput, page: Page<Note>, look: number) => Page<Note> | null,
  ) => {
    let looks = 0;
    const notes: Ledger['notes'] = query =>
      shop.ledger.notes(query).andThen(page => {
        const answer = change(query, page, looks++);
        return answer === null ? errAsync(FAULT) : okAsync(answer);
      });
    return { ...shop, holds: createHolds({ ...shop.ledger, notes }) };
  };
  const without = (page: Page<Note>): Page<Note> => ({ ...page, items: [] });

  it.each(['hold', 'held', 'reserved'])(
    'passes on a fault in the notes of kind %s, and has done nothing',
    async kind => {
      const shop = await openShop();
      await reserve(shop, 1, 1, 2_000);
      shop.clock.now = 3_000;
      const broken = changed(shop, (query, page) => (query.kind === kind ? null : page));
      const asked = [
        kindOf(reserve(broken, 2, 1)),
        kindOf(release(broken, 1)),
        (async () => (await broken.holds.sweep()).match(String, error => error.kind))(),
        (async () =>
          (await broken.holds.availability({ locationId: 'STORE', variantId: MUG.variantId })).match(
            String,
            error => error.kind,
          ))(),
      ];
      const answers = await Promise.all(asked);
      const reads = { hold: [0, 1, 2], held: [1, 2, 3], reserved: [0, 1, 2] }[kind] ?? [];
      for (const index of reads) expect(answers[index]).toBe('StoreUnavailable');
      expect((await shop.ledger.journal())._unsafeUnwrap().asOf).toBe(kind === 'held' ? 3 : 2);
    },
  );

  it('looks again for a hold that ends while it is looked for', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 1);
    let isClosed = false;
    const ending = changed(shop, (query, page) => (query.kind === 'held' ? without(page) : page));
    expect(await kindOf(post(ending, 1))).toBe('HoldUnknown');
    const { notes } = shop.ledger;
    const racing: Ledger['notes'] = query => {
      if (query.kind !== 'held' || isClosed) return notes(query);
      isClosed = true;
      return new ResultAsync(Promise.resolve(release(shop, 1)).then(() => notes(query)));
    };
    const late = { ...shop, holds: createHolds({ ...shop.ledger, notes: racing }) };
    expect(await errorOf(post(late, 1))).toMatchObject({ kind: 'HoldClosed', holds: [{ end: 'released' }] });
  });

  it('reads the holds of a balance again until all pages are of one moment, and gives up in the end', async () => {
    const shop = await openShop();
    await reserve(shop, 1, 1);
    const twoPages = (page: Page<Note>, query: NoteQueryInput, asOf: number): Page<Note> =>
      query.cursor === undefined ? { ...page, next: page.items[0]?.id ?? null, asOf } : { ...page, asOf };
    const settling = changed(shop, (query, page, look) => twoPages(page, query, Math.min(look, 2)));
    expect(await mugsOf(settling)).toEqual([3, 1, 2]);
    const restless = changed(shop, (query, page, look) => twoPages(page, query, look));
    const asked = restless.holds.availability({ locationId: 'STORE', variantId: MUG.variantId });
    expect(await errorOf(asked)).toEqual({ kind: 'Contended', retry: 'same-command', attempts: 20 });
  });
});

describe('several processes that want the same', () => {
  type After = Readonly<{ breaches: readonly string[]; available: number }>;

  /** What 5 mugs come to that 8 handles want to hold, two each, all at once. */
  async function race(store: LedgerStore): Promise<After> {
    const shop = await openShop({ mugs: 5, store });
    await Promise.all(
      Array.from({ length: 8 }, (_, number) => {
        const lines = [line(number, 2)];
        return createHolds(shop.open()).reserve({ id: commandId(100 + number), owner: 'cart', lines });
      }),
    );
    return lookAfter(shop);
  }

  /** What 5 mugs come to when one handle sells twice, and another holds the others in between. */
  async function surprise(store: LedgerStore): Promise<After> {
    const shop = await openShop({ mugs: 5, store });
    const sellOne = () => shop.move([sale('STORE', MUG, 1)]);
    await sellOne();
    const lines = [line(1, 4)];
    await createHolds(shop.open()).reserve({ id: commandId(100), owner: 'cart', lines });
    await sellOne();
    return lookAfter(shop);
  }

  async function lookAfter({ ledger, holds }: Shop): Promise<After> {
    const { breaches } = (await ledger.verify())._unsafeUnwrap();
    const { onHand } = (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap();
    const { items } = (await holds.open())._unsafeUnwrap();
    const held = items.reduce((sum, { quantity }) => sum + quantity, 0);
    return { breaches: breaches.map(({ invariant }) => invariant), available: onHand - held };
  }

  it('get no more than there is', async () => {
    expect(await race(createMemoryStore())).toEqual({ breaches: [], available: 1 });
    expect(await surprise(createMemoryStore())).toEqual({ breaches: [], available: 0 });
  });

  it('a store that guards no note lets several promise the same', async () => {
    const { breaches, available } = await race(mutated(guardsNoNote));
    expect(breaches).toContain('holdsAgree');
    expect(available).toBeLessThan(0);
  });

  it('a store that guards only the notes it writes sells what is held', async () => {
    expect(await surprise(mutated(guardsNoReadNote))).toEqual({ breaches: ['keepsFloor'], available: -1 });
  });
});
