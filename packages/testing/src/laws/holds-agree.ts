import {
  storesAgree as breachesOf,
  createHolds,
  discard,
  type Holds,
  type Ledger,
  restock,
  sale,
  startTracking,
} from '@stockfold/core';
import fc from 'fast-check';
import type { Result } from 'neverthrow';
import { type HoldDay, holdDay } from '../arbitraries/hold-day.ts';
import { type HoldOp, HoldsModel } from '../holds-model.ts';
import { numberedId } from '../simulation/world.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';

/**
 * Invariant 15: for any holds, sales and losses under any clock, what is promised is the sum of the open holds; one after
 * the other they are answered what the model of holds answers, and at once no more is promised than is there.
 */
export function holdsAgree(open: OpenLedger): Law {
  return fc.asyncProperty(holdDay, day => {
    const time = { now: 1_000 };
    const options = { policy: { floors: { STORE: 0 }, holds: true }, clock: () => time.now };
    return onLedger(open, options, async ledger => {
      const shelf = new Shelf(ledger);
      await shelf.stock(day.stock);
      if (day.width === 1) await oneByOne(shelf, day, time);
      else await atOnce(shelf, day, time);
      const { breaches } = (await ledger.verify())._unsafeUnwrap();
      assertNone(breaches);
    });
  });
}

type Time = { now: number };

async function oneByOne(shelf: Shelf, { stock, ops }: HoldDay, time: Time): Promise<void> {
  const model = new HoldsModel(stock);
  for (const op of ops) {
    if (op.kind === 'wait') time.now += op.ms;
    assertNone(breachesOf(model.apply(op, time.now), await shelf.act(op, time.now)));
    for (const variant of [0, 1])
      assertNone(breachesOf(model.availability(variant, time.now), await shelf.availability(variant)));
  }
  assertNone(breachesOf(model.open(), await shelf.open()));
}

async function atOnce(shelf: Shelf, { ops, width }: HoldDay, time: Time): Promise<void> {
  for (let at = 0; at < ops.length; at += width) {
    const batch = ops.slice(at, at + width);
    for (const op of batch) if (op.kind === 'wait') time.now += op.ms;
    await Promise.all(batch.map(op => shelf.act(op, time.now)));
    const lost = ops.slice(0, at + width).flatMap(op => (op.kind === 'lose' ? [op.variant] : []));
    for (const variant of [0, 1]) {
      const [onHand, reserved] = await shelf.availability(variant);
      assertThat(lost.includes(variant) || onHand >= reserved, 'no more is promised than is there');
    }
  }
}

const VARIANTS = [1, 2].map(item => ({ productId: numberedId(0xb, 1), variantId: numberedId(0xc, item) }));
const LOST = { floors: true, reason: 'it fell off the shelf' } as const;

/** A shelf of two variants, and what is done to it. */
class Shelf {
  readonly #ledger: Ledger;
  readonly #holds: Holds;
  #commands = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#holds = createHolds(ledger);
  }

  async stock(quantities: readonly number[]): Promise<void> {
    const [first] = VARIANTS as [(typeof VARIANTS)[number]];
    const lines = VARIANTS.map((variant, index) => restock('STORE', variant, quantities[index] ?? 1));
    const command = {
      kind: 'RecordMovements',
      id: this.#nextId(),
      tracking: [startTracking(first.productId)],
      lines,
    } as const;
    (await this.#ledger.execute(command))._unsafeUnwrap();
  }

  /** What comes of an op, in the words of the model. */
  async act(op: HoldOp, now: number): Promise<string> {
    const id = this.#nextId();
    switch (op.kind) {
      case 'reserve': {
        const lines = op.lines.map(({ hold, variant, quantity }) => {
          return { holdId: holdIdOf(hold), locationId: 'STORE', ...variantOf(variant), quantity };
        });
        const expiresAt = op.ttl === null ? null : now + op.ttl;
        return this.#twice(() => this.#holds.reserve({ id, owner: 'cart', expiresAt, lines }));
      }
      case 'post':
      case 'release': {
        const lines = [{ holdId: holdIdOf(op.hold), quantity: op.quantity ?? undefined }];
        return this.#twice(() => this.#holds[op.kind]({ id, lines }));
      }
      case 'sweep':
        return answerOf(await this.#holds.sweep());
      case 'wait':
        return 'recorded';
      default: {
        const line = { sell: sale, restock, lose: discard }[op.kind]('STORE', variantOf(op.variant), op.quantity);
        const override = op.kind === 'lose' ? LOST : undefined;
        return answerOf(await this.#ledger.execute({ kind: 'RecordMovements', id, lines: [line], override }));
      }
    }
  }

  async availability(variant: number): Promise<readonly [number, number]> {
    const { variantId } = variantOf(variant);
    const { onHand, reserved } = (await this.#holds.availability({ locationId: 'STORE', variantId }))._unsafeUnwrap();
    return [onHand, reserved];
  }

  async open(): Promise<readonly number[]> {
    const { items } = (await this.#holds.open())._unsafeUnwrap();
    return items.map(({ holdId }) => Number.parseInt(holdId.slice(-4), 16)).sort((a, b) => a - b);
  }

  /** A request that was carried out gets the same receipt a second time; one that was refused is sent once. */
  async #twice(request: () => ReturnType<Holds['reserve']>): Promise<string> {
    const first = await request();
    if (first.isErr()) return first.error.kind;
    const again = (await request())._unsafeUnwrap();
    assertThat(again.replayed && again.sequence === first.value.sequence, 'a request that is sent again is done once');
    return 'recorded';
  }

  #nextId(): string {
    this.#commands += 1;
    return numberedId(0xd, this.#commands);
  }
}

function holdIdOf(hold: number): string {
  return numberedId(0xf, hold);
}

function variantOf(variant: number): (typeof VARIANTS)[number] {
  return VARIANTS[variant] as (typeof VARIANTS)[number];
}

function answerOf(result: Result<unknown, Readonly<{ kind: string }>>): string {
  return result.match(
    () => 'recorded',
    error => error.kind,
  );
}
