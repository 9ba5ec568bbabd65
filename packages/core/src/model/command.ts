import type { BalanceKey } from './balance.ts';
import type { CommandId, ProductId, Uuid } from './id.ts';
import type { JsonValue } from './json.ts';
import type { Location, LocationType } from './location.ts';
import type { LowStockRule } from './low-stock.ts';
import type { LocationRef, MovementLine, MovementLineInput, Variant } from './movement.ts';
import type { NoteWrite } from './note.ts';
import type { Policy, PolicyInput } from './policy.ts';
import type { Provenance, ProvenanceInput } from './provenance.ts';

/** The most lines, tracking changes, notes or low-stock rules of one command. */
export const LINES_MAX = 1_000;

/** Whether a product's stock is kept from now on. Balances outlive a stop. */
export type TrackingChange = Readonly<{ kind: 'StartTracking' | 'StopTracking'; productId: ProductId }>;

/** A balance that a command was decided on by its caller. */
export type Expectation = BalanceKey & Readonly<{ productId: ProductId; onHand: number }>;

/** Leave to break floors, for one command, and why: both are recorded. */
export type Override = Readonly<{ floors: true; reason: string }>;

/** What any command may carry besides what it does. */
type Origin = Readonly<{
  /** Absent where the caller did not say. */
  provenance?: Provenance | undefined;
}>;

/** Tracking changes, then movements, and notes beside them, applied all or not at all. */
export type RecordMovements = Origin &
  Readonly<{
    kind: 'RecordMovements';
    id: CommandId;
    tracking: readonly TrackingChange[];
    lines: readonly MovementLine[];
    /** What the balances must be before it; a condition, and no part of what is recorded. */
    expect: readonly Expectation[];
    /** Each note once; absent for none. */
    notes?: readonly NoteWrite[] | undefined;
    /** What the caller was asked for, when the command was made of it. */
    request?: JsonValue | undefined;
    /** A correlation id of the caller's, kept in the journal; it does not make a command idempotent. */
    externalUuid: Uuid | null;
    /** Absent for a command that keeps floors. */
    override?: Override | undefined;
  }>;

/** Opens a further location of any type. */
export type OpenLocation = Origin & Readonly<{ kind: 'OpenLocation'; id: CommandId; location: Location }>;

/** Sets when stock is low, all rules or none. A rule without level and alert takes away the one that was there. */
export type SetLowStock = Origin & Readonly<{ kind: 'SetLowStock'; id: CommandId; rules: readonly LowStockRule[] }>;

/** Sets what the organization allows, instead of all that was set before. */
export type SetPolicy = Origin & Readonly<{ kind: 'SetPolicy'; id: CommandId; policy: Policy }>;

/** What a ledger can be told to do, parsed. */
export type Command = RecordMovements | OpenLocation | SetLowStock | SetPolicy;

type OriginInput = Readonly<{
  /** Where the command comes from: recorded, compared when the command comes again, and read by no rule but that of time. */
  provenance?: ProvenanceInput | null | undefined;
}>;

/** `RecordMovements` as a caller writes it. */
export type RecordMovementsInput = OriginInput &
  Readonly<{
    kind: 'RecordMovements';
    /** A UUID made and kept by the caller *before* sending, so that a retry is the same command. */
    id: string;
    tracking?: readonly TrackingChangeInput[] | undefined;
    lines?: readonly MovementLineInput[] | undefined;
    /**
     * Compare and set: what the balances must be before this command, or it is refused with `BalanceStale`. A command
     * that was recorded is replayed whatever the balances are by then.
     */
    expect?: readonly ExpectationInput[] | undefined;
    /** Small rows of the caller's own, written with the movements or not at all; each note once. */
    notes?: readonly NoteWrite[] | undefined;
    /**
     * What this command was made of. It is kept in the journal, and it alone tells whether a command under a known id is the
     * same one again: what was made of it may be another at the second attempt, since the stock is another by then.
     */
    request?: JsonValue | undefined;
    externalUuid?: string | null | undefined;
    /** Lets this command break floors. The reason has 1 to 256 characters, and is recorded. */
    override?: Override | null | undefined;
  }>;

/** `OpenLocation` as a caller writes it. */
export type OpenLocationInput = OriginInput &
  Readonly<{
    kind: 'OpenLocation';
    id: string;
    location: Readonly<{ id: string; type: LocationType; name: string }>;
  }>;

/** `SetLowStock` as a caller writes it. */
export type SetLowStockInput = OriginInput &
  Readonly<{ kind: 'SetLowStock'; id: string; rules: readonly LowStockRuleInput[] }>;

/** A low-stock rule as a caller writes it; `'STORE'` and its like stand for their locations. */
export type LowStockRuleInput = Readonly<{
  productId: string;
  variantId: string;
  locationId: string;
  /** Smallest units, 0 or more; null or absent for none. */
  level?: number | null | undefined;
  /** False when absent. */
  alert?: boolean | undefined;
}>;

/** `SetPolicy` as a caller writes it. */
export type SetPolicyInput = OriginInput & Readonly<{ kind: 'SetPolicy'; id: string; policy: PolicyInput }>;

/** A command as a caller writes it; `execute` parses it once, at the call. */
export type CommandInput = RecordMovementsInput | OpenLocationInput | SetLowStockInput | SetPolicyInput;

/** An expectation as a caller writes it. */
export type ExpectationInput = Readonly<{
  locationId: LocationRef;
  productId: string;
  variantId: string;
  /** Smallest units; below zero too. */
  onHand: number;
}>;

/** A tracking change as a caller writes it. */
export type TrackingChangeInput = Readonly<{ kind: 'StartTracking' | 'StopTracking'; productId: string }>;

/** From this command on the product's stock is kept. */
export function startTracking(productId: string): TrackingChangeInput {
  return { kind: 'StartTracking', productId };
}

/** From this command on movements of the product are refused; its balances stay. */
export function stopTracking(productId: string): TrackingChangeInput {
  return { kind: 'StopTracking', productId };
}

/**
 * A balance that a command relies on: compare and set.
 *
 * @param locationId - The id of a location, or `'STORE'`.
 * @param onHand - Smallest units, as they were read.
 * @returns An entry for `expect` of `RecordMovements`, refused there with `BalanceStale` when it is another by then.
 */
export function expecting(locationId: LocationRef, variant: Variant, onHand: number): ExpectationInput {
  return { locationId, productId: variant.productId, variantId: variant.variantId, onHand };
}
