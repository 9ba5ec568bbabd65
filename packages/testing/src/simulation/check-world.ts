import {
  asOfAgrees,
  type Balance,
  type Breaches,
  type CommandInput,
  conserves,
  createCounts,
  holdsAgree,
  isFrom,
  type JsonValue,
  keepsFloor,
  type Ledger,
  type LedgerStore,
  linesOf,
  matchesJournal,
  type Note,
  notesAgree,
  type PolicyInput,
  provenanceOf,
  recordsOnce,
  type StoredRecord,
  sequenceIsDense,
  storesAgree,
} from '@stockfold/core';
import { createReferenceModel, type ReferenceModel } from '../reference-model.ts';
import { type CountedShop, countMade, countsHold } from './check-counts.ts';
import { reversalMade, reversalsHold } from './check-reversals.ts';
import type { Outcome, Reading } from './client.ts';
import type { Violation } from './violation.ts';
import type { SimulatedShop } from './world.ts';

type Ended = Readonly<{
  disk: LedgerStore;
  /** Opened anew on what the world has left. */
  ledger: Ledger;
  shop: SimulatedShop;
  outcomes: readonly Outcome[];
  /** By client. */
  readings: readonly (readonly Reading[])[];
}>;

const LIMIT = 1_000;
// Of all notes that a simulated client writes, in their order.
const KINDS = ['count', 'counted', 'held', 'hold', 'reserved', 'reversal'];

/** Holds everything that was promised against the journal, the balances and what the clients were told. */
export async function checkWorld({ disk, ledger, shop, outcomes, readings }: Ended): Promise<readonly Violation[]> {
  const { organizationId } = shop;
  const records = (await disk.journal({ organizationId, after: 0, limit: LIMIT }))._unsafeUnwrap().items;
  const balances = (await disk.balances({ organizationId, limit: LIMIT }))._unsafeUnwrap().items;
  const middle = Math.floor(records.length / 2);
  const past = (await disk.balances({ organizationId, asOf: middle, limit: LIMIT }))._unsafeUnwrap().items;
  const pages = await Promise.all(KINDS.map(kind => disk.notes({ organizationId, kind, limit: LIMIT })));
  const notes = pages.flatMap(page => page._unsafeUnwrap().items);
  // Whatever the clock of a process shows, it lies between the two times that commands speak of, as this does.
  const model = createReferenceModel({ locations: shop.locations, policy: shop.policy, now: 0 });
  const counted = { store: shop.locations.STORE, adjustment: createCounts(ledger).adjustmentId };
  const keepsPostings = disk.postings !== undefined;
  return [
    ...named(conserves(balances)),
    ...named(matchesJournal(records, balances)),
    ...named(keepsFloor(records)),
    ...named(recordsOnce(records)),
    ...named(sequenceIsDense(records)),
    ...named(asOfAgrees(records, middle, past)),
    ...named(notesAgree(records, notes)),
    ...named(holdsAgree(notes)),
    ...acknowledgedStays(records, outcomes),
    ...realTimeHolds(records, outcomes),
    ...certificateHolds({ model, shop, counted, keepsPostings, records, balances, notes, outcomes }),
    ...reversalsHold(records, notes, outcomes),
    ...countsHold({ records, notes, outcomes, shop: counted }),
    ...readingsHold(records, readings),
    ...(await feedsHold(ledger, records)),
    ...named((await ledger.verify())._unsafeUnwrap().breaches),
    ...(await previewsHold(ledger, { model, shop, outcomes })),
  ];
}

function named(breaches: Breaches): readonly Violation[] {
  return breaches.map(breach => ({ promise: breach.invariant, detail: breach }));
}

/** Each receipt is in the journal as it was given; what was refused outright is not there, and what is there is not refused. */
function acknowledgedStays(records: readonly StoredRecord[], outcomes: readonly Outcome[]): readonly Violation[] {
  return outcomes.flatMap(({ command, result, wasUnknown, sawStaleRows, headBefore }): readonly Violation[] => {
    const record = records.find(candidate => candidate.commandId === command.id);
    if (result.isOk()) {
      const { sequence, recordedAt } = result.value;
      const isThere = record?.sequence === sequence && record.recordedAt === recordedAt;
      return isThere ? [] : [{ promise: 'what was acknowledged stays', detail: { receipt: result.value, record } }];
    }
    // Another client may have sent the same command with more luck, or this one another command under its id.
    const wasSentOnce = outcomes.filter(outcome => outcome.command.id === command.id).length === 1;
    if (record === undefined || !wasSentOnce) return [];
    const detail = { command, refusal: result.error.kind };
    if (record.sequence <= headBefore && !sawStaleRows) return [{ promise: 'what is recorded is not refused', detail }];
    // After an unknown outcome a late effect may still record a command that was refused on the way.
    return wasUnknown ? [] : [{ promise: 'what was refused is not recorded', detail }];
  });
}

