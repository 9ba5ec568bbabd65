import {
  type Balance,
  type BalanceAt,
  type CommandId,
  type Ledger,
  type Location,
  type LowStockRule,
  type Note,
  type Page,
  type Policy,
  type Preview,
  type ProductId,
  parseUuid,
  type QueryInvalid,
  type StoredPosting,
  type StoredRecord,
  type StoreFault,
  storeFault,
  uuidV7,
  type Verification,
} from '@stockfold/core';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import * as v from 'valibot';
import * as wire from '../wire/answer.ts';
import { fromWireError } from '../wire/error.ts';
import { preview } from '../wire/preview.ts';
import { Calls } from './calls.ts';
import { Commands, toInput } from './commands.ts';
import { createStreaming, createTransport, type Send, type TransportOptions } from './transport.ts';
import { createRemoteWatch } from './watch.ts';

/** What a ledger over HTTP is made of. */
export type HttpLedgerOptions = TransportOptions &
  Readonly<{
    /** Makes UUIDs for `newId`; `uuidV7` when absent. */
    newId?: (() => string) | undefined;
    /** Milliseconds since 1970, for what is judged by the time on this side; `Date.now` when absent. */
    clock?: (() => number) | undefined;
    /** How long to wait before a stream that ended is opened again, in milliseconds; 1,000 when absent. */
    watchEveryMs?: number | undefined;
  }>;

/**
 * A ledger that is elsewhere: a client of a server that serves `createHttpHandler`, for the organization of its token.
 *
 * A call whose answer is lost is sent again, with the same command ids, until its attempts or its time are used up.
 * Then a command is `OutcomeUnknown`, and a question `StoreUnavailable`; both may be asked again. `replayed` tells
 * whether a command was recorded before the call began, as far as this client could know.
 *
 * @returns The ledger, once the server has said whose it is; `StoreUnavailable` when it did not. Closing it ends nothing
 *   on the server.
 */
export function createHttpLedger(options: HttpLedgerOptions): ResultAsync<Ledger, StoreFault> {
  const send = createTransport(options);
  return new ResultAsync(
    send('/organizations/self/ledger').then(answered => {
      const card =
        answered.isOk() && answered.value.status === 200 ? v.safeParse(wire.ledgerCard, answered.value.json) : null;
      if (card?.success === true) return ok(open(send, card.output, options));
      const status = answered.isOk() ? `answered with ${answered.value.status}` : 'did not answer';
      return err(storeFault('StoreUnavailable', `the server ${status}`));
    }),
  );
}

function open(
  send: Send,
  { organizationId, systemLocations, sequence }: wire.LedgerCard,
  options: HttpLedgerOptions,
): Ledger {
  const { newId = uuidV7 } = options;
  const calls = new Calls();
  const commands = new Commands(send, systemLocations, sequence);
  const see = <T extends Readonly<{ asOf: number }>>(answer: T): T => {
    commands.saw(answer.asOf);
    return answer;
  };
  // The server gives no other error to a question than the ledger would: each method has those of its signature.
  const ask = <T, E>(
    kind: string,
    query: unknown,
    schema: v.GenericSchema<unknown, T>,
  ): ResultAsync<T, E | StoreFault> => {
    const body = write({ kind, query });
    return calls.run<T, E | StoreFault>(async () =>
      body === null ? err(unreadable() as E) : askServer(send, `${PATH}/queries`, body, schema),
    );
  };
  const balances: Ledger['balances'] = (query = {}) =>
    ask<Page<Balance>, QueryInvalid>('balances', query, wire.balances).map(see);
  const journal: Ledger['journal'] = (query = {}) =>
    ask<Page<StoredRecord>, QueryInvalid>('journal', query, wire.journal).map(see);
  const remote = { organizationId, systemLocations, balances, journal };
  const retryMs = options.watchEveryMs ?? 1_000;
  const watching = createRemoteWatch(remote, { openStream: createStreaming(options), retryMs });
  return {
    ...remote,
    newId: () => readId(newId()),
    now: options.clock ?? Date.now,
    execute: input => {
      const read = commands.read([input]);
      return calls.run(async () => (await commands.run(read))[0] as Awaited<ReturnType<Ledger['execute']>>);
    },
    executeAll: async inputs => {
      const read = commands.read(inputs);
      const done = await calls.run(async () => ok(await commands.run(read)));
      return done.isOk() ? done.value : read.map(() => err(done.error));
    },
    preview: input => {
      const [command] = commands.read([input]) as [ReturnType<Commands['read']>[number]];
      return command.isOk()
        ? ask<Preview, never>('preview', toInput(command.value), preview)
        : calls.run<Preview, never>(async () => ok({ kind: 'WouldRefuse', reasons: [command.error] }));
    },
    balanceAt: query => ask<BalanceAt, QueryInvalid>('balanceAt', query, wire.balanceAt).map(see),
    trackedProducts: (query = {}) =>
      ask<Page<ProductId>, QueryInvalid>('trackedProducts', query, wire.trackedProducts).map(see),
    lowStock: (query = {}) => ask<Page<LowStockRule>, QueryInvalid>('lowStock', query, wire.lowStock).map(see),
    postings: query => ask<Page<StoredPosting>, QueryInvalid>('postings', query, wire.postings).map(see),
    records: query => ask<readonly StoredRecord[], QueryInvalid>('records', query, wire.records),
    notes: query => ask<Page<Note>, QueryInvalid>('notes', query, wire.notes).map(see),
    locations: () => ask<readonly Location[], never>('locations', undefined, wire.locations),
    policy: () => ask<Policy, never>('policy', undefined, wire.policy),
    verify: () =>
      calls.run(() => askServer<Verification, never>(send, `${PATH}/verification`, '{}', wire.verification)),
    watch: watching.watch,
    close: () => {
      // Stops whoever watches; the store behind it is none that could be closed.
      void watching.close();
      return calls.close();
    },
  };
}

const PATH = '/organizations/self/ledger';

/** A query as it is now; null when it cannot be written: a getter of the caller's threw, or it holds what JSON does not. */
function write(input: unknown): string | null {
  try {
    return JSON.stringify(input);
  } catch {
    return null;
  }
}

async function askServer<T, E>(
  send: Send,
  path: string,
  body: string,
  schema: v.GenericSchema<unknown, T>,
): Promise<Result<T, E | StoreFault>> {
  const answered = await send(path, body);
  if (answered.isErr()) return err(storeFault('StoreUnavailable', 'the server did not answer'));
  const { status, json } = answered.value;
  if (status === 200) {
    const read = v.safeParse(schema, json);
    return read.success ? ok(read.output) : err(storeFault('StoreFailed', 'the server gave an answer that is none'));
  }
  const error = fromWireError((json as { error?: unknown } | null)?.error);
  if (error !== null) return err(error as E);
  if (status === 400) return err(unreadable() as E);
  const isToken = status === 401 || status === 403;
  return err(storeFault(isToken ? 'StoreUnavailable' : 'StoreFailed', `the server answered with ${status}`));
}

function unreadable(): QueryInvalid {
  return { kind: 'QueryInvalid', retry: 'never', field: 'query' };
}

function readId(input: string): CommandId {
  const id = parseUuid(input).unwrapOr(null);
  if (id === null) throw new TypeError('createHttpLedger: an id of newId is a UUID');
  return id;
}
