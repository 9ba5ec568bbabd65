import type { Ledger, StoredRecord } from '@stockfold/core';
import { errAsync, okAsync } from 'neverthrow';
import { isRequest, onRequests, type Twist } from './wrong-requests.ts';

/** Reads a journal in which every record is another. */
const reading =
  (change: (record: StoredRecord) => StoredRecord): Twist =>
  ({ journal }) => ({ journal: query => journal(query).map(page => ({ ...page, items: page.items.map(change) })) });

/** Does not know that something had occurred before it was recorded. */
export const knowsNoLateSale: Twist = reading(record => ({
  ...record,
  events: record.events.filter(({ kind }) => kind !== 'Attributed'),
}));

/** Takes the difference against what is on hand when the count arrives. */
export const countsOnArrival: Twist = reading(record => ({ ...record, recordedAt: 0 }));

/** Does not expect the balance of which it has taken the difference, and takes its time in between. */
export const expectsNothing: Twist = ({ locations, execute }) => ({
  execute: command => {
    if (!isRequest(command, 'Count')) return execute(command);
    const wait = Array.from({ length: 5 }).reduce<ReturnType<typeof locations>>(
      ended => ended.andThen(locations),
      locations(),
    );
    return wait.andThen(() => execute({ ...command, expect: [] }));
  },
});

/** Does not look whether the shelf was counted later. */
export const forgetsLaterCounts: Twist = (ledger: Ledger) => ({
  ...onRequests('Count', ({ notes = [], ...command }) => ({
    ...command,
    notes: notes.map(({ ifSequence: _, ...note }) => note),
  }))(ledger),
  notes: query => (query.kind === 'count' ? okAsync({ items: [], next: null, asOf: 0 }) : ledger.notes(query)),
});

/** Takes a new id, and guards nothing, when it does not know what came of a count. */
export const countsTwice: Twist = ({ execute }) => ({
  execute: command =>
    execute(command).orElse(error => {
      if (error.kind !== 'OutcomeUnknown' || !isRequest(command, 'Count')) return errAsync(error);
      const notes = (command.notes ?? []).map(({ ifSequence: _, ...note }) => note);
      return execute({ ...command, id: command.id.replace(/^0000000d/, '1000000d'), expect: [], notes });
    }),
});
