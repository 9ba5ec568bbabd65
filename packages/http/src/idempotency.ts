import {
  type CommandInput,
  type Ledger,
  type OrganizationId,
  parseUuid,
  type Receipt,
  type Uuid,
} from '@stockfold/core';
import type { MiddlewareHandler } from 'hono';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { hashToUuid } from './hash-to-uuid.ts';
import type { HttpHandlerOptions } from './options.ts';
import { type Problem, problem, problemResponse } from './problem.ts';
import type { Env } from './routes/routes.ts';

/**
 * Makes requests that write idempotent under their `Idempotency-Key`: the id of their command follows from the
 * organization and the key, so the journal itself remembers the key, as long as it stands, for every server on it.
 *
 * A replay is answered from the journal with the balances as of its record, which are those of the first answer. What
 * was refused is not in the journal: it burns no key.
 *
 * @see IETF draft-ietf-httpapi-idempotency-key-header-07.
 */
export function idempotent({ idempotency = 'header' }: HttpHandlerOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    const header = c.req.header('idempotency-key');
    const key = header === undefined ? ok(null) : parseIdempotencyKey(header);
    if (key.isErr()) return problemResponse(key.error);
    const ledger = c.get('ledger');
    const keyed = key.value === null ? null : await deriveCommandId(ledger.organizationId, 'key', key.value);
    const notes: Receipt[] = [];
    const externals = keyed === null && idempotency === 'externalUuid';
    if (keyed !== null || externals) c.set('ledger', keyLedger(ledger, { keyed, externals, notes }));
    await next();
    if (c.res.ok && notes.some(receipt => receipt.replayed)) {
      c.set('isReplay', true);
      c.res.headers.set('Idempotency-Replayed', 'true');
    }
    // Done, and only its answer could not be made: under a key, unlike without one, it may be asked for again.
    if (keyed !== null && notes.length > 0 && c.res.status >= 500) c.res = problemResponse(answerLater());
    return undefined;
  };
}

/**
 * Reads an `Idempotency-Key`: 1 to 255 visible ASCII characters, bare or as the quoted string of the draft.
 *
 * @returns The key, a UUID in lower case; a problem for anything else.
 */
export function parseIdempotencyKey(header: string): Result<string, Problem> {
  const [, quoted] = QUOTED.exec(header) ?? [];
  const key = quoted === undefined ? header : quoted.replace(/\\(.)/g, '$1');
  if (KEY.test(key) && (quoted !== undefined || !header.startsWith('"')))
    return ok(parseUuid(key).unwrapOr(null) ?? key);
  return err(problem(400, 'INVALID_IDEMPOTENCY_KEY', 'An idempotency key has 1 to 255 visible ASCII characters.'));
}

/**
 * The command id that a key stands for: the first 122 bits of a SHA-256 in a UUID of version 8, so that no id of another
 * version, as clients make them, is ever one of these.
 */
export async function deriveCommandId(
  organizationId: OrganizationId,
  source: 'key' | 'externalUuid',
  key: string,
): Promise<Uuid> {
  return hashToUuid(`stockfold command ${organizationId} ${source} ${key}`);
}

const KEY = /^[!-~]{1,255}$/;
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;

type Keying = Readonly<{ keyed: Uuid | null; externals: boolean; notes: Receipt[] }>;

/**
 * The ledger as one request sees it: its new id is the key's, and the receipts under that id are noted. What else is recorded
 * on the way, as the location that a first count opens, is not what the request asked for.
 */
function keyLedger(ledger: Ledger, { keyed, externals, notes }: Keying): Ledger {
  const given = keyed ?? ledger.newId();
  const identify = async (command: CommandInput): Promise<CommandInput> => {
    const external = command.kind === 'RecordMovements' ? parseUuid(command.externalUuid).unwrapOr(null) : null;
    if (!externals || external === null || command.id !== given) return command;
    return { ...command, id: await deriveCommandId(ledger.organizationId, 'externalUuid', external) };
  };
  const run = async (command: CommandInput) => ledger.execute(await identify(command));
  const execute: Ledger['execute'] = command =>
    new ResultAsync(run(command)).andTee(receipt => {
      if (command.id === given) notes.push(receipt);
    });
  return { ...ledger, newId: () => given, execute };
}

function answerLater(): Problem {
  const message = 'The request was done, but its answer could not be made. Ask for it again with the same key.';
  return problem(503, 'BALANCES_UNREADABLE', message, { 'Retry-After': '1' });
}
