import type { Uuid } from '../../model/id.ts';
import type { LocationRef, MovementLineInput, Variant } from '../../model/movement.ts';
import type { ProvenanceInput } from '../../model/provenance.ts';

/** What somebody has counted. */
export type CountInput = Readonly<{
  /** The id of the command, kept before it is sent. */
  id: string;
  /** The id of a location, or `'STORE'`; none that goods only come from or go to. */
  location: LocationRef;
  variant: Variant;
  /** Smallest units, 0 or more. */
  counted: number;
  /** When the shelf was looked at, in milliseconds since 1970. */
  observedAt: number;
}>;

/** Why a count is not recorded; nothing has moved. */
export type CountError =
  /** A field is none. */
  | Readonly<{ kind: 'CountInvalid'; retry: 'never'; field: keyof CountInput }>
  /** The shelf was counted again after that, and the later observation counts. */
  | Readonly<{ kind: 'CountSuperseded'; retry: 'never'; observedAt: number }>;

/** Movements that are recorded after they have occurred: of a till that was offline, or from a slip of paper. */
export type LateInput = Readonly<{
  id: string;
  lines: readonly MovementLineInput[];
  /** With `occurredAt`: when it happened. */
  provenance: ProvenanceInput & Readonly<{ occurredAt: number }>;
}>;

/** One count, and by how much it was off. Amounts are smallest units. */
export type Variance = Readonly<{
  commandId: Uuid;
  locationId: Uuid;
  productId: Uuid;
  variantId: Uuid;
  /** Milliseconds since 1970. */
  observedAt: number;
  counted: number;
  /** The balance as effective when the shelf was looked at, by what was known when the count was recorded. */
  expected: number;
  /** `counted` less `expected`: below zero for what is missing. */
  variance: number;
  /** How much of the variance was explained since, by movements that had occurred before the count and came after it. */
  explained: number;
}>;

/** Which counts; all of them when nothing is named. */
export type VarianceQuery = Readonly<{
  /** Only those observed then or later, in milliseconds since 1970. */
  from?: number | undefined;
  /** Only those observed before. */
  to?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** How many counts are looked at, 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;
