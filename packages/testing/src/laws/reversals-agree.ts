import {
  discard,
  type Ledger,
  type LedgerError,
  type Receipt,
  type RecordMovementsInput,
  type ReversalError,
  refund,
  restock,
  reversalOf,
  reverse,
  sale,
  startTracking,
} from '@stockfold/core';
import fc from 'fast-check';
import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import { type ReversalDay, type ReversalOp, type ReversibleLine, reversalDay } from '../arbitraries/reversal-day.ts';
import { ReversalsModel } from '../reversals-model.ts';
import { numberedId } from '../simulation/world.ts';
import { assertEqual } from '../store-suite/assert.ts';
import { again } from './again.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';

/**
 * For any movements and reversals, one after the other or several at once, each command is taken back once and whole: the balances
 * and the answers are those of the model of reversals, in the order of the journal, and a link leads each way.
 *
 * @param take - What takes a command back: `reverse`, or a service around it that is called the same way.
 */
export function reversalsAgree(open: OpenLedger, take: typeof reverse = reverse): Law {
  return fc.asyncProperty(reversalDay, day =>
    onLedger(open, { policy: { floors: { STORE: 0 } } }, async ledger => {
      const shop = new Shop(ledger, take);
      await shop.found();
      await spend(shop, day);
      const { breaches } = (await again(() => ledger.verify()))._unsafeUnwrap();
      assertNone(breaches);
    }),
  );
}

type Placed = Readonly<{ place: number; op: ReversalOp }>;

async function spend(shop: Shop, { ops, width }: ReversalDay): Promise<void> {
  const model = new ReversalsModel();
  for (let at = 0; at < ops.length; at += width) {
    const batch = ops.slice(at, at + width).map((op, index) => ({ place: at + index, op }));
    const answers = await Promise.all(batch.map(async placed => ({ ...placed, answer: await shop.act(placed) })));
    const recorded = answers
      .flatMap(({ answer, ...placed }) => (answer.isOk() ? [{ ...placed, sequence: answer.value }] : []))
      .sort((one, other) => one.sequence - other.sequence);
    const unexplained = new Set(answers.filter(({ answer }) => answer.isErr()));
    // A refusal is right when the model gives it at some moment of the batch.
    const explain = () => {
      for (const refused of unexplained)
        if (refused.answer._unsafeUnwrapErr() === model.answer(refused.op)) unexplained.delete(refused);
    };
    explain();
    for (const { place, op } of recorded) {
      assertEqual(model.answer(op), 'recorded', `the answer to ${JSON.stringify(op)}`);
      model.record(place, op);
      explain();
    }
    assertEqual([...unexplained], [], 'refusals that are right at no moment');
    await shop.compare(model, at + batch.length);
    for (const placed of recorded) await shop.compareRecord(placed);
  }
}

const PRODUCT = numberedId(0xb, 1);
const VARIANTS = [1, 2].map(item => ({ productId: PRODUCT, variantId: numberedId(0xc, item) }));
const MOVES = { sale, restock, discard, refund };
const FORCE = { reason: 'the books were wrong' };

/** A shop of two variants, and what is done in it. */
class Shop {
  readonly #ledger: Ledger;
  readonly #take: typeof reverse;

  constructor(ledger: Ledger, take: typeof reverse) {
    this.#ledger = ledger;
    this.#take = take;
  }

  async found(): Promise<void> {
    const command = { kind: 'RecordMovements', id: numberedId(0xd, 0), tracking: [startTracking(PRODUCT)] } as const;
    (await again(() => this.#ledger.execute(command)))._unsafeUnwrap();
  }

  /** The sequence under which it was recorded, also when it is asked for once more; or the kind of the error. */
  async act(placed: Placed): Promise<Result<number, string>> {
    const first = await again(() => this.#ask(placed));
    if (first.isErr()) return err(first.error.kind);
    const second = (await again(() => this.#ask(placed)))._unsafeUnwrap();
    assertThat(second.replayed && second.sequence === first.value.sequence, 'what is asked for again is done once');
    return ok(second.sequence);
  }

  #ask({ place, op }: Placed): ResultAsync<Receipt, ReversalError | LedgerError> {
    const id = idOf(place);
    if (op.kind === 'reverse')
      return this.#take(this.#ledger, { id, commandId: idOf(op.place), force: op.force ? FORCE : undefined });
    const command: RecordMovementsInput = {
      kind: 'RecordMovements',
      id,
      tracking: op.kind === 'track' ? [startTracking(PRODUCT)] : [],
      lines: 'lines' in op ? op.lines.map(lineOf) : [],
      notes: op.kind === 'note' ? [{ kind: 'remark', id: 'r', body: place }] : [],
    };
    return this.#ledger.execute(command);
  }

  /** Every balance, and which reversal took each command back. */
  async compare(model: ReversalsModel, places: number): Promise<void> {
    const { systemLocations } = this.#ledger;
    const balances = (await again(() => this.#ledger.balances({ limit: 1_000 })))._unsafeUnwrap().items;
    for (const [type, locationId] of Object.entries(systemLocations))
      for (const [index, { variantId }] of VARIANTS.entries()) {
        const balance = balances.find(one => one.locationId === locationId && one.variantId === variantId);
        assertEqual(balance?.onHand ?? 0, model.onHand(`${type} ${index}`), `${type} of variant ${index}`);
      }
    for (let place = 0; place < places; place++) {
      const by = model.reversedBy(place);
      const linked = (await again(() => reversalOf(this.#ledger, idOf(place))))._unsafeUnwrap();
      assertEqual(linked, by === null ? null : idOf(by), `what took back ${place}`);
    }
  }

  /** A reversal names its command, and says where it was forced. */
  async compareRecord({ place, op }: Placed): Promise<void> {
    if (op.kind !== 'reverse') return;
    const [record] = (await again(() => this.#ledger.records({ commandIds: [idOf(place)] })))._unsafeUnwrap();
    const { events = [] } = record ?? {};
    const reasons = events.flatMap(event => (event.kind === 'FloorsOverridden' ? [event.reason] : []));
    const causes = events.flatMap(event => (event.kind === 'Attributed' ? [event.provenance] : []));
    assertEqual(reasons, op.force ? [FORCE.reason] : [], 'why floors were no matter');
    assertEqual(causes, [{ causedBy: idOf(op.place) }], 'the cause');
  }
}

function idOf(place: number): string {
  return numberedId(0xd, place + 1);
}

function lineOf({ move, variant, pieces }: ReversibleLine) {
  return MOVES[move]('STORE', VARIANTS[variant] as (typeof VARIANTS)[number], pieces);
}
