import {
  CLOCK_SKEW_MAX_MS,
  createHolds,
  type Ledger,
  occurredAtOf,
  provenanceOf,
  restock,
  sale,
  startTracking,
} from '@stockfold/core';
import fc from 'fast-check';
import { allOrNothing } from './laws/all-or-nothing.ts';
import { asOfAgrees } from './laws/as-of-agrees.ts';
import { commutes } from './laws/commutes.ts';
import { conserves } from './laws/conserves.ts';
import { historyAgrees } from './laws/history-agrees.ts';
import { holdsAgree } from './laws/holds-agree.ts';
import { keepsFloor } from './laws/keeps-floor.ts';
import { type Law, type OpenLedger, onLedger } from './laws/law.ts';
import { matchesJournal } from './laws/matches-journal.ts';
import { notesAgree } from './laws/notes-agree.ts';
import { previewsAgree } from './laws/previews-agree.ts';
import { recordsOnce } from './laws/records-once.ts';
import { reversalsAgree } from './laws/reversals-agree.ts';
import { sequenceIsDense } from './laws/sequence-is-dense.ts';
import { storesAgree } from './laws/stores-agree.ts';
import { numberedId } from './simulation/world.ts';
import { assertEqual } from './store-suite/assert.ts';
import type { TestRunner } from './store-suite/suite.ts';

/** How the suite gets its ledgers, and what runs it. */
export type LedgerSuiteOptions = Readonly<{
  /** Called once or more per test: each time a ledger on a fresh, empty store. */
  open: OpenLedger;
  runner: TestRunner;
  /** How many inputs each law is tried on; 50 when absent. */
  numRuns?: number | undefined;
  /** Of the inputs; the same ones on every run when absent. */
  seed?: number | undefined;
}>;

const LAWS: Readonly<Record<string, (open: OpenLedger) => Law>> = {
  'for any commands, what all locations hold adds up to zero': conserves,
  'for any commands, the journal gives the balances': matchesJournal,
  'for any sellers racing for scarce stock, never oversells': keepsFloor,
  'for any command sent again, records it once': recordsOnce,
  'for any clock, numbers the journal without gap': sequenceIsDense,
  'for any sequence, knows the balances as of it': asOfAgrees,
  'for any history, tells of the past what the journal says': historyAgrees,
  'for any commands with notes, the journal gives the notes': notesAgree,
  'for any holds and sales, promises what is there and answers what the model of holds answers': holdsAgree,
  'for any reversals, takes each command back once and whole': reversalsAgree,
  'for any history, answers what the reference model answers': storesAgree,
  'for any history, previews what it then does': previewsAgree,
  'for any order of movements without floors, ends alike': commutes,
  'for any command, records all of it or nothing': allOrNothing,
};

/**
 * Says whether something is a `Ledger`: one on a store of one's own, a client of a remote one, a wrapper. Registers
 * the laws and the answers that callers act on with a test runner.
 *
 * @param name - Of the ledger, for the report.
 * @example
 * describeLedger('over HTTP', { open: options => openRemote(options), runner: { describe, it } });
 */
export function describeLedger(name: string, { open, runner, numRuns = 50, seed = 1 }: LedgerSuiteOptions): void {
  runner.describe(`a ledger: ${name}`, () => {
    for (const [fact, law] of Object.entries(LAWS)) runner.it(fact, () => fc.assert(law(open), { numRuns, seed }));
    for (const [fact, body] of Object.entries(ANSWERS)) runner.it(fact, () => onLedger(open, { policy: FLOOR }, body));
  });
}

const FLOOR = { floors: { STORE: 0 } };
const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const BOWL = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };

const SECOND = { id: numberedId(0xe, 1), type: 'STORE', name: 'Market' } as const;

const RESTOCK = {
  kind: 'RecordMovements',
  id: numberedId(0xd, 1),
  tracking: [startTracking(MUG.productId)],
  lines: [restock('STORE', MUG, 3), restock('STORE', BOWL, 5)],
} as const;

