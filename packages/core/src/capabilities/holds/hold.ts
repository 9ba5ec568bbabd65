import type { LedgerError } from '../../ledger/ledger.ts';
import type { BalanceKey } from '../../model/balance.ts';
import type { LocationId, ProductId, VariantId } from '../../model/id.ts';
import type { LocationRef } from '../../model/movement.ts';

/** The most holds that one request places, posts or releases. */
export const HOLD_LINES_MAX = 100;

/** The most different times at which open holds of one balance expire. Holds that expire together count once. */
export const HOLD_TIMES_MAX = 120;

/** Stock of one variant at one location that is kept for somebody. */
export type Hold = BalanceKey &
  Readonly<{
    holdId: string;
    productId: ProductId;
    /** What is still held, in smallest units. */
    quantity: number;
    /** For whom, in the words of whoever placed it. */
    owner: string;
    /** Milliseconds since 1970. */
    placedAt: number;
    /** The first moment at which nothing is held any more, in milliseconds since 1970; null for never. */
    expiresAt: number | null;
  }>;

/** An open hold, as it is at the time of the ledger's clock. */
export type OpenHold = Hold &
  Readonly<{
    /** How long it has been there, in milliseconds. */
    ageMs: number;
    /** It holds nothing any more, and waits for its closing record. */
    isExpired: boolean;
  }>;

/** How a hold has ended. */
export type HoldEnd = 'posted' | 'released' | 'expired';

/** What to hold for somebody: all of it, or nothing. */
export type ReserveInput = Readonly<{
  /** The id of the command, made and kept before it is sent. */
  id: string;
  /** For whom: 1 to 256 characters. */
  owner: string;
  /** Milliseconds since 1970; null or absent for a hold that does not expire. */
  expiresAt?: number | null | undefined;
  /** 1 to {@link HOLD_LINES_MAX}. */
  lines: readonly HoldLineInput[];
}>;

/** One hold to place. */
export type HoldLineInput = Readonly<{
  /** A UUID, by which it is posted and released. */
  holdId: string;
  locationId: LocationRef;
  productId: string;
  variantId: string;
  /** Smallest units, 1 or more. */
  quantity: number;
}>;

/** How much of a hold; all that is left of it when no quantity is given. */
export type HoldPartInput = Readonly<{
  holdId: string;
  /** Smallest units, 1 or more. */
  quantity?: number | undefined;
}>;

/** Which holds to give up. */
export type ReleaseInput = Readonly<{ id: string; lines: readonly HoldPartInput[] }>;

/** Which holds become movements. */
export type PostInput = ReleaseInput &
  Readonly<{
    /** Where the stock goes; `'SOLD'` when absent. */
    to?: LocationRef | undefined;
  }>;

/** A balance with what is promised of it, all as of one sequence. Amounts are smallest units. */
export type Availability = Readonly<{
  locationId: LocationId;
  variantId: VariantId;
  onHand: number;
  /** What the holds hold at the time of the ledger's clock: of one that has expired nothing, swept or not. */
  reserved: number;
  /** On hand, less what is reserved; below 0 where more is promised than is there. */
  available: number;
  /** Those that hold something. */
  holds: readonly OpenHold[];
  asOf: number;
}>;

/** Why a request about holds was refused; nothing of it was done. The kinds stand in the order in which they are looked for. */
export type HoldError =
  /** The policy of the organization does not say `holds: true`. */
  | Readonly<{ kind: 'HoldsNotKept'; retry: 'never' }>
  /** There are holds of these ids, or were. */
  | Readonly<{ kind: 'HoldIdTaken'; retry: 'never'; holdIds: readonly string[] }>
  /** No such holds were ever placed. */
  | Readonly<{ kind: 'HoldUnknown'; retry: 'never'; holdIds: readonly string[] }>
  /** They have ended before. */
  | Readonly<{ kind: 'HoldClosed'; retry: 'never'; holds: readonly Readonly<{ holdId: string; end: HoldEnd }>[] }>
  /** Their time is over: place new ones. */
  | Readonly<{ kind: 'HoldExpired'; retry: 'never'; holdIds: readonly string[] }>
  /** More is asked for than they hold. */
  | Readonly<{
      kind: 'HoldExceeded';
      retry: 'after-refresh';
      holds: readonly Readonly<{ holdId: string; held: number; requested: number }>[];
    }>
  /** The open holds of these balances would expire at more than {@link HOLD_TIMES_MAX} times, or hold more than can be counted. */
  | Readonly<{ kind: 'HoldsTooMany'; retry: 'after-refresh'; balances: readonly BalanceKey[] }>;

/** Everything that a request about holds may be answered with instead of a receipt. */
export type HoldsError = HoldError | LedgerError;
