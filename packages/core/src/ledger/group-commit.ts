import { err, ok, type Result } from 'neverthrow';
import type { BalanceKey } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { Commit, Committed } from '../model/commit.ts';
import type { LocationId, OrganizationId, VariantId } from '../model/id.ts';
import type { Receipt, StoredRecord } from '../model/journal.ts';
import type { Rejection } from '../model/rejection.ts';
import { decideGroup, type GroupDecision, type Prepared } from '../rules/decide-group.ts';
import { differences } from '../rules/differences.ts';
import type { Founding } from '../rules/found.ts';
import { plan } from '../rules/plan.ts';
import { balanceIn, type Slice, type SliceKeys, touches, touchesAll } from '../rules/slice.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type StoreFault, storeFault } from './fault.ts';
import { announce, suspect } from './news.ts';
import { RememberedRows } from './remembered-rows.ts';
import type { LedgerStore, Loaded } from './store.ts';

/** Other writers were faster, every time: the store is under more contention than the attempts allow. */
export type Contended = Readonly<{ kind: 'Contended'; retry: 'same-command'; attempts: number }>;

/** Everything that a commit may answer to a command but a receipt. */
export type CommitError = Rejection | StoreFault | Contended;

/** A command that waits for its answer. */
export type Waiting = Prepared &
  Readonly<{
    answer: (answer: Result<Receipt, CommitError>) => void;
    /** For a bug: something that is no error value was thrown. */
    reject: (bug: unknown) => void;
  }>;

export type GroupCommitOptions = Readonly<{
  store: LedgerStore;
  organizationId: OrganizationId;
  /** Milliseconds since 1970. */
  clock: () => number;
  founding: Omit<Founding, 'isDone'>;
  deadline: Deadline;
}>;

// Each attempt that fails means that another writer got through; so many in a row are a fault worth reporting.
const ATTEMPTS_MAX = 100;

type Decision = GroupDecision<Waiting>;
/** `assumed`: what the balances of the commit were decided on, null for unknown; of use where something was refused. */
type Attempt = Decision & Readonly<{ commit: Commit; assumed: readonly (number | null)[] }>;

/**
 * Commits groups of commands: each decided in turn, one transaction, a receipt or a rejection each.
 *
 * It decides on remembered rows where it can, so that a group is one call of the store. A rejection is only given on
 * rows that were read after the call began: loaded, or given back by the group's commit and found to be the same.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #rows = new RememberedRows();
  #isFounded = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** What the next command of this handle brings along. */
  get founding(): Founding {
    return { ...this.#options.founding, isDone: this.#isFounded };
  }

  /**
   * Commits one group, in which no command id stands twice.
   *
   * @returns Those to be decided again in a later group: the rows that they were refused on have changed.
   */
  async run(taken: readonly Waiting[]): Promise<readonly Waiting[]> {
    let group = taken;
    // With its first command a handle may have holds kept, of which the rows that it remembers know nothing.
    const bringsHolds = !this.#isFounded && this.#options.founding.policy?.holds === true;
    let slice = bringsHolds ? null : this.#rows.slice(group);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (slice === null) {
        const loaded = await this.#load(group);
        if (loaded.isErr()) return answerAll(group, loaded.error);
        group = this.#replay(group, loaded.value.known);
        slice = loaded.value.slice;
      }
      const at = this.#options.clock();
      const decision = decideGroup(group, slice, this.founding, at);
      // What is promised is no part of what a commit gives back, so it is read again before anything is refused for it.
      if (decision.refused.length > 0 && slice.isRemembered === true && slice.policy.holds === true) {
        slice = null;
        continue;
      }
      if (decision.accepted.length === 0) {
        if (slice.isRemembered !== true) return refuseAll(decision.refused);
        slice = null;
        continue;
      }
      const planned = this.#plan(slice, decision, at);
      const answer = await this.#commit(planned.commit);
      if (answer.isErr()) return answerAll(group, answer.error);
      if (answer.value.kind === 'committed') return this.#acknowledge(planned, answer.value);
      group = this.#replay(group, knownOf(answer.value));
      const isRefreshed = answer.value.kind === 'stale' && !hasNoteGuard(planned.commit);
      slice = isRefreshed ? refreshed(slice, planned.commit, answer.value.before) : null;
    }
    return answerAll(group, { kind: 'Contended', retry: 'same-command', attempts: ATTEMPTS_MAX });
  }

  async #load(group: readonly Waiting[]): Promise<Result<Loaded, StoreFault>> {
    const { store, organizationId, deadline } = this.#options;
    const ids = group.map(({ command }) => command.id);
    const late = () => storeFault('StoreUnavailable', 'the store did not answer in time');
    const isAsked = this.#rows.keepsHolds || this.#options.founding.policy?.holds === true;
    for (let keepsHolds = isAsked; ; keepsHolds = true) {
      const keys = keysOf(group, keepsHolds);
      const loaded = await withDeadline(store.load(organizationId, keys, ids), deadline, late);
      if (loaded.isErr()) return loaded;
      this.#rows.learn(keys, loaded.value.slice);
      // What is promised of the balances was not asked for.
      if (keepsHolds || loaded.value.slice.policy.holds !== true) return loaded;
    }
  }

  #plan(slice: Slice, decision: Decision, at: number): Attempt {
    const { accepted, refused } = decision;
    const commit = plan(
      slice,
      accepted.map(({ decided }) => decided),
      {
        organizationId: this.#options.organizationId,
        at,
        observe: refused.map(({ of }) => of.command),
      },
    );
    // Read now: what is remembered is moved on as soon as the commit is answered.
    const assumed = refused.length === 0 ? [] : commit.balances.map(({ key }) => balanceIn(slice, key));
    return { ...decision, commit, assumed };
  }

  async #commit(commit: Commit): Promise<Result<Committed, StoreFault>> {
    const late = () => storeFault('OutcomeUnknown', 'the store did not answer in time');
    const answer = await withDeadline(this.#options.store.commit(commit), this.#options.deadline, late);
    if (answer.isErr()) {
      this.#rows.forget();
      suspect(this.#options.store, this.#options.organizationId);
    } else if (answer.value.kind === 'committed' || answer.value.kind === 'stale')
      this.#rows.learnCommit(
        commit,
        answer.value.before,
        answer.value.kind === 'committed' ? answer.value.firstSequence : null,
      );
    return answer;
  }

  /** Receipts for all that was accepted; and for what was refused its rejection, if its rows were still the same. */
  #acknowledge(
    { accepted, refused, postponed, commit, assumed }: Attempt,
    { firstSequence, recordedAt, before, known }: Committed & { kind: 'committed' },
  ): readonly Waiting[] {
    this.#isFounded = true;
    const { store, organizationId } = this.#options;
    const { durability } = store;
    announce(store, organizationId, () =>
      commit.records.map((record, index) => ({ ...record, sequence: firstSequence + index, recordedAt })),
    );
    for (let index = 0; index < accepted.length; index++) {
      const { command, answer } = (accepted[index] as Decision['accepted'][number]).of;
      const sequence = firstSequence + index;
      answer(ok({ commandId: command.id, sequence, recordedAt, replayed: false, durability }));
    }
    if (refused.length === 0) return postponed;
    const moved = changedRows(commit, assumed, before);
    const open = this.#replay(
      refused.map(({ of }) => of),
      known,
    );
    const late = new Set(refused.filter(({ rejection }) => isLateForNote(rejection)).map(({ of }) => of));
    const again = open.filter(of => late.has(of) || touches(of.command).balances.some(moved));
    refuseAll(refused.filter(({ of }) => open.includes(of) && !again.includes(of)));
    return [...again, ...postponed];
  }

  /** Answers those whose command is in the journal, and gives the others. */
  #replay(group: readonly Waiting[], known: readonly StoredRecord[]): readonly Waiting[] {
    if (known.length === 0) return group;
    const records = new Map(known.map(record => [record.commandId, record]));
    const isKnown = ({ command }: Waiting) => records.has(command.id);
    for (const { command, answer } of group.filter(isKnown))
      answer(replayOf(command, records.get(command.id) as StoredRecord, this.#options.store));
    return group.filter(waiting => !isKnown(waiting));
  }
}

