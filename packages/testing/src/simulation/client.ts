import type { Balance, CommandInput, ExecuteError, Ledger, Page, Receipt } from '@stockfold/core';
import type { Result } from 'neverthrow';
import type { States } from './observe-store.ts';
import { ask, type Request, type RequestError } from './request.ts';
import type { Scheduler } from './scheduler.ts';
import type { Step } from './script.ts';

/** What came of one command, and when. Steps are those of the scheduler. */
export type Outcome = Readonly<{
  command: CommandInput;
  /** Before the first attempt. */
  sentAt: number;
  answeredAt: number;
  /** The head of the journal before the first attempt. */
  headSent: number;
  /** The head of the journal around the attempt that was answered. */
  headBefore: number;
  headAfter: number;
  /** By the clock of its process, before the attempt that was answered. */
  askedAt: number;
  /** An attempt before the last one may have been applied, then or later. */
  wasUnknown: boolean;
  /** Rows of the past were given to somebody during the attempt that was answered, or a clock jumped. */
  sawStaleRows: boolean;
  result: Result<Receipt, ExecuteError | RequestError>;
  /** What was asked of a capability: which command is made of it shows in its record. */
  request: Request | null;
}>;

/** A look at the balances. */
export type Reading = Readonly<{ page: Page<Balance>; atLeast: number }>;

/** What a client needs of the world. */
export type ClientWorld = Readonly<{
  scheduler: Scheduler;
  /** The ledger of the client's process as it is now. */
  ledger: () => Ledger;
  /** Resolves when that process ends. */
  crashed: () => Promise<'crashed'>;
  head: () => number;
  /** How many stale answers were given in this world, and how often a clock jumped. */
  staleAnswers: () => number;
  states: States;
}>;

const DEADLINE_MS = 1_000;
const BACKOFF_MS = 50;
const READ_LIMIT = 1_000;

/**
 * A client that does as it should: it keeps a command before it sends it, and sends the same command again, with the
 * same id, until it gets an answer, over crashes, deadlines and faults.
 */
export async function runClient(
  steps: readonly Step[],
  world: ClientWorld,
): Promise<{ outcomes: Outcome[]; readings: Reading[] }> {
  const outcomes: Outcome[] = [];
  const readings: Reading[] = [];
  let seen = 0;
  for (const step of steps) {
    if (step.kind === 'wait') {
      await world.scheduler.sleep(step.ms);
      continue;
    }
    if (step.kind === 'read') {
      const page = await attempt(world, ledger => ledger.balances({ limit: READ_LIMIT }));
      if (typeof page === 'string' || page.isErr()) continue;
      world.states['balance read under way'] += 1;
      readings.push({ page: page.value, atLeast: seen });
      seen = Math.max(seen, page.value.asOf);
      continue;
    }
    const outcome =
      step.kind === 'ask'
        ? await untilAnswered({ kind: 'RecordMovements', id: step.id }, world, step.requestAt(world.ledger().now()))
        : await untilAnswered(step.command, world, null);
    outcomes.push(outcome);
    if (outcome.result.isOk()) seen = Math.max(seen, outcome.result.value.sequence);
  }
  return { outcomes, readings };
}

async function untilAnswered(command: CommandInput, world: ClientWorld, request: Request | null): Promise<Outcome> {
  const { scheduler, head, staleAnswers, states } = world;
  const sentAt = scheduler.step();
  const headSent = head();
  let wasUnknown = false;
  for (let attempts = 1; ; attempts++) {
    const headBefore = head();
    const staleBefore = staleAnswers();
    const askedAt = world.ledger().now();
    const result = await attempt<Receipt, ExecuteError | RequestError>(world, async ledger =>
      request === null ? await ledger.execute(command) : await ask(ledger, request),
    );
    if (typeof result === 'string' || (result.isErr() && result.error.retry === 'same-command')) {
      if (typeof result === 'string' || result._unsafeUnwrapErr().kind === 'OutcomeUnknown') wasUnknown = true;
      await scheduler.sleep(BACKOFF_MS * Math.min(attempts, 10));
      continue;
    }
    count(result, { wasUnknown, attempts }, states);
    if (request !== null) countRequest(request.kind, result, states);
    const sawStaleRows = staleAnswers() > staleBefore;
    const answeredAt = scheduler.step();
    const when = { sentAt, answeredAt, askedAt, headSent, headBefore, headAfter: head() };
    return { command, ...when, wasUnknown, sawStaleRows, result, request };
  }
}

/** One call, for as long as the process lives and the client waits. */
async function attempt<T, E>(
  { scheduler, ledger, crashed, states }: ClientWorld,
  call: (ledger: Ledger) => PromiseLike<Result<T, E>>,
): Promise<Result<T, E> | 'crashed' | 'late'> {
  let cancel: () => void = () => undefined;
  const deadline = new Promise<'late'>(resolve => {
    cancel = scheduler.setTimer(() => resolve('late'), DEADLINE_MS);
  });
  const result = await Promise.race([call(ledger()), crashed(), deadline]);
  cancel();
  if (result === 'late') states['deadline passed'] += 1;
  return result;
}

const CARRIED_OUT = { hold: 'hold placed or ended', reversal: 'command taken back', count: 'shelf counted' } as const;

function countRequest(
  kind: Request['kind'],
  result: Result<Receipt, ExecuteError | RequestError>,
  states: States,
): void {
  if (result.isOk()) states[CARRIED_OUT[kind]] += 1;
  else if (result.error.kind === 'HoldClosed') states['hold was closed before'] += 1;
  else if (result.error.kind === 'HoldExpired') states['hold had expired'] += 1;
  else if (result.error.kind === 'AlreadyReversed') states['command was taken back before'] += 1;
  else if (result.error.kind === 'NotReversible') states['command could not be taken back'] += 1;
  else if (result.error.kind === 'CountSuperseded') states['shelf was counted later'] += 1;
}

function count(
  result: Result<Receipt, ExecuteError | RequestError>,
  { wasUnknown, attempts }: Readonly<{ wasUnknown: boolean; attempts: number }>,
  states: States,
): void {
  if (result.isOk()) {
    if (result.value.replayed) states['command replayed'] += 1;
    if (result.value.replayed && wasUnknown) states['replayed after an unknown outcome'] += 1;
    if (!result.value.replayed && attempts > 1) states['recorded at the second attempt'] += 1;
    return;
  }
  if (result.error.kind === 'StockInsufficient') {
    const isHeld = result.error.shortages.some(({ reserved }) => reserved > 0);
    states[isHeld ? 'refused for what is held' : 'refused for stock'] += 1;
  }
  if (result.error.kind === 'BalanceStale') states['refused for another balance'] += 1;
  if (result.error.kind === 'NoteStale') states['refused for another note'] += 1;
  if (result.error.kind === 'ProductNotTracked') states['refused for tracking'] += 1;
  if (result.error.kind === 'VariantOfOtherProduct') states['refused for another product'] += 1;
  if (result.error.kind === 'OccursLater') states['refused for its time'] += 1;
  if (result.error.kind === 'CommandIdReused') states['command id reused'] += 1;
}
