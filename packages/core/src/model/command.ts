import type { CommandId, ProductId, Uuid } from './id.ts';
import type { Location, LocationType } from './location.ts';
import type { MovementLine, MovementLineInput } from './movement.ts';

/** The most lines, and the most tracking changes, of one command. */
export const LINES_MAX = 1_000;

/** Whether a product's stock is kept from now on. Balances outlive a stop. */
export type TrackingChange = Readonly<{ kind: 'StartTracking' | 'StopTracking'; productId: ProductId }>;

/** Tracking changes, then movements, applied all or not at all. */
export type RecordMovements = Readonly<{
  kind: 'RecordMovements';
  id: CommandId;
  tracking: readonly TrackingChange[];
  lines: readonly MovementLine[];
  /** A correlation id of the caller's, kept in the journal; it does not make a command idempotent. */
  externalUuid: Uuid | null;
}>;

/** Opens a further location of any type. */
export type OpenLocation = Readonly<{ kind: 'OpenLocation'; id: CommandId; location: Location }>;

/** What a ledger can be told to do, parsed. */
export type Command = RecordMovements | OpenLocation;

/** `RecordMovements` as a caller writes it. */
export type RecordMovementsInput = Readonly<{
  kind: 'RecordMovements';
  /** A UUID made and kept by the caller *before* sending, so that a retry is the same command. */
  id: string;
  tracking?: readonly TrackingChangeInput[] | undefined;
  lines?: readonly MovementLineInput[] | undefined;
  externalUuid?: string | null | undefined;
}>;

/** `OpenLocation` as a caller writes it. */
export type OpenLocationInput = Readonly<{
  kind: 'OpenLocation';
  id: string;
  location: Readonly<{ id: string; type: LocationType; name: string }>;
}>;

/** A command as a caller writes it; `execute` parses it once, at the call. */
export type CommandInput = RecordMovementsInput | OpenLocationInput;

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
