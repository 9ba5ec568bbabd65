import type { ResultAsync } from 'neverthrow';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from './api-error.ts';

/** Something that is read from the server. What was read last is shown until there is something newer. */
export type Resource<T> = Readonly<{
  value: T | null;
  error: ApiError | null;
  isLoading: boolean;
  /** Reads it once more. */
  retry: () => void;
}>;

/**
 * Reads something, and again whenever the key has changed; what is under way then is given up.
 *
 * @param key - Whatever `load` depends on, as text.
 * @param load - Null when there is nothing to read yet.
 */
export function useResource<T>(
  key: string,
  load: ((signal: AbortSignal) => ResultAsync<T, ApiError>) | null,
): Resource<T> {
  const [attempt, setAttempt] = useState(0);
  const [read, setRead] = useState<Omit<Resource<T>, 'retry'>>({ value: null, error: null, isLoading: true });
  useEffect(() => {
    if (load === null) return setRead({ value: null, error: null, isLoading: false });
    const stop = new AbortController();
    setRead(before => ({ ...before, isLoading: true }));
    void load(stop.signal).then(result => {
      if (stop.signal.aborted) return;
      if (result.isOk()) setRead({ value: result.value, error: null, isLoading: false });
      else setRead(before => ({ ...before, error: result.error, isLoading: false }));
    });
    return () => stop.abort();
  }, [key, attempt, load === null]);
  return { ...read, retry: () => setAttempt(attempt + 1) };
}