/** What was answered before a command was first sent comes before it in the journal. */
function realTimeHolds(records: readonly StoredRecord[], outcomes: readonly Outcome[]): readonly Violation[] {
  const sentAt = new Map<string, number>();
  for (const { command, sentAt: at } of outcomes) sentAt.set(command.id, Math.min(at, sentAt.get(command.id) ?? at));
  return outcomes.flatMap(({ answeredAt, result }) => {
    if (result.isErr()) return [];
    const { sequence } = result.value;
    const early = records.find(
      record => record.sequence < sequence && (sentAt.get(record.commandId) ?? 0) > answeredAt,
    );
    return early === undefined ? [] : [{ promise: 'real time is respected', detail: { sequence, before: early } }];
  });
}

type Certified = Readonly<{
  /** Empty; afterwards it holds all records. */
  model: ReferenceModel;
  shop: SimulatedShop;
  counted: CountedShop;
  /** Without postings, nobody can count. */
  keepsPostings: boolean;
  records: readonly StoredRecord[];
  balances: readonly Balance[];
  notes: readonly Note[];
  outcomes: readonly Outcome[];
}>;

/**
 * The journal in sequence order, through the reference model, gives exactly the records and the balances; and every
 * refusal would have been given by the model at some moment of the attempt that it answers.
 */
function certificateHolds(certified: Certified): readonly Violation[] {
  const { model, counted, records, balances, notes, outcomes } = certified;
  const unexplained = new Set(
    outcomes.filter(({ result, sawStaleRows, request }) => result.isErr() && !sawStaleRows && request?.kind !== 'hold'),
  );
  const violations: Violation[] = [];
  for (let head = 0; head <= records.length; head++) {
    for (const outcome of unexplained) {
      const isIn = head >= outcome.headBefore && head <= outcome.headAfter;
      if (isIn && refusalsAt(head, outcome, certified).includes(outcome.result._unsafeUnwrapErr().kind))
        unexplained.delete(outcome);
    }
    const record = records[head];
    if (record === undefined) continue;
    const command = commandOf(record, outcomes, counted);
    const answer =
      command === undefined ? 'never sent' : model.apply(command, foundingOf(record, command), record.recordedAt);
    if (answer !== 'recorded')
      violations.push({ promise: 'the journal replays through the model', detail: { record, answer } });
  }
  for (const { command, result, headBefore, headAfter } of unexplained)
    violations.push({
      promise: 'a refusal is right at some moment of the call',
      detail: { command, refusal: result._unsafeUnwrapErr().kind, headBefore, headAfter },
    });
  const stored = balances
    .filter(balance => balance.onHand !== 0)
    .map(({ variantId, locationId, onHand }) => ({ variantId, locationId, onHand }));
  if (JSON.stringify(stored) !== JSON.stringify(model.balances()))
    violations.push({ promise: 'storesAgree', detail: { stored, model: model.balances() } });
  if (storesAgree(notes, model.notes()).length > 0)
    violations.push({ promise: 'storesAgree', detail: { notes, model: model.notes() } });
  return violations;
}

/** What the model could say to a command, or to a request, at some moment; more than a refusal where it has none. */
function refusalsAt(
  head: number,
  { command, request, askedAt }: Outcome,
  { model, shop, counted, keepsPostings, records }: Certified,
): readonly string[] {
  // By the policy that is stored, or by the one that a handle brings along with its first command.
  const policies = [undefined, shop.policy];
  if (request?.kind === 'reversal') {
    const made = reversalMade(records.slice(0, head), request.input);
    return typeof made === 'string' ? [made] : policies.map(brought => model.preview(made, brought, askedAt));
  }
  if (request?.kind === 'count') {
    if (!keepsPostings) return ['StoreFailed'];
    const made = countMade(records.slice(0, head), request.input, counted, askedAt);
    if (typeof made === 'string') return [made];
    // The location of the adjustments is opened where nothing else is wrong.
    return model
      .reasons(made.command, undefined, askedAt)
      .filter(reason => reason !== 'LocationUnknown')
      .slice(0, 1);
  }
  return policies.map(brought => model.preview(command, brought, askedAt));
}

