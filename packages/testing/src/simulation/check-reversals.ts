import {
  type CommandInput,
  linesOf,
  type Note,
  provenanceOf,
  type ReversalError,
  type ReversalInput,
  type StoredRecord,
  storesAgree,
} from '@stockfold/core';
import type { Outcome } from './client.ts';
import type { Violation } from './violation.ts';

/** What the model makes of a reversal on some journal: the command, or why there is none. */
export function reversalMade(
  records: readonly StoredRecord[],
  { id, commandId, force }: ReversalInput,
): CommandInput | ReversalError['kind'] {
  const target = records.find(record => record.commandId === commandId);
  if (target === undefined) return 'CommandUnknown';
  const lines = linesOf(target).map(({ from, to, ...line }) => ({ ...line, from: to, to: from }));
  const isMore = target.events.some(({ kind }) => kind === 'Requested' || kind === 'NotesWritten');
  if (lines.length === 0 || isMore) return 'NotReversible';
  if (records.some(record => targetOf(record) === commandId)) return 'AlreadyReversed';
  const override = force === undefined ? undefined : { floors: true as const, reason: force.reason };
  return { kind: 'RecordMovements', id, lines, override };
}

/** Which command a record takes back; null when it is no reversal. */
function targetOf({ events }: StoredRecord): unknown {
  const asked = events.flatMap(event => (event.kind === 'Requested' ? [event.request] : []))[0];
  const { kind, commandId } = (asked ?? {}) as { kind?: unknown; commandId?: unknown };
  return kind === 'Reversal' ? commandId : null;
}

/**
 * Each reversal moves back all that its command had moved, the first time that somebody asks for it; it names the command, the
 * command's note names it, and its record says that floors were no matter where it was forced, and only there.
 */
export function reversalsHold(
  records: readonly StoredRecord[],
  notes: readonly Note[],
  outcomes: readonly Outcome[],
): readonly Violation[] {
  return records.flatMap((record): readonly Violation[] => {
    const target = targetOf(record);
    if (target === null) return [];
    const { request } = outcomes.find(({ command }) => command.id === record.commandId) ?? {};
    const made = request?.kind === 'reversal' ? reversalMade(records.slice(0, record.sequence - 1), request.input) : '';
    const found = {
      target,
      lines: linesOf(record),
      reason: record.events.flatMap(event => (event.kind === 'FloorsOverridden' ? [event.reason] : []))[0],
      causedBy: provenanceOf(record).causedBy,
      note: notes.find(({ kind, id }) => kind === 'reversal' && id === target)?.body,
    };
    if (request?.kind !== 'reversal' || typeof made === 'string' || made.kind !== 'RecordMovements')
      return [{ promise: 'a command is taken back once', detail: { record, made } }];
    const { commandId, force } = request.input;
    const expected = {
      target: commandId,
      lines: made.lines,
      reason: force?.reason,
      causedBy: commandId,
      note: { by: record.commandId },
    };
    const isRight = storesAgree(found, expected).length === 0;
    return isRight ? [] : [{ promise: 'a command is taken back whole', detail: { found, expected } }];
  });
}
