import { err, ok, type Result } from 'neverthrow';
import pRetry from 'p-retry';

/** Where a server is, and how long a client goes on asking it. */
export type TransportOptions = Readonly<{
  /** Of the server: `https://stock.example`, with the path it is mounted at. */
  url: string;
  /** The access token, or what gives one for each attempt. */
  token: string | (() => string | Promise<string>);
  /** `globalThis.fetch` when absent. */
  fetch?: typeof fetch | undefined;
  /** The most attempts of one call; 5 when absent. */
  attempts?: number | undefined;
  /** Before the second attempt, in milliseconds, doubled for each further one and up to doubled by chance; 100 when absent. */
  backoffMs?: number | undefined;
  /** How long one attempt may take, in milliseconds; 10,000 when absent. */
  attemptTimeoutMs?: number | undefined;
  /** How long a call may take with all its attempts, in milliseconds; 30,000 when absent. */
  timeoutMs?: number | undefined;
  /** Ends all calls under way. */
  signal?: AbortSignal | undefined;
}>;

/** What a server answered, and whether an attempt before was sent whose answer never came. */
export type Answered = Readonly<{ status: number; json: unknown; isRepeated: boolean }>;

/** No attempt was answered. */
export type Unanswered = Readonly<{ kind: 'Unanswered' }>;

/** Sends one request, and sends it again while its answer is lost. */
export type Send = (path: string, body?: string) => Promise<Result<Answered, Unanswered>>;

/** Opens a stream; null when the server does not give one. It ends with the signal. */
export type SendStream = (path: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array> | null>;

/** Every attempt is the same request: what it asks for must be safe to ask for twice. */
export function createTransport(options: TransportOptions): Send {
  const { attempts = 5, backoffMs = 100, timeoutMs = 30_000, signal } = options;
  return async (path, body) => {
    const late = AbortSignal.timeout(timeoutMs);
    const ended = signal === undefined ? late : AbortSignal.any([late, signal]);
    let sent = 0;
    try {
      const answered = await pRetry(() => attempt(options, { path, body, ended, onSend: () => sent++ }), {
        retries: attempts - 1,
        minTimeout: backoffMs,
        randomize: true,
        signal: ended,
      });
      return ok({ ...answered, isRepeated: sent > 1 });
    } catch {
      return err({ kind: 'Unanswered' });
    }
  };
}

/** Makes streams of the same server. */
export function createStreaming(options: TransportOptions): SendStream {
  return async (path, until) => {
    const signal = options.signal === undefined ? until : AbortSignal.any([until, options.signal]);
    const headers = { authorization: await authorizationOf(options), accept: 'text/event-stream' };
    const response = await (options.fetch ?? fetch)(urlOf(options, path), { headers, redirect: 'error', signal });
    if (response.ok) return response.body;
    await response.body?.cancel();
    return null;
  };
}

/** The answer was lost, or was none of this server's. */
class AnswerLost extends Error {}

type Attempt = Readonly<{ path: string; body: string | undefined; ended: AbortSignal; onSend: () => void }>;

async function attempt(options: TransportOptions, { path, body, ended, onSend }: Attempt) {
  const { attemptTimeoutMs = 10_000 } = options;
  const send = options.fetch ?? fetch;
  try {
    const authorization = await authorizationOf(options);
    ended.throwIfAborted();
    onSend();
    const response = await send(urlOf(options, path), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      // A server that sends its clients elsewhere is not the one that was named.
      redirect: 'error',
      signal: AbortSignal.any([ended, AbortSignal.timeout(attemptTimeoutMs)]),
    });
    const json: unknown = await response.json();
    if (!isTransient(response.status) || isLedgerError(json)) return { status: response.status, json };
  } catch {
    // Whatever was thrown, the answer is lost; what can be known is whether it was sent.
  }
  throw new AnswerLost();
}

/** The server, or what stands before it, could not do it now. */
function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** The ledger's own word comes with its error: it is an answer, whatever the status. */
function isLedgerError(json: unknown): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, 'error');
}

async function authorizationOf({ token }: TransportOptions): Promise<string> {
  return `Bearer ${typeof token === 'function' ? await token() : token}`;
}

function urlOf({ url }: TransportOptions, path: string): string {
  return `${url.replace(/\/+$/, '')}${path}`;
}
