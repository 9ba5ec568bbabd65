import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow';
import type { ApiError } from './api-error.ts';
import type { Answer, Query } from './query.ts';

/** The ledger of the token, as the server tells of it. */
export type Api = Readonly<{
  /** Whose ledger it is, and how far its journal has got. */
  card: (signal: AbortSignal) => ResultAsync<Card, ApiError>;
  /** Asks the ledger, in its own words. */
  ask: <Q extends Query>(query: Q, signal: AbortSignal) => ResultAsync<Answer<Q>, ApiError>;
  /** Opens the stream of the journal, after a sequence. */
  stream: (after: number, signal: AbortSignal) => ResultAsync<ReadableStream<Uint8Array>, ApiError>;
}>;

/** Whose ledger it is, and how far its journal has got. */
export type Card = Readonly<{
  organizationId: string;
  systemLocations: Readonly<Record<'STORE' | 'SUPPLIER' | 'SOLD' | 'BIN', string>>;
  sequence: number;
}>;

type ApiOptions = Readonly<{
  /** Where the server is, with a slash at the end. */
  base: URL;
  token: string;
  /** Told when the token is no longer good for anything. */
  onRefused: (error: ApiError) => void;
}>;

/** Makes what asks the server; every call can be given up. */
export function createApi({ base, token, onRefused }: ApiOptions): Api {
  const send = (path: string, init: RequestInit): ResultAsync<Response, ApiError> => {
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const options: RequestInit = { ...init, headers, redirect: 'error', cache: 'no-store', credentials: 'omit' };
    const sent = ResultAsync.fromPromise(fetch(new URL(`organizations/self/${path}`, base), options), toApiError);
    return sent
      .andThen(response => (response.ok ? ok(response) : readProblem(response)))
      .mapErr(error => {
        if (error.kind === 'TokenUnknown' || error.kind === 'TokenForbidden') onRefused(error);
        return error;
      });
  };
  return {
    card: signal => send('ledger', { signal }).andThen(readJson<Card>),
    ask: <Q extends Query>(query: Q, signal: AbortSignal) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(query);
      return send('ledger/queries', { method: 'POST', headers, body, signal }).andThen(readJson<Answer<Q>>);
    },
    stream: (after, signal) =>
      send(`movements/stream?after=${after}`, { headers: { accept: 'text/event-stream' }, signal }).andThen(response =>
        response.body === null ? errAsync(UNREACHABLE) : ok(response.body),
      ),
  };
}

const UNREACHABLE: ApiError = { kind: 'Unreachable' };

/** A fetch that failed was given up, or nobody answered. */
function toApiError(thrown: unknown): ApiError {
  return thrown instanceof DOMException && thrown.name === 'AbortError' ? { kind: 'Aborted' } : UNREACHABLE;
}

function readJson<T>(response: Response): ResultAsync<T, ApiError> {
  return ResultAsync.fromPromise(response.json() as Promise<T>, toApiError);
}

async function problemOf(response: Response): Promise<Result<never, ApiError>> {
  const { status } = response;
  if (status === 401) return err({ kind: 'TokenUnknown' });
  if (status === 403) return err({ kind: 'TokenForbidden' });
  const body: unknown = await response.json().catch(() => null);
  const { errorType, developerMessage } = (body ?? {}) as { errorType?: unknown; developerMessage?: unknown };
  const message = typeof developerMessage === 'string' ? developerMessage : `It answered with ${status}.`;
  return err({ kind: 'Refused', status, errorType: String(errorType ?? status), message });
}

function readProblem(response: Response): ResultAsync<never, ApiError> {
  return new ResultAsync(problemOf(response));
}
