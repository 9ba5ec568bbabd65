import type { Context } from 'hono';
import { journalStream } from '../journal-stream.ts';
import { toMovementRow } from '../movement-row.ts';
import { ledgerProblem, problem, problemAt, problemResponse, SAFE_HEADERS } from '../problem.ts';
import { setRuntimeTimer } from '../timer.ts';
import { type AddRoutes, type Env, respond } from './routes.ts';

/** The most streams of one handler. */
export const STREAMS_MAX = 1_000;

/** The journal: page by page, and as it grows. */
export const addJournalRoutes: AddRoutes = (app, { options, reads }) => {
  let streams = 0;
  app.get('/organizations/:organization/movements', reads, async c => {
    const { cursor } = c.req.query();
    const page = await c.var.ledger.journal({
      after: sequenceParam(c, 'after'),
      cursor,
      limit: sequenceParam(c, 'limit'),
    });
    return respond(
      page
        .map(({ items, next, asOf }) => ({ items: items.map(toMovementRow), next, asOf }))
        .mapErr(error => ledgerProblem(error)),
    );
  });
  app.get('/organizations/:organization/movements/stream', reads, async c => {
    if (streams >= STREAMS_MAX)
      return problemResponse(
        problem(503, 'TOO_MANY_STREAMS', 'Too many clients are listening.', { 'Retry-After': '10' }),
      );
    const { ledger } = c.var;
    const end = await ledger.journal({ limit: 1 });
    if (end.isErr()) return problemResponse(ledgerProblem(end.error));
    const after = startOf(c, end.value.asOf);
    if (after === null) return problemResponse(problemAt(400, 'INVALID_REQUEST', 'The query is not valid.', ['after']));
    // A client that knows more than the journal would wait for what is recorded under other sequences.
    if (after > end.value.asOf)
      return problemResponse(problemAt(409, 'SEQUENCE_UNKNOWN', 'The journal ends before this sequence.', ['after']));
    const body = journalStream({
      ledger,
      after,
      setTimer: options.setTimer ?? setRuntimeTimer,
      signal: options.signal,
      onOpen: () => {
        streams += 1;
        options.onLog?.({ kind: 'StreamOpened', organizationId: ledger.organizationId, streams });
      },
      onClose: () => {
        streams -= 1;
        options.onLog?.({ kind: 'StreamClosed', organizationId: ledger.organizationId, streams });
      },
    });
    return new Response(body, { headers: { ...SAFE_HEADERS, ...STREAM_HEADERS } });
  });
};

const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Nginx would keep events back until its buffer is full.
  'X-Accel-Buffering': 'no',
} as const;

/** A whole number of the query; NaN, which no ledger takes, for anything else. */
function sequenceParam(c: Context<Env>, name: string): number | undefined {
  const text = c.req.query(name);
  return text === undefined ? undefined : readSequence(text);
}

function readSequence(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** Where a stream begins: after what its client has seen, at `after`, or now. Null when that is no sequence. */
function startOf(c: Context<Env>, now: number): number | null {
  const text = c.req.header('last-event-id') ?? c.req.query('after');
  const start = text === undefined ? now : readSequence(text);
  return Number.isNaN(start) ? null : start;
}
