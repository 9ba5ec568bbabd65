import { formatPath, type HoldError, type LedgerError, type Path } from '@stockfold/core';
import type { ProblemBody } from './answers.ts';

/** One thing wrong with a request, in the shape of the mirrored API. */
export type ApiViolation = Readonly<{
  /** Where in the request body: `changes[1].change`. */
  propertyName: string;
  developerMessage: string;
  constraintType: string;
}>;

/** Why a request was not done. Texts are fixed: they never repeat what was sent. */
export type Problem = Readonly<{
  status: number;
  errorType: string;
  developerMessage: string;
  violations: readonly ApiViolation[];
  headers?: Readonly<Record<string, string>>;
  /** Further fields of the body. */
  extra?: Readonly<Record<string, unknown>>;
}>;

/** The most violations of a body that are named: an answer stays smaller than the body that it is about. */
export const VIOLATIONS_MAX = 100;

/** A problem with no place in the body. */
export function problem(
  status: number,
  errorType: string,
  developerMessage: string,
  headers: Readonly<Record<string, string>> = {},
): Problem {
  return { status, errorType, developerMessage, violations: [], headers };
}

/** The ledger has been written: a caller that was told to come back would write it twice. */
export function doneUnreadable(what: string): Problem {
  return problem(
    500,
    'BALANCES_UNREADABLE',
    `The request was done, but ${what} could not be read. Do not send it again.`,
  );
}

/** Problems at places in the body. */
export function problemAt(
  status: number,
  errorType: string,
  developerMessage: string,
  places: readonly string[],
): Problem {
  const violations = places.map(propertyName => ({ propertyName, developerMessage, constraintType: errorType }));
  return { status, errorType, developerMessage, violations };
}

/** The response of a problem, with the body that clients of the mirrored API read. */
export function problemResponse(problem: Problem): Response {
  return jsonResponse(problem.status, problemBodyOf(problem), problem.headers);
}

/** The body of a problem. */
export function problemBodyOf({ errorType, developerMessage, violations, extra }: Problem): ProblemBody {
  return { developerMessage, errorType, violations: [...violations], ...extra };
}

/** The response of a request that was done. */
export function okResponse(body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonResponse(200, body, headers);
}

/** Headers stay a plain object: `Response.json` would make `Headers` of them, which a server takes apart again. */
function jsonResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** The response of a request that was done and has nothing to show. */
export function emptyResponse(status: 201 | 202 | 204, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...SAFE_HEADERS, ...headers } });
}

/** What every answer carries. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
const JSON_HEADERS = { 'Content-Type': 'application/json', ...SAFE_HEADERS } as const;
// A request names one, or some of which any may be meant.
const HOLD = 'holdUuid';
const RETRY_LATER = { 'Retry-After': '1' } as const;

/**
 * What the ledger's errors are over HTTP: the only place that gives them a status.
 *
 * @param place - Turns a path in the ledger's command into one in the request body.
 */
export function ledgerProblem(error: LedgerError | HoldError, place: (path: Path) => string = formatPath): Problem {
  const at = (items: readonly Readonly<{ path: Path }>[]) => items.map(item => place(item.path));
  switch (error.kind) {
    case 'CommandInvalid':
      return {
        ...problem(400, 'INVALID_REQUEST', 'The request is not valid.'),
        violations: error.violations.map(({ kind, path, message }) => ({
          propertyName: place(path),
          developerMessage: message,
          constraintType: kind,
        })),
      };
    case 'QueryInvalid':
      return problemAt(400, 'INVALID_REQUEST', 'The query is not valid.', [place([error.field])]);
    case 'OccursLater':
      return problemAt(422, 'OCCURS_LATER', 'It cannot have occurred later than now.', [place(error.path)]);
    case 'LocationUnknown':
      return problemAt(404, 'ENTITY_NOT_FOUND', 'The location was not found.', at(error.locations));
    case 'LocationAlreadyOpen':
      return problem(409, 'ITEM_ALREADY_EXIST', 'A location with this id exists.');
    case 'VariantOfOtherProduct':
      return problemAt(422, 'PRODUCT_MISMATCH', 'The variant belongs to another product.', at(error.variants));
    case 'ProductNotTracked':
      return problemAt(422, 'PRODUCT_NOT_TRACKED', 'The product is not tracked.', at(error.products));
    case 'NoteStale':
      return problemAt(409, 'NOTE_STALE', 'What this relies on has changed.', at(error.notes));
    case 'BalanceStale':
      return problemAt(409, 'BALANCE_STALE', 'The balance is another than expected.', at(error.balances));
    case 'BalanceOverflow':
      return problemAt(422, 'BALANCE_OVERFLOW', 'The balance would leave the safe integers.', error.paths.map(place));
    case 'StockInsufficient': {
      const places = error.shortages.flatMap(shortage => shortage.paths.map(place));
      const shortages = error.shortages.map(({ locationId, variantId, paths: _, ...amounts }) => ({
        locationUuid: locationId,
        variantUuid: variantId,
        ...amounts,
      }));
      const message = 'The balance would fall below its floor.';
      return { ...problemAt(422, 'INSUFFICIENT_STOCK', message, places), extra: { shortages } };
    }
    case 'CommandIdReused':
      return problemAt(
        422,
        'IDEMPOTENCY_KEY_REUSED',
        'Another request had the same idempotency key.',
        error.differs.map(place),
      );
    case 'HoldsNotKept':
      return problem(409, 'HOLDS_NOT_KEPT', 'The policy does not say that holds are kept.');
    case 'HoldIdTaken':
      return problemAt(409, 'HOLD_ALREADY_EXIST', 'A hold with this id exists, or existed.', [HOLD]);
    case 'HoldUnknown':
      return problemAt(404, 'ENTITY_NOT_FOUND', 'The hold was not found.', [HOLD]);
    case 'HoldClosed':
      return problemAt(409, 'HOLD_CLOSED', 'The hold has been posted, released or swept.', [HOLD]);
    case 'HoldExpired':
      return problemAt(409, 'HOLD_EXPIRED', 'The time of the hold is over.', ['expiresAt']);
    case 'HoldExceeded':
      return problemAt(422, 'HOLD_EXCEEDED', 'The hold holds less.', ['quantity']);
    case 'HoldsTooMany':
      return problemAt(422, 'TOO_MANY_HOLDS', 'The holds of a balance expire at too many times.', ['expiresAt']);
    case 'OutcomeUnknown':
      return problem(503, 'OUTCOME_UNKNOWN', 'It is not known whether the request was done.', RETRY_LATER);
    case 'StoreBusy':
    case 'StoreUnavailable':
    case 'Contended':
    case 'Overloaded':
      return problem(503, 'STORE_UNAVAILABLE', 'The ledger cannot be written now; nothing was done.', RETRY_LATER);
    case 'StoreFull':
      return problem(507, 'STORE_FULL', 'The ledger has no room left; nothing was done.');
    case 'StoreClosed':
    case 'StoreTooNew':
    case 'StoreFailed':
      return problem(500, 'STORE_FAILED', 'The ledger failed; nothing was done.');
  }
}
