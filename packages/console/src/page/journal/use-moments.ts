import { ResultAsync } from 'neverthrow';
import { useResource } from '../api/use-resource.ts';
import type { JournalCache } from './journal-cache.ts';

/** When some records were recorded, by their sequences, in milliseconds since 1970; what is not known yet is absent. */
export function useMoments(journal: JournalCache, sequences: readonly number[]): ReadonlyMap<number, number> {
  const wanted = sequences.filter(sequence => sequence > 0);
  const { value } = useResource(`${journal.epoch} ${wanted}`, signal =>
    ResultAsync.combine(wanted.map(sequence => journal.read(sequence, sequence, signal))),
  );
  return new Map(value?.flat().map(({ sequence, recordedAt }) => [sequence, recordedAt]));
}
