import {
  CLOCK_SKEW_MAX_MS,
  type CommandInput,
  type CountError,
  type CountInput,
  expecting,
  linesOf,
  type Note,
  occurredAtOf,
  type StoredRecord,
  storesAgree,
  transfer,
} from '@stockfold/core';
import type { Outcome } from './client.ts';
import type { Violation } from './violation.ts';

/** Where things are in the shop of a world. */
export type CountedShop = Readonly<{ store: string; adjustment: string }>;

/** What the model makes of a count on some journal: the difference, and the command that settles it. */
export type CountMade = Readonly<{ onHand: number; expected: number; variance: number; command: CommandInput }>;

/**
 * What the model makes of a count, or why there is none.
 *
 * @param askedAt - By the clock of who asks: what was observed long after it is refused.
 */
export function countMade(
  records: readonly StoredRecord[],
  { id, variant, counted, observedAt }: CountInput,
  { store, adjustment }: CountedShop,
  askedAt: number = Number.POSITIVE_INFINITY,
): CountMade | CountError['kind'] | 'OccursLater' {
  const isLater = (record: StoredRecord) => countIn(record) !== null && occurredAtOf(record) > observedAt;
  if (records.some(isLater)) return 'CountSuperseded';
  if (observedAt > askedAt + CLOCK_SKEW_MAX_MS) return 'OccursLater';
  const moved = (record: StoredRecord) => movedAt(record, store, variant.variantId);
  const onHand = sum(records.map(moved));
  // Effective is what had been recorded by then, or had occurred by then.
  const isEffective = (record: StoredRecord) => Math.min(record.recordedAt, occurredAtOf(record)) <= observedAt;
  const expected = sum(records.filter(isEffective).map(moved));
  const variance = counted - expected;
  const [from, to] = variance > 0 ? [adjustment, store] : [store, adjustment];
  const command: CommandInput = {
    kind: 'RecordMovements',
    id,
    lines: variance === 0 ? [] : [transfer(from, to, variant, Math.abs(variance))],
    expect: [expecting('STORE', variant, onHand)],
    override: variance === 0 ? undefined : { floors: true, reason: 'counted' },
  };
  return { onHand, expected, variance, command };
}

/** What a record was asked to count; null when it is no count. */
function countIn({ events }: StoredRecord): object | null {
  const asked = events.flatMap(event => (event.kind === 'Requested' ? [event.request] : []))[0];
  return asked instanceof Object && 'kind' in asked && asked.kind === 'Count' ? asked : null;
}

function movedAt(record: StoredRecord, locationId: string, variantId: string): number {
  const lines = linesOf(record).filter(line => line.variantId === variantId);
  return sum(
    lines.map(
      ({ from, to, quantity }) => Number(to === locationId) * quantity - Number(from === locationId) * quantity,
    ),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

type Counted = Readonly<{
  records: readonly StoredRecord[];
  notes: readonly Note[];
  outcomes: readonly Pick<Outcome, 'command' | 'request' | 'headSent'>[];
  shop: CountedShop;
}>;

/**
 * Each count settles its difference from what was effective when the shelf was looked at, exactly, in the order of the
 * observations, and leaves a note of it.
 */
export function countsHold({ records, notes, outcomes, shop }: Counted): readonly Violation[] {
  const violations = records.flatMap((record): readonly Violation[] => {
    if (countIn(record) === null) return [];
    const { request, headSent = 0 } = outcomes.find(({ command }) => command.id === record.commandId) ?? {};
    if (request?.kind !== 'count') return [{ promise: 'a count was asked for', detail: record }];
    const found = {
      lines: linesOf(record).map(({ from, to, quantity }) => [from, to, quantity]),
      isForced: record.events.some(({ kind }) => kind === 'FloorsOverridden'),
      occurredAt: occurredAtOf(record),
      note: varianceOf(notes, record.commandId),
    };
    const expected = momentsOf(records.slice(0, record.sequence - 1), request.input, { shop, headSent }).map(made =>
      settled(made, request.input),
    );
    const isRight = expected.some(moment => storesAgree(moment, found).length === 0);
    return isRight ? [] : [{ promise: 'a count settles its difference', detail: { found, expected } }];
  });
  const [found, expected] = [notes.find(({ kind }) => kind === 'count')?.body, records.map(countIn).findLast(Boolean)];
  if (saidBy(found) === saidBy(expected)) return violations;
  return [...violations, { promise: 'the last count is remembered', detail: { found, expected } }];
}

/** When a shelf was looked at, and what was counted. */
function saidBy(count: unknown): string {
  const { observedAt, counted } = (count ?? {}) as { observedAt?: unknown; counted?: unknown };
  return JSON.stringify([observedAt, counted]);
}

/**
 * What the model makes of a count right before its record; and at moments before that at which the shelf held just as much, of which
 * its compare and set cannot know better (ADR 0028).
 */
function momentsOf(
  records: readonly StoredRecord[],
  input: CountInput,
  { shop, headSent }: Readonly<{ shop: CountedShop; headSent: number }>,
): readonly CountMade[] {
  const last = countMade(records, input, shop);
  if (typeof last === 'string') return [];
  const heads = Array.from({ length: records.length - headSent }, (_, since) => headSent + since);
  return [...heads.map(head => countMade(records.slice(0, head), input, shop)), last].filter(
    made => typeof made !== 'string' && made.onHand === last.onHand,
  ) as readonly CountMade[];
}

function settled({ expected, variance, command }: CountMade, { counted, observedAt }: CountInput): unknown {
  const lines = command.kind === 'RecordMovements' ? (command.lines ?? []) : [];
  return {
    lines: lines.map(({ from, to, quantity }) => [from, to, quantity]),
    isForced: variance !== 0,
    occurredAt: observedAt,
    note: [observedAt, counted, expected, variance, 0],
  };
}

function varianceOf(notes: readonly Note[], commandId: string): readonly unknown[] | undefined {
  const bodies = notes.flatMap(({ kind, body }) =>
    kind === 'counted' ? [body as Readonly<Record<string, unknown>>] : [],
  );
  const note = bodies.find(body => body.commandId === commandId);
  return note && [note.observedAt, note.counted, note.expected, note.variance, note.explained];
}
