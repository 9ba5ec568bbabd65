import type { Commit, Committed, StoredRecord } from '@stockfold/core';
import { toRecord } from '../codec.ts';
import { notesAsJson } from '../notes.ts';
import { CALL_COMMIT, COMMIT_NAME, STATUS } from './commit-function.ts';
import { commitInTransaction, READ_COMMITTED } from './commit-in-transaction.ts';
import { inTransaction, type Session } from './connection.ts';
import { type InternedKeys, internKeys, type Memory, memoryOf, type Proof, remember } from './interned.ts';
import { learnProcess } from './named.ts';
import { arrayOf } from './row-types.ts';

/** A record as `json_build_array` gives it. */
type RecordTuple = readonly [
  sequence: number,
  commandId: string,
  recordedAt: number,
  externalUuid: string | null,
  events: string,
];

/** What the function answers. */
type Answer = readonly [
  status: number,
  firstSequence: number,
  recordedAt: number,
  held: readonly number[] | null,
  variants: readonly (number | null)[] | null,
  locations: readonly (number | null)[] | null,
  known: readonly RecordTuple[] | null,
  process: number,
];

/**
 * One commit by one call of `stockfold.commit_v1`: one round trip, and a transaction of its own. Where a number would
 * leave the safe integers, the plain transaction finds out which. Where the database was put back to an earlier day, what
 * is remembered of it is forgotten.
 */
export async function commitByFunction(session: Session, commit: Commit, memory: Memory): Promise<Committed> {
  const remembered = memoryOf(memory, commit.organizationId);
  const moved = movedOf(commit);
  const keys = internKeys(commit, moved, remembered);
  const values = parametersOf(session, commit, keys, moved, remembered.proof);
  let answer = await call(session, values, COMMIT_NAME);
  if (answer[0] === STATUS.isolation)
    answer = await inTransaction(session, READ_COMMITTED, async () => {
      const again = await call(session, values);
      await session.query('commit');
      return again;
    });
  const [status, sequence, , , variants, locations] = answer;
  if (status === STATUS.overflow) return commitInTransaction(session, commit);
  if (status === STATUS.putBack) {
    memory.delete(commit.organizationId);
    return commitByFunction(session, commit, memory);
  }
  // A commit that only observes leaves no record to go by.
  const [first] = commit.records;
  if (status === STATUS.committed && first !== undefined)
    remember(remembered, keys, {
      variants: variants ?? [],
      locations: locations ?? [],
      proof: { sequence, commandId: first.commandId },
    });
  return toCommitted(answer);
}

/** Which balances have a posting. Records that undo each other add up to 0 and have moved the balance all the same. */
export function movedOf({ balances, postings }: Commit): readonly boolean[] {
  const moved = balances.map(() => false);
  for (const { balance } of postings) moved[balance] = true;
  return moved;
}

async function call(session: Session, values: unknown[], name?: string): Promise<Answer> {
  const [row] = await session.query<{ answer: Answer }>(CALL_COMMIT, values, name);
  if (row === undefined) throw new Error('a function call gives one row');
  learnProcess(session.client, row.answer.at(-1) as number);
  return row.answer;
}

function parametersOf(
  { timeouts }: Session,
  { organizationId, configVersion, at, records, balances, postings, config, notes, assumed, observe }: Commit,
  keys: InternedKeys,
  moved: readonly boolean[],
  proof: Proof | null,
): unknown[] {
  const { unknownVariants, unknownLocations } = keys;
  return [
    organizationId,
    configVersion,
    at,
    String(timeouts.lockMs),
    proof?.sequence ?? null,
    proof?.commandId ?? null,
    config.length === 0 ? null : JSON.stringify(config),
    arrayOf(observe),
    assumed.length === 0 ? null : arrayOf(assumed),
    arrayOf(records.map(record => record.commandId)),
    arrayOf(records.map(record => record.externalUuid)),
    records.map(record => JSON.stringify(record.events)).join('\n'),
    arrayOf(unknownVariants.map(variant => variant.id)),
    arrayOf(unknownVariants.map(variant => variant.productId)),
    flags(unknownVariants.map(variant => variant.moved)),
    arrayOf(unknownLocations),
    arrayOf(keys.variants),
    arrayOf(keys.locations),
    arrayOf(balances.map(balance => balance.delta)),
    bounds(balances.map(balance => balance.min)),
    bounds(balances.map(balance => balance.max)),
    moved.every(Boolean) ? null : flags(moved),
    ...(records.length === 1 ? NO_POSTINGS : postingsOf(postings)),
    notes === undefined ? null : notesAsJson(notes),
  ];
}

// Every array of 200 takes the server 15 µs to read.
const NO_POSTINGS = [null, null, null, null];

function postingsOf(postings: Commit['postings']): readonly string[] {
  return [
    arrayOf(postings.map(posting => posting.record)),
    arrayOf(postings.map(posting => posting.balance + 1)),
    arrayOf(postings.map(posting => posting.delta)),
    arrayOf(postings.map(posting => posting.running)),
  ];
}

function bounds(values: readonly (number | undefined)[]): string | null {
  return values.every(value => value === undefined) ? null : arrayOf(values);
}

function flags(values: readonly boolean[]): string {
  return arrayOf(values.map(value => (value ? 't' : 'f')));
}

function toCommitted([status, firstSequence, recordedAt, held, , , known]: Answer): Committed {
  const before = held ?? [];
  const records = (known ?? []).map(fromTuple);
  switch (status) {
    case STATUS.committed:
      return { kind: 'committed', firstSequence, recordedAt, before, known: records };
    case STATUS.stale:
      return { kind: 'stale', before, known: records };
    case STATUS.known:
      return { kind: 'known', records };
    case STATUS.configChanged:
      return { kind: 'configChanged' };
    default:
      throw new Error('the commit function gave an answer that it does not have');
  }
}

/** A record that came as JSON. */
export function fromTuple([sequence, command_id, recorded_at, external_uuid, events]: RecordTuple): StoredRecord {
  return toRecord({ sequence, command_id, recorded_at, external_uuid, events });
}
