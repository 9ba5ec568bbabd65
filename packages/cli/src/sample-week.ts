import {
  type CommandInput,
  createLedger,
  discard,
  type LedgerStore,
  type MovementLineInput,
  refund,
  restock,
  sale,
  startTracking,
  transfer,
  type Variant,
} from '@stockfold/core';
import { CliError } from './cli-error.ts';

const STALL = '5b0f2c1e-5f0f-41ec-bf63-0242ac130002';
const COUNTS = '6c1f3d2f-5f0f-42ec-bf63-0242ac130002';

const HOUR = 3_600_000;
const DAYS = 7;
const SALES_A_DAY = 26;

/** Twelve variants of six products; the first groups of their ids are apart, since they are what people read. */
const VARIANTS: readonly Variant[] = Array.from({ length: 12 }, (_, index) => ({
  productId: idOf(0x65314d7e + 0x1a2b3c4 * Math.floor(index / 2)),
  variantId: idOf((0x1f3c5a71 + 0x12d4e6f9 * index) % 2 ** 32),
}));

/**
 * A week of sample business up to yesterday, in a store that nothing was recorded in: a shop with a market stall that is
 * restocked, sells, takes back, throws away and counts. It is the same week each time, but for its dates.
 *
 * @param now - Milliseconds since 1970.
 * @throws CliError when the ledger refuses it.
 */
export async function recordSampleWeek(store: LedgerStore, organizationId: string, now: number): Promise<void> {
  const start = new Date(now).setHours(9, 0, 0, 0) - DAYS * 24 * HOUR;
  let at = start;
  // It is not closed: its store is the caller's.
  const ledger = createLedger({ store, organizationId, clock: () => at });
  const record = async (hour: number, commands: readonly CommandInput[]) => {
    at = start + hour * HOUR;
    for (const result of await ledger.executeAll(commands))
      if (result.isErr()) throw new CliError(`the sample week was refused: ${result.error.kind}.`);
  };
  await record(0, opening(ledger.newId));
  for (const { hour, lines } of new Shop().week())
    await record(hour, [{ kind: 'RecordMovements', id: ledger.newId(), lines }]);
}

function opening(newId: () => string): readonly CommandInput[] {
  const stall = { id: STALL, type: 'STORE', name: 'Market stall' } as const;
  const counts = { id: COUNTS, type: 'ADJUSTMENT', name: 'Counts' } as const;
  const tracking = [...new Set(VARIANTS.map(variant => variant.productId))].map(startTracking);
  return [
    { kind: 'OpenLocation', id: newId(), location: stall },
    { kind: 'OpenLocation', id: newId(), location: counts },
    { kind: 'RecordMovements', id: newId(), tracking },
  ];
}

/** What is done at an hour, counted from the beginning of the week. */
type Work = Readonly<{ hour: number; lines: readonly MovementLineInput[] }>;

/** Does a week's work, and keeps count, so that it sells nothing that is not there. */
class Shop {
  readonly #onHand = new Map<string, number>();
  #state = 7;

  /** All that is done, in order; what could not be done has no lines, and is left out. */
  week(): readonly Work[] {
    const days = Array.from({ length: DAYS }, (_, day) => this.#day(day * 24));
    return days.flat().filter(({ lines }) => lines.length > 0);
  }

  #day(morning: number): readonly Work[] {
    const work: Work[] = [{ hour: morning + 0.2, lines: VARIANTS.flatMap(variant => this.#restock(variant)) }];
    work.push({ hour: morning + 0.5, lines: [9, 7, 6].flatMap(most => this.#toStall(this.#any(), most)) });
    for (let sold = 0; sold < SALES_A_DAY; sold++) {
      work.push({ hour: morning + 1 + (sold * 9) / SALES_A_DAY, lines: this.#sell() });
    }
    work.push({ hour: morning + 10.1, lines: this.#takeBack(this.#any()) });
    work.push({ hour: morning + 10.2, lines: this.#discard(this.#any()) });
    if (morning === 5 * 24) work.push({ hour: morning + 10.5, lines: this.#count(this.#any()) });
    return work;
  }

  /** What is nearly gone is ordered, the more the better it sells. */
  #restock(variant: Variant): readonly MovementLineInput[] {
    if (this.#at('STORE', variant) > 6) return [];
    return [this.#put('STORE', variant, 18 + this.#random(24), restock)];
  }

  #toStall(variant: Variant, most: number): readonly MovementLineInput[] {
    const quantity = Math.min(most, this.#at('STORE', variant));
    if (quantity === 0) return [];
    this.#add(STALL, variant, quantity);
    return [this.#take('STORE', variant, quantity, (from, moved, count) => transfer(from, STALL, moved, count))];
  }

  /** One customer, who buys up to three of up to three variants: nobody is sold what is not there. */
  #sell(): readonly MovementLineInput[] {
    const place = this.#random(4) === 0 ? STALL : 'STORE';
    const wanted = Array.from({ length: 1 + this.#random(3) }, () => this.#any());
    return wanted.flatMap(variant => {
      const quantity = Math.min(1 + this.#random(3), this.#at(place, variant));
      return quantity === 0 ? [] : [this.#take(place, variant, quantity, sale)];
    });
  }

  #takeBack(variant: Variant): readonly MovementLineInput[] {
    return [this.#put('STORE', variant, 1, refund)];
  }

  #discard(variant: Variant): readonly MovementLineInput[] {
    return this.#at('STORE', variant) < 2 ? [] : [this.#take('STORE', variant, 2, discard)];
  }

  /** One is missing. */
  #count(variant: Variant): readonly MovementLineInput[] {
    if (this.#at('STORE', variant) === 0) return [];
    return [this.#take('STORE', variant, 1, (from, counted, quantity) => transfer(from, COUNTS, counted, quantity))];
  }

  #at(place: string, { variantId }: Variant): number {
    return this.#onHand.get(`${place} ${variantId}`) ?? 0;
  }

  #add(place: string, variant: Variant, quantity: number): void {
    this.#onHand.set(`${place} ${variant.variantId}`, this.#at(place, variant) + quantity);
  }

  #put(place: string, variant: Variant, quantity: number, toLine: typeof restock): MovementLineInput {
    this.#add(place, variant, quantity);
    return toLine(place, variant, quantity);
  }

  #take(place: string, variant: Variant, quantity: number, toLine: typeof sale): MovementLineInput {
    this.#add(place, variant, -quantity);
    return toLine(place, variant, quantity);
  }

  /** Some variants sell better than others. */
  #any(): Variant {
    return VARIANTS[Math.min(this.#random(VARIANTS.length), this.#random(VARIANTS.length))] as Variant;
  }

  /** A whole number below a bound: a linear congruential generator is enough to look like business. */
  #random(below: number): number {
    this.#state = (this.#state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((this.#state / 2 ** 32) * below);
  }
}

function idOf(first: number): string {
  return `${first.toString(16).padStart(8, '0')}-5f0f-11ec-bf63-0242ac130002`;
}