/** Until something has come about; what never does is seen by what is asserted next. */
async function eventually(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !isSo(); turn++) await new Promise(resolve => setTimeout(resolve, 1));
}

const ANSWERS: Readonly<Record<string, (ledger: Ledger) => Promise<void>>> = {
  'gives the first receipt again for the same command': async ledger => {
    const first = (await ledger.execute(RESTOCK))._unsafeUnwrap();
    const again = (await ledger.execute(RESTOCK))._unsafeUnwrap();
    assertEqual(first.replayed, false, 'replayed, the first time');
    assertEqual(again, { ...first, replayed: true }, 'the receipt, the second time');
  },
  'names what differs in another command under a used id': async ledger => {
    await ledger.execute(RESTOCK);
    const other = { ...RESTOCK, lines: [restock('STORE', MUG, 4), restock('STORE', BOWL, 5)] };
    const { kind, differs } = (await ledger.execute(other))._unsafeUnwrapErr() as { kind: string; differs?: unknown };
    assertEqual([kind, differs], ['CommandIdReused', [['lines', 0, 'quantity']]], 'the rejection');
  },
  'names every balance that is short, and what is on hand': async ledger => {
    await ledger.execute(RESTOCK);
    const lines = [sale('STORE', MUG, 4), sale('STORE', BOWL, 6)];
    const rejection = (
      await ledger.execute({ kind: 'RecordMovements', id: numberedId(0xd, 2), lines })
    )._unsafeUnwrapErr();
    const shortages = rejection.kind === 'StockInsufficient' ? rejection.shortages : [];
    assertEqual(
      shortages.map(({ variantId, onHand, requested, floor }) => [variantId, onHand, requested, floor]),
      [
        [MUG.variantId, 3, 4, 0],
        [BOWL.variantId, 5, 6, 0],
      ],
      'the shortages',
    );
  },
  'keeps the floors that a command sets, and says what they are': async ledger => {
    await ledger.execute(RESTOCK);
    const policy = { floors: { STORE: 0 }, variants: { [MUG.variantId]: 2 } };
    await ledger.execute({ kind: 'SetPolicy', id: numberedId(0xd, 2), policy });
    assertEqual((await ledger.policy())._unsafeUnwrap(), policy, 'the policy');
    const selling = { kind: 'RecordMovements', id: numberedId(0xd, 3), lines: [sale('STORE', MUG, 2)] } as const;
    const { kind } = (await ledger.execute(selling))._unsafeUnwrapErr();
    assertEqual(kind, 'StockInsufficient', 'the rejection');
    const forced = { ...selling, override: { floors: true, reason: 'it has left the shop' } } as const;
    assertEqual((await ledger.execute(forced)).isOk(), true, 'recorded with an override');
    const { items } = (await ledger.journal({ after: 2 }))._unsafeUnwrap();
    const reasons = items[0]?.events.map(event => (event.kind === 'FloorsOverridden' ? event.reason : null));
    assertEqual(reasons?.[0], 'it has left the shop', 'the reason in the journal');
  },
  'keeps where a command comes from, and compares it': async ledger => {
    const provenance = { source: 'webshop', externalId: '#1001', reason: 'Grüße 👋', occurredAt: -1_000 } as const;
    const command = { ...RESTOCK, provenance: { ...provenance, causedBy: numberedId(0xd, 9) } };
    await ledger.execute(command);
    const { items } = (await ledger.journal())._unsafeUnwrap();
    assertEqual(items.map(provenanceOf), [command.provenance], 'the provenance in the journal');
    assertEqual(items.map(occurredAtOf), [-1_000], 'when it occurred');
    assertEqual((await ledger.execute(command))._unsafeUnwrap().replayed, true, 'replayed, as it was');
    const other = { ...command, provenance: { ...command.provenance, source: 'till' } };
    const { kind, differs } = (await ledger.execute(other))._unsafeUnwrapErr() as { kind: string; differs?: unknown };
    assertEqual([kind, differs], ['CommandIdReused', [['provenance', 'source']]], 'the rejection');
  },
  'leaves out of the journal, and of what is watched, what came through one source': async ledger => {
    const shown: number[][] = [];
    const query = { locationId: 'STORE', variantIds: [MUG.variantId], exceptSource: 'till' };
    const stop = ledger.watch(query, ({ balances }) => shown.push(balances.map(({ onHand }) => onHand)));
    await eventually(() => shown.length === 1);
    const through = (number: number, source: string) =>
      ({ ...RESTOCK, id: numberedId(0xd, number), provenance: { source } }) as const;
    const record = async (command: Parameters<Ledger['execute']>[0]) => (await ledger.execute(command))._unsafeUnwrap();
    await record(RESTOCK);
    await eventually(() => shown.length === 2);
    await record(through(2, 'till'));
    await record(through(3, 'webshop'));
    await eventually(() => shown.length === 3);
    await record(through(4, 'till'));
    stop();
    assertEqual(shown, [[], [3], [9]], 'what was watched');
    const { items, next, asOf } = (await ledger.journal({ exceptSource: 'till', limit: 1 }))._unsafeUnwrap();
    const rest = (await ledger.journal({ exceptSource: 'till', cursor: next ?? '' }))._unsafeUnwrap();
    assertEqual(
      [...items, ...rest.items].map(({ sequence }) => sequence),
      [1, 3],
      'the journal',
    );
    assertEqual([asOf, rest.next, rest.asOf], [4, null, 4], 'where it ends');
    const none = (await ledger.journal({ exceptSource: 'till', after: 3 }))._unsafeUnwrap();
    assertEqual([none.items, none.next, none.asOf], [[], null, 4], 'what is left');
  },
  'refuses what says that it occurred long after now, and records nothing': async ledger => {
    const occurredAt = ledger.now() + 2 * CLOCK_SKEW_MAX_MS;
    const error = (await ledger.execute({ ...RESTOCK, provenance: { occurredAt } }))._unsafeUnwrapErr();
    const place = error.kind === 'OccursLater' ? [error.occurredAt, error.path] : [];
    assertEqual(place, [occurredAt, ['provenance', 'occurredAt']], 'when and where');
    assertEqual((await ledger.journal())._unsafeUnwrap().items, [], 'the journal');
  },
  'previews what a command would record, and every reason why not, and records nothing': async ledger => {
    const made = (await ledger.preview(RESTOCK))._unsafeUnwrap();
    const shelf = made.kind === 'WouldRecord' ? made.balances.filter(({ onHand }) => onHand > 0) : [];
    assertEqual(
      shelf.map(({ variantId, before, onHand }) => [variantId, before, onHand]),
      [
        [MUG.variantId, 0, 3],
        [BOWL.variantId, 0, 5],
      ],
      'the balances',
    );
    assertEqual((await ledger.journal())._unsafeUnwrap().asOf, 0, 'the head of the journal');
    const receipt = (await ledger.execute(RESTOCK))._unsafeUnwrap();
    const again = (await ledger.preview(RESTOCK))._unsafeUnwrap();
    assertEqual(again, { kind: 'WouldReplay', receipt: { ...receipt, replayed: true } }, 'the same command again');
    const lines = [sale('STORE', MUG, 4), sale('STORE', { ...BOWL, productId: numberedId(0xb, 9) }, 1)];
    const wrong = { kind: 'RecordMovements', id: RESTOCK.id, lines, provenance: { occurredAt: 8e15 } } as const;
    const refused = (await ledger.preview(wrong))._unsafeUnwrap();
    assertEqual(
      refused.kind === 'WouldRefuse' ? refused.reasons.map(({ kind }) => kind) : [],
      ['CommandIdReused', 'OccursLater', 'VariantOfOtherProduct', 'ProductNotTracked', 'StockInsufficient'],
      'the reasons',
    );
    const first = refused.kind === 'WouldRefuse' ? refused.reasons[0] : null;
    assertEqual((await ledger.execute(wrong))._unsafeUnwrapErr(), first, 'the rejection');
    const unread = (await ledger.preview({ ...RESTOCK, lines: [restock('STORE', MUG, 0.5)] }))._unsafeUnwrap();
    assertEqual(
      unread.kind === 'WouldRefuse' ? unread.reasons.map(({ kind }) => kind) : [],
      ['CommandInvalid'],
      'what cannot be read',
    );
  },
  'says where a command is wrong, and records nothing': async ledger => {
    const command = { ...RESTOCK, lines: [restock('STORE', MUG, 1), restock('STORE', BOWL, 0.5)] };
    const rejection = (await ledger.execute(command))._unsafeUnwrapErr();
    const paths = rejection.kind === 'CommandInvalid' ? rejection.violations.map(violation => violation.path) : [];
    assertEqual(paths, [['lines', 1, 'quantity']], 'the paths');
    assertEqual((await ledger.journal())._unsafeUnwrap().items, [], 'the journal');
  },
  'answers each of several commands by itself, in their order': async ledger => {
    const sell = (number: number, quantity: number) =>
      ({ kind: 'RecordMovements', id: numberedId(0xd, number), lines: [sale('STORE', MUG, quantity)] }) as const;
    const results = await ledger.executeAll([RESTOCK, sell(2, 4), sell(3, 3)]);
    assertEqual(
      results.map(result => (result.isOk() ? result.value.sequence : result.error.kind)),
      [1, 'StockInsufficient', 2],
      'the answers',
    );
  },
  'gives all balances page by page': async ledger => {
    await ledger.execute(RESTOCK);
    const whole = (await ledger.balances())._unsafeUnwrap().items;
    const walked = [];
    let cursor: string | undefined;
    do {
      const page = (await ledger.balances({ cursor, limit: 1 }))._unsafeUnwrap();
      walked.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    assertEqual(whole.length, 4, 'the number of balances');
    assertEqual(walked, whole, 'the pages');
  },
  'tells what each record made of a balance, page by page': async ledger => {
    await ledger.executeAll([RESTOCK, { ...RESTOCK, id: numberedId(0xd, 2), lines: [sale('STORE', MUG, 2)] }]);
    const shelf = { locationId: 'STORE', variantId: MUG.variantId };
    const { items, next, asOf } = (await ledger.postings({ ...shelf, limit: 1 }))._unsafeUnwrap();
    const rest = (await ledger.postings({ ...shelf, cursor: next ?? '' }))._unsafeUnwrap();
    assertEqual(
      [...items, ...rest.items],
      [
        { sequence: 1, onHand: 3 },
        { sequence: 2, onHand: 1 },
      ],
      'the postings',
    );
    assertEqual([asOf, rest.next], [2, null], 'where they end');
  },
  'finds records by their commands, in the order of the journal': async ledger => {
    const open = { kind: 'OpenLocation', id: numberedId(0xd, 2), location: SECOND } as const;
    await ledger.executeAll([RESTOCK, open]);
    const commandIds = [open.id, numberedId(0xd, 9), RESTOCK.id.toUpperCase()];
    const records = (await ledger.records({ commandIds }))._unsafeUnwrap();
    const page = (await ledger.journal())._unsafeUnwrap();
    assertEqual(records, page.items, 'the records');
    assertEqual(records.length, 2, 'how many');
  },
  'writes notes with the movements, and names those that another command has written': async ledger => {
    const note = { kind: 'hold', id: 'h1' };
    await ledger.execute({ ...RESTOCK, notes: [{ ...note, body: { open: true }, ifSequence: 0 }] });
    const late = { kind: 'RecordMovements', id: numberedId(0xd, 2), lines: [sale('STORE', MUG, 1)] } as const;
    const stale = (await ledger.execute({ ...late, notes: [{ ...note, body: 2, ifSequence: 0 }] }))._unsafeUnwrapErr();
    const named = stale.kind === 'NoteStale' ? stale.notes : [];
    assertEqual(
      named,
      [{ ...note, expected: 0, actual: 1, path: ['notes', 0, 'ifSequence'] }],
      'the notes of the rejection',
    );
    const page = (await ledger.notes({ kind: 'hold' }))._unsafeUnwrap();
    assertEqual(page, { items: [{ ...note, body: { open: true }, sequence: 1 }], next: null, asOf: 1 }, 'the notes');
    const shelf = (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap();
    assertEqual(shelf.onHand, 3, 'on the shelf');
  },
  'keeps from a sale what is held, and says what is reserved': async ledger => {
    await ledger.execute(RESTOCK);
    await ledger.execute({ kind: 'SetPolicy', id: numberedId(0xd, 2), policy: { ...FLOOR, holds: true } });
    const holds = createHolds(ledger);
    const line = { holdId: numberedId(0xf, 1), locationId: 'STORE', ...MUG, quantity: 2 };
    await holds.reserve({ id: numberedId(0xd, 3), owner: 'cart', lines: [line] });
    const selling = { kind: 'RecordMovements', id: numberedId(0xd, 4), lines: [sale('STORE', MUG, 2)] } as const;
    const rejection = (await ledger.execute(selling))._unsafeUnwrapErr();
    const shortages = rejection.kind === 'StockInsufficient' ? rejection.shortages : [];
    assertEqual(
      shortages.map(({ onHand, reserved, requested }) => [onHand, reserved, requested]),
      [[3, 2, 2]],
      'the shortages',
    );
    await holds.post({ id: numberedId(0xd, 5), lines: [{ holdId: line.holdId }] });
    const { onHand, reserved, asOf } = (
      await holds.availability({ locationId: 'STORE', variantId: MUG.variantId })
    )._unsafeUnwrap();
    assertEqual([onHand, reserved, asOf], [1, 0, 4], 'what is left');
  },
  'compares a command that was made of a request by that alone': async ledger => {
    const made = (request: string, body: number) =>
      ({ ...RESTOCK, request: { count: request }, notes: [{ kind: 'count', id: 'c', body }] }) as const;
    await ledger.execute(made('shelf 1', 1));
    const again = (await ledger.execute(made('shelf 1', 2)))._unsafeUnwrap();
    assertEqual([again.sequence, again.replayed], [1, true], 'the receipt');
    const other = (await ledger.execute(made('shelf 2', 1)))._unsafeUnwrapErr();
    assertEqual(other.kind === 'CommandIdReused' && other.differs, [['request', 'count']], 'what differs');
  },
  'names the field of a query that is wrong': async ledger => {
    const errors = [
      await ledger.balances({ limit: 0 }),
      await ledger.balanceAt({ locationId: 'STORE', variantId: 'mug' }),
      await ledger.journal({ after: -1 }),
      await ledger.records({} as never),
    ].map(result => result._unsafeUnwrapErr());
    assertEqual(
      errors.map(error => (error.kind === 'QueryInvalid' ? error.field : error.kind)),
      ['limit', 'variantId', 'after', 'commandIds'],
      'the fields',
    );
  },
  'has its four locations from the beginning': async ledger => {
    const types = (await ledger.locations())._unsafeUnwrap().map(location => location.type);
    assertEqual(types, ['STORE', 'SUPPLIER', 'SOLD', 'BIN'], 'the types');
  },
  'finds nothing wrong with itself': async ledger => {
    await ledger.execute(RESTOCK);
    assertEqual(
      (await ledger.verify())._unsafeUnwrap(),
      { ok: true, records: 1, balances: 4, breaches: [] },
      'the verification',
    );
  },
  'refuses every call once it is closed': async ledger => {
    await ledger.close();
    const { kind } = (await ledger.execute(RESTOCK))._unsafeUnwrapErr();
    const read = (await ledger.balances())._unsafeUnwrapErr();
    assertEqual([kind, read.kind], ['StoreClosed', 'StoreClosed'], 'the faults');
  },
};
