import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../../ledger/fault.ts';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import {
  type BalanceAtInput,
  PAGE_LIMIT_MAX,
  parseBalanceAt,
  parseBalanceQuery,
  type QueryInvalid,
} from '../../ledger/query.ts';
import type { Page } from '../../ledger/store.ts';
import type { BalanceKey } from '../../model/balance.ts';
import type { ProductId, Uuid } from '../../model/id.ts';
import type { Receipt } from '../../model/journal.ts';
import type { Path, Rejection } from '../../model/rejection.ts';
import { HELD_KIND } from '../../model/reserved.ts';
import { carryOut, type Made, type Request } from '../carry-out.ts';
import type {
  Availability,
  Hold,
  HoldEnd,
  HoldError,
  HoldsError,
  OpenHold,
  PostInput,
  ReleaseInput,
  ReserveInput,
} from './hold.ts';
import { readHeld } from './hold-notes.ts';
import { parseReserve, parseSettle, type Reserve, type Settle } from './parse-holds.ts';
import { placeHolds } from './place-holds.ts';
import { readHeldOf } from './read-holds.ts';
import { settleHolds } from './settle-holds.ts';

/** Which open holds; all when nothing is named. */
export type OpenHoldsQuery = Readonly<{
  locationId?: string | undefined;
  /** Of this location. */
  variantId?: string | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;

/**
 * Stock that is kept for somebody, for a while or for good. Each request is one command, idempotent by its id. It is refused
 * with `HoldError`, or with what a command is refused for; what cannot be read is a fault of the store.
 */
export type Holds = Readonly<{
  /**
   * Holds stock, all of it or nothing, where that much is available: `StockInsufficient` otherwise. Where no floor is kept
   * anything can be held, and nothing is kept from others.
   */
  reserve: (input: ReserveInput) => ResultAsync<Receipt, HoldsError>;
  /**
   * Moves what was held, or some of it: the rest stays held. It never lacks what it holds itself; `HoldExpired` once its time
   * is over.
   */
  post: (input: PostInput) => ResultAsync<Receipt, HoldsError>;
  /** Gives up what was held, or some of it; `HoldClosed` when nothing is left of it. */
  release: (input: ReleaseInput) => ResultAsync<Receipt, HoldsError>;
  /**
   * A page of the open holds with owner and age, by location, variant and id. Those that expired are among them until they are
   * swept. `QueryInvalid` names a wrong field.
   */
  open: (query?: OpenHoldsQuery) => ResultAsync<Page<OpenHold>, StoreFault | QueryInvalid>;
  /** A balance with its holds, as of one sequence; `Contended` when others write faster than it can be read. */
  availability: (query: Omit<BalanceAtInput, 'asOf'>) => ResultAsync<Availability, LedgerError>;
  /**
   * Writes the closing record of each hold that has expired, and says of how many. Nothing depends on when it is done. A fault
   * of the store ends it; what was closed stays so.
   */
  sweep: () => ResultAsync<Readonly<{ closed: number }>, HoldsError>;
}>;

/**
 * Makes holds on a ledger. Its organization keeps them once its policy says `holds: true`; then no command takes from what
 * is held, by whatever handle or process it comes, unless it overrides floors.
 *
 * @example
 * const holds = createHolds(ledger);
 * await holds.reserve({ id, owner: 'cart 7', expiresAt, lines: [{ holdId, locationId: 'STORE', ...mug, quantity: 2 }] });
 */
export function createHolds(ledger: Ledger): Holds {
  const { systemLocations: system, newId } = ledger;
  const settle = (parsed: Result<Settle, Rejection>, end: HoldEnd) =>
    carry(ledger, parsed, KINDS[end], asked => settleHolds(ledger, asked, end));
  const expire = (holdId: string) => {
    const lines = [{ holdId: holdId as Uuid, quantity: null }];
    return settle(ok({ id: newId(), to: null, lines }), 'expired');
  };
  return {
    reserve: input => {
      const parsed = parseReserve(input, system);
      return carry(ledger, parsed, 'Reserve', asked => placeHolds(ledger, asked)).mapErr(error =>
        parsed.isOk() ? atLines(error, parsed.value) : error,
      );
    },
    post: input => settle(parseSettle(input, system, true), 'posted'),
    release: input => settle(parseSettle(input, system, false), 'released'),
    open: (query = {}) => readOpen(ledger, query),
    availability: query => readAvailability(ledger, query),
    sweep: () => new ResultAsync(sweep(ledger, expire)),
  };
}

const KINDS: Readonly<Record<HoldEnd, string>> = { posted: 'Post', released: 'Release', expired: 'Expire' };

function carry<T extends Reserve | Settle>(
  ledger: Ledger,
  parsed: Result<T, Rejection>,
  kind: string,
  make: (asked: T) => Promise<Result<Made, HoldsError>>,
): ResultAsync<Receipt, HoldsError> {
  if (parsed.isErr()) return errAsync(parsed.error);
  const { id, ...asked } = parsed.value;
  const request = { kind, ...asked } as unknown as Request<HoldError>['asked'];
  return new ResultAsync(carryOut<HoldError>(ledger, { id, asked: request, make: () => make(parsed.value) }));
}

/** A refusal with paths into what was asked for, and not into the notes that were made of it: two for each line, then those of the balances. */
function atLines(error: HoldsError, { lines }: Reserve): HoldsError {
  const lineOf = (key: Partial<BalanceKey>) =>
    lines.findIndex(line => Object.entries(key).every(([field, id]) => line[field as keyof BalanceKey] === id));
  const at = (key: Partial<BalanceKey> & { productId?: ProductId }, field: string): Path => [
    'lines',
    lineOf(key),
    field,
  ];
  switch (error.kind) {
    case 'StockInsufficient':
      return {
        ...error,
        shortages: error.shortages.map(shortage => {
          const { variantId, locationId } = shortage;
          return { ...shortage, paths: [at({ variantId, locationId }, 'quantity')] };
        }),
      };
    case 'LocationUnknown':
      return {
        ...error,
        locations: error.locations.map(({ locationId }) => ({ locationId, path: at({ locationId }, 'locationId') })),
      };
    case 'VariantOfOtherProduct':
      return {
        ...error,
        variants: error.variants.map(({ variantId, productId }) => {
          return { variantId, productId, path: at({ variantId, productId }, 'productId') };
        }),
      };
    case 'ProductNotTracked':
      return {
        ...error,
        products: error.products.map(({ productId }) => ({ productId, path: at({ productId }, 'productId') })),
      };
    default:
      return error;
  }
}

function readOpen(ledger: Ledger, query: OpenHoldsQuery): ReturnType<Holds['open']> {
  const { organizationId, systemLocations: system } = ledger;
  const { locationId, variantId, cursor, limit } = query;
  const variantIds = variantId === undefined ? undefined : [variantId];
  const parsed = parseBalanceQuery({ locationId, variantIds, limit }, { organizationId, system });
  if (parsed.isErr()) return errAsync(parsed.error);
  const [variant] = parsed.value.variantIds ?? [];
  if (variant !== undefined && parsed.value.locationId === undefined)
    return errAsync({ kind: 'QueryInvalid', retry: 'never', field: 'locationId' });
  const prefix = [parsed.value.locationId, variant].flatMap(id => (id === undefined ? [] : [`${id}.`])).join('');
  const now = ledger.now();
  return ledger
    .notes({ kind: HELD_KIND, prefix: prefix === '' ? undefined : prefix, cursor, limit: parsed.value.limit })
    .map(page => ({ ...page, items: page.items.map(note => seenAt(readHeld(note).hold, now)) }));
}

function seenAt(hold: Hold, now: number): OpenHold {
  return { ...hold, ageMs: now - hold.placedAt, isExpired: hold.expiresAt !== null && hold.expiresAt <= now };
}

function readAvailability(ledger: Ledger, query: Omit<BalanceAtInput, 'asOf'>): ReturnType<Holds['availability']> {
  const { organizationId, systemLocations: system } = ledger;
  const parsed = parseBalanceAt(query, { organizationId, system });
  if (parsed.isErr()) return errAsync(parsed.error);
  const { locationId, variantId } = parsed.value;
  return readHeldOf(ledger, { locationId, variantId }).andThen(({ held, asOf }) =>
    ledger.balanceAt({ locationId, variantId, asOf }).map(({ onHand }) => {
      const now = ledger.now();
      const holds = held.map(({ hold }) => seenAt(hold, now)).filter(({ isExpired }) => !isExpired);
      const reserved = holds.reduce((sum, { quantity }) => sum + quantity, 0);
      return { locationId, variantId, onHand, reserved, available: onHand - reserved, holds, asOf };
    }),
  );
}

async function sweep(
  ledger: Ledger,
  expire: (holdId: string) => ResultAsync<Receipt, HoldsError>,
): Promise<Result<Readonly<{ closed: number }>, HoldsError>> {
  let closed = 0;
  let cursor: string | undefined;
  do {
    const page = await readOpen(ledger, { cursor, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return err(page.error);
    for (const { holdId, isExpired } of page.value.items) {
      if (!isExpired) continue;
      const done = await expire(holdId);
      // Somebody else has closed it.
      if (done.isErr() && done.error.kind !== 'HoldClosed') return err(done.error);
      if (done.isOk()) closed += 1;
    }
    cursor = page.value.next ?? undefined;
  } while (cursor !== undefined);
  return ok({ closed });
}
