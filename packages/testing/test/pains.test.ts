import {
  createLedger,
  expecting,
  type Ledger,
  type LedgerOptions,
  type LedgerStore,
  type MovementLineInput,
  refund,
  restock,
  sale,
  startTracking,
} from '@stockfold/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { hold } from './seed.ts';
import { stores } from './stores.ts';

// What people tell of other systems, each with the number of its thread, and that it cannot happen here. Those about
// holds, counts, echoes and units stand beside the tests of these.

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 2) };
const KIOSK = numberedId(0xa, 9);
const commandId = (number: number) => numberedId(0xd, number);

describe.each(Object.entries(stores))('on %s', (_, { create }) => {
  /** Ledgers of two processes on one store, in whose shop is one mug. */
  async function twoTills(policy: LedgerOptions['policy'] = { floors: { STORE: 0 } }) {
    const store = create();
    const [one, other] = [openTill(store, policy), openTill(store, policy)];
    await put(one, 1, [restock('STORE', MUG, 1)], [MUG.productId]);
    // Each has moved it, so that each decides on what it remembers.
    await put(other, 90, [restock('STORE', MUG, 1)]);
    await put(other, 91, [sale('STORE', MUG, 1)]);
    return { one, other };
  }

  it('vendure#3508: two checkouts that both saw the last one in stock sell it once', async () => {
    const { one, other } = await twoTills();
    // Given: both have read that there is one.
    expect([await onHand(one), await onHand(other)]).toEqual([1, 1]);
    // When both sell it at once.
    const answers = await Promise.all([put(one, 2, [sale('STORE', MUG, 1)]), put(other, 3, [sale('STORE', MUG, 1)])]);
    // Then one has it, and the other is told what is there.
    expect(answers.sort()).toEqual(['StockInsufficient 0 of 1', 'recorded']);
    expect([await onHand(one), await onHand(other)]).toEqual([0, 0]);
  });

  it('InvenTree#12718: two that set a count from what they read do not overwrite each other', async () => {
    const { one, other } = await twoTills();
    const seen = expecting('STORE', MUG, 1);
    // When both have counted 5 where 1 was, and both add what was missing to what they saw.
    const found = (ledger: Ledger, number: number) =>
      put(ledger, number, [restock('STORE', MUG, 4)], [], { expect: [seen] });
    const answers = await Promise.all([found(one, 2), found(other, 3)]);
    // Then four were added once.
    expect(answers.sort()).toEqual(['BalanceStale', 'recorded']);
    expect(await onHand(one)).toBe(5);
  });

  it('medusa#16502: two lines of a batch that share a variant are checked by what both take', async () => {
    const { one } = await twoTills();
    const bundle = [sale('STORE', MUG, 1), sale('STORE', MUG, 1)];
    expect(await put(one, 2, bundle)).toBe('StockInsufficient 1 of 2');
    expect(await onHand(one)).toBe(1);
  });

  it('formance/stack#1633: one id twice in one batch moves once, and another content under it is told apart', async () => {
    const { one } = await twoTills();
    const command = { kind: 'RecordMovements' as const, id: commandId(2), lines: [sale('STORE', MUG, 1)] };
    const other = { ...command, lines: [restock('STORE', MUG, 9)] };
    const [first, again, wrong] = await one.executeAll([command, command, other]);
    expect([first?.isOk() && first.value.replayed, again?.isOk() && again.value.replayed]).toEqual([false, true]);
    expect(wrong?.isErr() && wrong.error.kind).toBe('CommandIdReused');
    expect(await onHand(one)).toBe(0);
  });

  it('vendure#550: what is sent again after its answer was lost moves once', async () => {
    const { one, other } = await twoTills();
    const answers = [await put(one, 2, [sale('STORE', MUG, 1)]), await put(other, 2, [sale('STORE', MUG, 1)])];
    expect(answers).toEqual(['recorded', 'replayed']);
    expect(await onHand(one)).toBe(0);
  });

  it('saleor#17170: a place below zero leaves what another has to be sold', async () => {
    // Given: a kiosk that may fall below zero, at -4, and one mug in the shop.
    const { one } = await twoTills();
    const location = { id: KIOSK, type: 'STORE', name: 'Kiosk' } as const;
    await one.execute({ kind: 'OpenLocation', id: commandId(20), location });
    const policy = { floors: { STORE: 0 }, locations: { [KIOSK]: null } };
    await one.execute({ kind: 'SetPolicy', id: commandId(21), policy });
    const answers = [await put(one, 2, [sale(KIOSK, MUG, 4)])];
    // When the shop sells its mug, and one more.
    answers.push(await put(one, 3, [sale('STORE', MUG, 1)]), await put(one, 4, [sale('STORE', MUG, 1)]));
    // Then the first sale has what it needs, and the second is told of the shop alone.
    expect(answers).toEqual(['recorded', 'recorded', 'StockInsufficient 0 of 1']);
  });

  it('medusa#12796: what comes back is taken also where the balance is below its floor', async () => {
    const { one } = await twoTills({ floors: {} });
    await put(one, 2, [sale('STORE', MUG, 5)]);
    await one.execute({ kind: 'SetPolicy', id: commandId(3), policy: { floors: { STORE: 0 } } });
    expect(await put(one, 4, [refund('STORE', MUG, 1)])).toBe('recorded');
    expect(await onHand(one)).toBe(-3);
  });
});

it('interledger/rafiki#3134: every store gives the same answers, and holds the same in the end', async () => {
  const line = fc
    .record({ isSale: fc.boolean(), variant: fc.constantFrom(MUG, PLATE), quantity: fc.integer({ min: 1, max: 5 }) })
    .map(({ isSale, variant, quantity }) => (isSale ? sale : restock)('STORE', variant, quantity));
  const commands = fc.array(
    fc.record({ number: fc.integer({ min: 2, max: 12 }), lines: fc.array(line, { minLength: 1, maxLength: 4 }) }),
  );
  await hold(
    fc.asyncProperty(commands, async run => {
      const told = await Promise.all(
        Object.values(stores).map(async ({ create }) => {
          const ledger = openTill(create(), { floors: { STORE: 0 } });
          const answers = [await put(ledger, 1, [restock('STORE', MUG, 3)], [MUG.productId, PLATE.productId])];
          for (const { number, lines } of run) answers.push(await put(ledger, number, lines));
          const { items } = (await ledger.balances())._unsafeUnwrap();
          await ledger.close();
          return { answers, balances: items.map(({ variantId, onHand }) => [variantId, onHand]) };
        }),
      );
      for (const other of told.slice(1)) expect(other).toEqual(told[0]);
    }),
    60,
  );
});

function openTill(store: LedgerStore, policy: LedgerOptions['policy']): Ledger {
  return createLedger({ store, policy });
}

async function put(
  ledger: Ledger,
  number: number,
  lines: readonly MovementLineInput[],
  products: readonly string[] = [],
  rest: object = {},
): Promise<string> {
  const tracking = products.map(startTracking);
  const result = await ledger.execute({ kind: 'RecordMovements', id: commandId(number), tracking, lines, ...rest });
  if (result.isOk()) return result.value.replayed ? 'replayed' : 'recorded';
  const { error } = result;
  if (error.kind !== 'StockInsufficient') return error.kind;
  return [error.kind, ...error.shortages.map(({ onHand, requested }) => `${onHand} of ${requested}`)].join(' ');
}

async function onHand(ledger: Ledger): Promise<number> {
  return (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand;
}
