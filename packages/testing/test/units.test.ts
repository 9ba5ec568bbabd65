import {
  createLedger,
  exportJournal,
  formatQuantity,
  fromUnits,
  importJournal,
  type Ledger,
  type LedgerOptions,
  type LedgerStore,
  type MovementLineInput,
  type PolicyInput,
  restock,
  type Scale,
  sale,
  startTracking,
  toUnits,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { hold } from './seed.ts';
import { stores } from './stores.ts';

const RICE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const commandId = (number: number) => numberedId(0xd, number);
/** Kilograms, as grams. */
const KILOGRAMS = { scale: 3 } as const;

const open = (store: LedgerStore, policy?: LedgerOptions['policy']) => createLedger({ store, policy });
const setPolicy = (number: number, policy: PolicyInput) =>
  ({ kind: 'SetPolicy', id: commandId(number), policy }) as const;
const move = (number: number, lines: readonly MovementLineInput[]) =>
  ({ kind: 'RecordMovements', id: commandId(number), tracking: [startTracking(RICE.productId)], lines }) as const;

/** What a command comes to: `recorded`, or what is wrong with it. */
async function outcomeOf(ledger: Ledger, command: Parameters<Ledger['execute']>[0]): Promise<string> {
  const done = await ledger.execute(command);
  if (done.isOk()) return done.value.replayed ? 'replayed' : 'recorded';
  if (done.error.kind !== 'CommandInvalid') return done.error.kind;
  return done.error.violations.map(({ kind, path }) => `${kind} ${path.join('.')}`).join();
}

const REFUSED = 'ScaleInvalid policy.scale';

describe.each(Object.entries(stores))('on %s, the scale of an organization', (_, { create }) => {
  it('is settled by its first record, and from then on no command changes it', async () => {
    const ledger = open(create());
    expect(await outcomeOf(ledger, setPolicy(1, KILOGRAMS))).toBe('recorded');
    expect((await ledger.policy())._unsafeUnwrap()).toEqual({ floors: {}, scale: 3 });
    expect(await outcomeOf(ledger, setPolicy(2, { scale: 2 }))).toBe(REFUSED);
    expect(await outcomeOf(ledger, setPolicy(3, { floors: { STORE: 0 } }))).toBe(REFUSED);
    expect(await outcomeOf(ledger, setPolicy(4, { ...KILOGRAMS, floors: { STORE: 0 } }))).toBe('recorded');
    expect(await outcomeOf(ledger, setPolicy(1, KILOGRAMS))).toBe('replayed');
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it('is 0 where the first record said nothing of it', async () => {
    const ledger = open(create());
    expect(await outcomeOf(ledger, move(1, [restock('STORE', RICE, 5)]))).toBe('recorded');
    expect(await outcomeOf(ledger, setPolicy(2, KILOGRAMS))).toBe(REFUSED);
    expect(await outcomeOf(ledger, setPolicy(3, { scale: 0, floors: { STORE: 0 } }))).toBe('recorded');
  });

  it('is no other within one group of commands either', async () => {
    const group = [setPolicy(1, KILOGRAMS), setPolicy(2, { scale: 2 }), move(3, [restock('STORE', RICE, 1)])];
    const done = await open(create()).executeAll(group);
    expect(done.map(result => result.isOk())).toEqual([true, false, true]);
  });

  it('is one where two found it at once in two scales', async () => {
    const store = create();
    const done = await Promise.all([
      outcomeOf(open(store), setPolicy(1, KILOGRAMS)),
      outcomeOf(open(store), setPolicy(2, { scale: 2 })),
    ]);
    expect(done.sort()).toEqual([REFUSED, 'recorded']);
  });

  it('is that of all handles: one that brings another is told so by each of its commands', async () => {
    const store = create();
    expect(await outcomeOf(open(store, KILOGRAMS), move(1, [restock('STORE', RICE, 1_500)]))).toBe('recorded');
    expect(await outcomeOf(open(store, KILOGRAMS), move(2, [sale('STORE', RICE, 250)]))).toBe('recorded');
    const other = open(store, { scale: 2 });
    expect(await outcomeOf(other, move(3, [sale('STORE', RICE, 250)]))).toBe(REFUSED);
    const preview = (await other.preview(move(4, [sale('STORE', RICE, 250)])))._unsafeUnwrap();
    expect(preview).toMatchObject({ kind: 'WouldRefuse', reasons: [{ kind: 'CommandInvalid' }] });
    expect(await onHand(other)).toBe('1.250');
  });

  it('goes with its journal, which must not change it on the way', async () => {
    const ledger = open(create());
    await ledger.execute(setPolicy(1, KILOGRAMS));
    await ledger.execute(move(2, [restock('STORE', RICE, 1_500)]));
    await ledger.execute(setPolicy(3, { ...KILOGRAMS, floors: { STORE: 0 } }));
    const lines: string[] = [];
    for await (const line of exportJournal(ledger)) lines.push(line._unsafeUnwrap());
    const copy = create();
    expect((await importJournal({ store: copy, lines })).isOk()).toBe(true);
    expect(await onHand(open(copy, KILOGRAMS))).toBe('1.500');
    const forged = lines.map((line, index) => (index === 3 ? line.replace('"scale":3', '"scale":2') : line));
    expect(forged).not.toEqual(lines);
    expect((await importJournal({ store: create(), lines: forged }))._unsafeUnwrapErr()).toMatchObject({
      reason: 'Refused',
      line: 4,
    });
  });

  it('goes with its journal, and no handle in it has changed it', async () => {
    const store = create();
    await open(store, KILOGRAMS).execute(move(1, [restock('STORE', RICE, 1_500)]));
    const strict = open(store, { ...KILOGRAMS, floors: { STORE: 0 } });
    await strict.execute(move(2, [sale('STORE', RICE, 250)]));
    const lines: string[] = [];
    for await (const line of exportJournal(strict)) lines.push(line._unsafeUnwrap());
    expect((await importJournal({ store: create(), lines })).isOk()).toBe(true);
    const forged = lines.map((line, index) => (index === 2 ? line.replace('"scale":3', '"scale":2') : line));
    const refused = (await importJournal({ store: create(), lines: forged }))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ reason: 'Refused', line: 3 });
  });

  async function onHand(ledger: Ledger): Promise<string> {
    const balance = await ledger.balanceAt({ locationId: 'STORE', variantId: RICE.variantId });
    return formatQuantity(balance._unsafeUnwrap().onHand, 3);
  }

  /** Moves kilograms as they are written. */
  const kilograms = (amount: string | number) => toUnits(amount, 3)._unsafeUnwrap();

  it('odoo#201509: ten sales of 0.1 empty a shelf of 1, and no residue stays behind', async () => {
    const ledger = open(create(), { ...KILOGRAMS, floors: { STORE: 0 } });
    await ledger.execute(move(1, [restock('STORE', RICE, kilograms(1))]));
    for (let sold = 0; sold < 10; sold++) {
      const done = await ledger.execute(move(2 + sold, [sale('STORE', RICE, kilograms(0.1))]));
      expect(done.isOk()).toBe(true);
    }
    expect(await onHand(ledger)).toBe('0.000');
    expect(await outcomeOf(ledger, move(20, [sale('STORE', RICE, kilograms('0.001'))]))).toBe('StockInsufficient');
  });

  it('erpnext#51482: what is put right to 0 is 0, with the digits of a count and not those of a float', async () => {
    const ledger = open(create(), KILOGRAMS);
    await ledger.execute(move(1, [restock('STORE', RICE, kilograms('0.1')), restock('STORE', RICE, kilograms('0.2'))]));
    expect(0.1 + 0.2 - 0.3).not.toBe(0);
    await ledger.execute(move(2, [sale('STORE', RICE, kilograms('0.3'))]));
    expect(await onHand(ledger)).toBe('0.000');
  });

  it('InvenTree#12555: a weight of more digits than are kept is refused, not cut', async () => {
    const ledger = open(create(), KILOGRAMS);
    const refused = toUnits('0.1234567', 3, ['lines', 0, 'quantity'])._unsafeUnwrapErr();
    expect(refused).toMatchObject({ reason: 'too many decimals', path: ['lines', 0, 'quantity'] });
    await ledger.execute(move(1, [restock('STORE', RICE, kilograms('0.123'))]));
    expect(await onHand(ledger)).toBe('0.123');
  });
});

describe('amounts', () => {
  it('for any movements of any scale, leave nothing when all is taken back', async () => {
    const scale = fc.constantFrom<Scale>(1, 2, 3, 4, 5, 6);
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 1, maxLength: 8 });
    await hold(
      fc.asyncProperty(scale, amounts, async (scale, all) => {
        const ledger = open(createMemoryStore(), { scale });
        const written = all.map(units => fromUnits(units, scale));
        const read = (amount: number | string) => toUnits(amount, scale)._unsafeUnwrap();
        await ledger.execute(
          move(
            1,
            written.map(amount => restock('STORE', RICE, read(amount))),
          ),
        );
        await ledger.execute(
          move(
            2,
            written.toReversed().map(amount => sale('STORE', RICE, read(amount))),
          ),
        );
        const balance = await ledger.balanceAt({ locationId: 'STORE', variantId: RICE.variantId });
        expect(balance._unsafeUnwrap().onHand).toBe(0);
      }),
      50,
    );
  });
});
