import { ok, type Result, ResultAsync } from 'neverthrow';
import type { ApiError } from '../api/api-error.ts';
import type { JournalCache } from '../journal/journal-cache.ts';

/**
 * The last record of a moment or before it; 0 when the journal begins later. Times never go back in it, so one look
 * halves what is left: seventeen for 100,000 records.
 *
 * @param moment - Milliseconds since 1970.
 */
export function findMoment(
  journal: Pick<JournalCache, 'read'>,
  { moment, head }: Readonly<{ moment: number; head: number }>,
  signal: AbortSignal,
): ResultAsync<number, ApiError> {
  const search = async (): Promise<Result<number, ApiError>> => {
    let [before, after] = [0, head + 1];
    while (after - before > 1) {
      const half = Math.floor((before + after) / 2);
      const read = await journal.read(half, half, signal);
      if (read.isErr()) return read.map(() => 0);
      const isLater = (read.value[0]?.recordedAt ?? Number.POSITIVE_INFINITY) > moment;
      if (isLater) after = half;
      else before = half;
    }
    return ok(before);
  };
  return new ResultAsync(search());
}
