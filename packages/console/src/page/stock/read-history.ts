import { ResultAsync } from 'neverthrow';
import type { ApiError } from '../api/api-error.ts';
import type { JournalCache } from '../journal/journal-cache.ts';
import { sampleSteps } from './sample-steps.ts';
import type { Samples } from './samples.ts';
import { type Step, type StockKey, stepsOf } from './steps.ts';

/** The stock of a variant at a location between two records. */
export type StockHistory = Readonly<{
  steps: readonly Step[];
  from: number;
  to: number;
  /** How many points it was drawn from; null when every record between was read. */
  points: number | null;
}>;

/** What a history is read from. */
export type HistorySource = Readonly<{ journal: Pick<JournalCache, 'read'>; samples: Pick<Samples, 'read'> }>;

/** So many records are read one by one. */
export const RECORDS_MAX = 1_000;

/**
 * Reads up to 1,000 records of the journal one by one, and a longer one, from its beginning, at some of its points.
 */
export function readHistory(
  { journal, samples }: HistorySource,
  { key, from, to }: Readonly<{ key: StockKey; from: number; to: number }>,
  signal: AbortSignal,
): ResultAsync<StockHistory, ApiError> {
  const readAt = (sequence: number) => samples.read(key, sequence, signal);
  if (to - from > RECORDS_MAX) return new ResultAsync(sampleSteps(readAt, to)).map(read => ({ ...read, from, to }));
  return journal.read(from + 1, to, signal).andThen(records => {
    // Records with very many lines are not all read: it begins later then.
    const start = (records[0]?.sequence ?? to + 1) - 1;
    return readAt(start).map(onHand => ({
      steps: stepsOf(records, key, { sequence: start, onHand }),
      from: start,
      to,
      points: null,
    }));
  });
}