function keysOf(group: readonly Waiting[], keepsHolds: boolean): SliceKeys {
  return touchesAll(
    group.map(({ command }) => command),
    keepsHolds,
  );
}

/** The records of the group that are in the journal; a stale answer has those of commands that were to be refused. */
function knownOf(answer: Committed): readonly StoredRecord[] {
  if (answer.kind === 'known') return answer.records;
  return answer.kind === 'stale' ? answer.known : [];
}

function answerAll(group: readonly Waiting[], error: CommitError): readonly Waiting[] {
  for (const { answer } of group) answer(err(error));
  return [];
}

function refuseAll(refused: Decision['refused']): readonly Waiting[] {
  for (const { of, rejection } of refused) of.answer(err(rejection));
  return [];
}

function replayOf(command: Command, record: StoredRecord, store: LedgerStore): Result<Receipt, Rejection> {
  const differs = differences(command, record);
  if (differs.length > 0) return err({ kind: 'CommandIdReused', retry: 'never', commandId: command.id, differs });
  const { sequence, recordedAt } = record;
  return ok({ commandId: command.id, sequence, recordedAt, replayed: true, durability: store.durability });
}

/** A commit that fails gives no notes back. */
function hasNoteGuard({ notes = [] }: Commit): boolean {
  return notes.some(note => note.ifSequence !== undefined);
}

/** Refused for a note that this group has written: which sequence that has got is known to the next one. */
function isLateForNote(rejection: Rejection): boolean {
  return rejection.kind === 'NoteStale' && rejection.notes.some(note => note.actual === null);
}

/** The slice with the balances that came back: rows as they are, so no load is needed. */
function refreshed({ isRemembered: _, ...slice }: Slice, commit: Commit, before: readonly number[]): Slice {
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const [index, { key }] of commit.balances.entries()) {
    const balances = onHand.get(key.variantId) ?? new Map<LocationId, number>();
    onHand.set(key.variantId, balances.set(key.locationId, before[index] ?? 0));
  }
  return { ...slice, onHand };
}

/** Which balances were not, before the commit, what they were assumed to be. */
function changedRows(
  commit: Commit,
  assumed: readonly (number | null)[],
  before: readonly number[],
): (key: BalanceKey) => boolean {
  const changed = new Map<VariantId, Set<LocationId>>();
  for (const [index, { key }] of commit.balances.entries()) {
    const known = assumed[index] ?? null;
    if (known === null || known === before[index]) continue;
    changed.set(key.variantId, (changed.get(key.variantId) ?? new Set()).add(key.locationId));
  }
  return ({ variantId, locationId }) => changed.get(variantId)?.has(locationId) ?? false;
}