/** The policy that a record brings besides its command, if it does. */
function foundingOf({ events }: StoredRecord, command: CommandInput): PolicyInput | undefined {
  const policies = events.flatMap(event => (event.kind === 'PolicySet' ? [event.policy] : []));
  return command.kind === 'SetPolicy' ? policies.at(-2) : policies[0];
}

/** The command that stands in a record: of those that were sent under its id, the one with its content. */
function commandOf(
  record: StoredRecord,
  outcomes: readonly Outcome[],
  { adjustment }: CountedShop,
): CommandInput | undefined {
  const sent = outcomes.filter(({ command }) => command.id === record.commandId).map(({ command }) => command);
  const request = record.events.find(event => event.kind === 'Requested');
  if (request !== undefined) return sent.length === 0 ? undefined : commandMade(record, request.request);
  const isCounted = outcomes.some(outcome => outcome.request?.kind === 'count');
  const opened = record.events.flatMap(event => (event.kind === 'LocationOpened' ? [event.location] : []));
  const location = opened.find(({ id, type }) => id === adjustment && type === 'ADJUSTMENT');
  // No client sends this one: the first count that has a difference opens where it goes, by a command of its own.
  if (isCounted && location !== undefined) return { kind: 'OpenLocation', id: record.commandId, location };
  const quantities = linesOf(record).map(line => line.quantity);
  return sent.find(
    command =>
      command.kind !== 'RecordMovements' ||
      JSON.stringify([command.lines?.map(line => line.quantity) ?? [], command.provenance ?? {}]) ===
        JSON.stringify([quantities, provenanceOf(record)]),
  );
}

/** What was made of a request. */
function commandMade(record: StoredRecord, request: JsonValue): CommandInput {
  const notes = record.events.flatMap(event => (event.kind === 'NotesWritten' ? event.notes : []));
  const [override] = record.events.flatMap(event =>
    event.kind === 'FloorsOverridden' ? [{ floors: true as const, reason: event.reason }] : [],
  );
  return { kind: 'RecordMovements', id: record.commandId, lines: linesOf(record), override, notes, request };
}

/** A page is the fold of the journal up to its `asOf`, which never goes back and covers what its client was told. */
function readingsHold(
  records: readonly StoredRecord[],
  readings: readonly (readonly Reading[])[],
): readonly Violation[] {
  return readings.flat().flatMap(({ page, atLeast }) => {
    const breaches = named(asOfAgrees(records, page.asOf, page.items));
    if (page.asOf >= atLeast) return breaches;
    return [...breaches, { promise: 'a client reads its own writes', detail: { asOf: page.asOf, atLeast } }];
  });
}

/** A feed without a source has all other records. */
async function feedsHold(ledger: Ledger, records: readonly StoredRecord[]): Promise<readonly Violation[]> {
  const exceptSource = 'till 0';
  const page = (await ledger.journal({ exceptSource, limit: LIMIT }))._unsafeUnwrap();
  const given = page.items.map(({ sequence }) => sequence);
  const expected = records.filter(record => !isFrom(record, exceptSource)).map(({ sequence }) => sequence);
  if (JSON.stringify(given) === JSON.stringify(expected)) return [];
  return [{ promise: 'a feed leaves a source out', detail: { given, expected } }];
}

/**
 * What would become of the last command now is what the model says, reason by reason. One a world: the model folds all of it.
 * Of a request nobody here knows the command.
 */
async function previewsHold(
  ledger: Ledger,
  { model, shop, outcomes }: Pick<Certified, 'model' | 'shop' | 'outcomes'>,
): Promise<readonly Violation[]> {
  const command = outcomes.findLast(({ request }) => request === null)?.command;
  if (command === undefined) return [];
  const preview = (await ledger.preview(command))._unsafeUnwrap();
  const told = preview.kind === 'WouldRefuse' ? preview.reasons.map(({ kind }) => kind) : preview.kind;
  const reasons = model.reasons(command, shop.policy, ledger.now());
  const isKnown = reasons.length === 0 && model.preview(command, shop.policy) === 'replayed';
  const expected = reasons.length > 0 ? reasons : isKnown ? 'WouldReplay' : 'WouldRecord';
  if (JSON.stringify(told) === JSON.stringify(expected)) return [];
  return [{ promise: 'a preview is right', detail: { command, told, expected } }];
}
