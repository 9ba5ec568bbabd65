import { type CommandInput, createLedger, type Ledger, type RecordMovementsInput } from '@stockfold/core';
import { errAsync, okAsync } from 'neverthrow';
import type { BrokenLedger } from '../simulation/broken-ledgers.ts';

/** Breaks one thing about a ledger. */
export type Twist = (ledger: Ledger) => Partial<Ledger>;

/** A ledger that is broken in one thing. */
export const twisted =
  (twist: Twist): BrokenLedger =>
  options => {
    const ledger = createLedger(options);
    return { ...ledger, ...twist(ledger) };
  };

/** Takes it for not carried out when it cannot look for what it has sent: asked for again, that is refused. */
export const takesFaultForNone: Twist = ({ records, execute }) => {
  const sent = new Set<string>();
  return {
    execute: command => {
      if (command.kind === 'RecordMovements' && command.request !== undefined) sent.add(command.id);
      return execute(command);
    },
    records: query =>
      records(query).orElse(fault => (query.commandIds.some(id => sent.has(id)) ? okAsync([]) : errAsync(fault))),
  };
};

/** Records something else than what was made of the requests of a kind. */
export const onRequests =
  (kind: string, change: (command: RecordMovementsInput) => CommandInput): Twist =>
  ({ execute }) => ({ execute: command => execute(isRequest(command, kind) ? change(command) : command) });

/** Whether a command was made of a request of a kind. */
export function isRequest(command: CommandInput, kind: string): command is RecordMovementsInput {
  const { request } = command as RecordMovementsInput;
  return request instanceof Object && 'kind' in request && request.kind === kind;
}
