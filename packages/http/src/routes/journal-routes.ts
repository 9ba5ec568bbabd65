import { isSource, type Ledger } from '@stockfold/core';
import type { Context } from 'hono';
import * as v from 'valibot';
import { movementPage } from '../answers.ts';
import { journalStream } from '../journal-stream.ts';
import { toMovementRow } from '../movement-row.ts';
import type { HttpHandlerOptions } from '../options.ts';
import { ledgerProblem, problem, problemAt, problemResponse, SAFE_HEADERS } from '../problem.ts';
import { readJournal } from '../read-journal.ts';
import { setRuntimeTimer } from '../timer.ts';
import { type AddRoutes, addOperation, type Env, respond } from './routes.ts';

/** The most streams of one organization. */
export const STREAMS_MAX = 1_000;

/** The journal: page by page, and as it grows. */
export const addJournalRoutes: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      id: 'getMovements',
      group: 'Journal',
      method: 'get',
      path: '/organizations/:organization/movements',
      scope: 'READ:PRODUCT',
      summary: 'List what was recorded, in order',
      description: 'A page also ends before it has 4 MiB: its `next` says where to go on, whatever the limit.',
      query: { after, cursor: { description: '`next` of the page before', schema: v.string() }, limit, exceptSource },
      answers: { 200: { description: 'A page of the journal', schema: movementPage } },
    },
    async c => {
      const { cursor, exceptSource } = c.req.query();
      const query = { after: sequenceParam(c, 'after'), cursor, limit: sequenceParam(c, 'limit'), exceptSource };
      const page = await readJournal(c.var.ledger, query);
      return respond(
        page
          .map(({ items, next, asOf }) => ({ items: items.map(toMovementRow), next, asOf }))
          .mapErr(error => ledgerProblem(error)),
      );
    },
  );
  const open = opener(setup.options);
  addOperation(
    app,
    setup,
    {
      id: 'streamMovements',
      group: 'Journal',
      method: 'get',
      path: '/organizations/:organization/movements/stream',
      scope: 'READ:PRODUCT',
      summary: 'Follow what is recorded, as server-sent events',
      description: 'The id of an event is the sequence of its record; `Last-Event-ID` goes on after it.',
      query: { after, exceptSource },
      produces: 'text/event-stream',
      answers: { 200: { description: 'Events named `record`, their data as the items of a page', schema: v.string() } },
    },
    async c => {
      const { ledger } = c.var;
      const { exceptSource } = c.req.query();
      if (exceptSource !== undefined && !isSource(exceptSource))
        return problemResponse(problemAt(400, 'INVALID_REQUEST', 'The query is not valid.', ['exceptSource']));
      const end = await ledger.journal({ limit: 1 });
      if (end.isErr()) return problemResponse(ledgerProblem(end.error));
      const start = startOf(c, end.value.asOf);
      if (start === null)
        return problemResponse(problemAt(400, 'INVALID_REQUEST', 'The query is not valid.', ['after']));
      // A client that knows more than the journal would wait for what is recorded under other sequences.
      if (start > end.value.asOf)
        return problemResponse(problemAt(409, 'SEQUENCE_UNKNOWN', 'The journal ends before this sequence.', ['after']));
      return open(ledger, start, exceptSource);
    },
  );
};

const after = { description: 'Only records after this sequence', schema: v.string() } as const;
const exceptSource = { description: 'A source whose records are left out', schema: v.string() } as const;
const limit = { description: '1 to 1,000; 100 when absent', schema: v.string() } as const;

/** Opens streams, and for one organization no more than {@link STREAMS_MAX} at a time. */
function opener({ setTimer = setRuntimeTimer, signal, onLog }: HttpHandlerOptions) {
  const open = new Map<string, number>();
  return (ledger: Ledger, start: number, exceptSource: string | undefined): Response => {
    const { organizationId } = ledger;
    const message = 'Too many clients are listening.';
    if ((open.get(organizationId) ?? 0) >= STREAMS_MAX)
      return problemResponse(problem(503, 'TOO_MANY_STREAMS', message, { 'Retry-After': '10' }));
    const count = (kind: 'StreamOpened' | 'StreamClosed') => {
      const streams = (open.get(organizationId) ?? 0) + (kind === 'StreamOpened' ? 1 : -1);
      open.set(organizationId, streams);
      onLog?.({ kind, organizationId, streams });
    };
    const onOpen = () => count('StreamOpened');
    const onClose = () => count('StreamClosed');
    const body = journalStream({ ledger, after: start, exceptSource, setTimer, signal, onOpen, onClose });
    return new Response(body, { headers: { ...SAFE_HEADERS, ...STREAM_HEADERS } });
  };
}

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
