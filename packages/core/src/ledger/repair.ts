import type { LocationId, OrganizationId, ProductId, VariantId } from '../model/id.ts';
import type { Location } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { NoteKey, NoteState } from '../model/note.ts';
import type { Policy } from '../model/policy.ts';

/** Rows as the journal makes them, to be written over those that are stored: all of it, or nothing. */
export type Repair = Readonly<{
  organizationId: OrganizationId;
  /** The guard: the last sequence, to which the journal was folded; nothing is written when it is another by now. */
  sequence: number;
  /** Undefined where it is as it should be. */
  policy: Policy | undefined;
  locations: readonly LocationRepair[];
  tracking: readonly Readonly<{ productId: ProductId; tracked: boolean }>[];
  /** A rule that says nothing takes the row away. */
  lowStock: readonly LowStockRule[];
  notes: readonly NoteRepair[];
  variants: readonly VariantRepair[];
}>;

/** One location. `place` is that in the order of opening, from 0; null: the row is taken away. */
export type LocationRepair = Readonly<{ id: LocationId; location: (Location & Readonly<{ place: number }>) | null }>;

/** One note; a state of null takes the row away. */
export type NoteRepair = NoteKey & Readonly<{ state: NoteState | null }>;

/** All balances of one variant, with their whole past; one that never moved is taken away. */
export type VariantRepair = Readonly<{
  variantId: VariantId;
  productId: ProductId | null;
  /** In the order of the journal; amounts are smallest units. */
  postings: readonly Readonly<{ locationId: LocationId; sequence: number; delta: number; onHand: number }>[];
}>;

/** What came of it: `stale` when somebody has written meanwhile. */
export type Mended = 'mended' | 'stale';
