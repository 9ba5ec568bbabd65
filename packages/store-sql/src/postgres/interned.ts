import type {
  BalanceChange,
  CommandId,
  Commit,
  LocationId,
  OrganizationId,
  ProductId,
  VariantId,
} from '@stockfold/core';

/** The integer that stands for a variant, and the product it is bound to: both never change once committed. */
export type InternedVariant = Readonly<{ variant: number; productId: ProductId }>;

/** Committed integers of one organization. */
export type InternedMemory = {
  readonly variants: Map<VariantId, InternedVariant>;
  readonly locations: Map<LocationId, number>;
  /**
   * The last record that was committed along with them. Where the journal still has it, all that was handed out before
   * is as it was; where not, the database is an earlier one, from a backup or a standby that lagged behind.
   */
  proof: Proof | null;
};

/** A record by its place and its command. */
export type Proof = Readonly<{ sequence: number; commandId: CommandId }>;

/** Committed integers, by organization. */
export type Memory = Map<OrganizationId, InternedMemory>;

// Enough for every variant that is sold in a day, and every shop of a large chain; beyond it the rows are read again.
const VARIANTS_MAX = 100_000;
const ORGANIZATIONS_MAX = 10_000;

/** What is remembered of one organization. */
export function memoryOf(memory: Memory, organizationId: OrganizationId): InternedMemory {
  const known = memory.get(organizationId);
  if (known !== undefined) return known;
  if (memory.size >= ORGANIZATIONS_MAX) memory.clear();
  const empty: InternedMemory = { variants: new Map(), locations: new Map(), proof: null };
  memory.set(organizationId, empty);
  return empty;
}

/** A variant whose integer the process does not know, or knows with another product. */
export type UnknownVariant = { readonly id: VariantId; readonly productId: ProductId; moved: boolean };

/** The keys of a commit as integers; one below 0 is a position, from 1, among those that are unknown. */
export type InternedKeys = Readonly<{
  variants: readonly number[];
  locations: readonly number[];
  unknownVariants: readonly UnknownVariant[];
  unknownLocations: readonly LocationId[];
}>;

/** Looks the ids of a commit up. `moved` says which of its balances have a posting: only those bring a new variant. */
export function internKeys(
  { balances }: Commit,
  moved: readonly boolean[],
  { variants, locations }: InternedMemory,
): InternedKeys {
  const unknownVariants = new Map<VariantId, { position: number; variant: UnknownVariant }>();
  const unknownLocations = new Map<LocationId, number>();
  const variantOf = ({ key: { variantId: id }, productId }: BalanceChange, index: number) => {
    const known = variants.get(id);
    if (known?.productId === productId) return known.variant;
    const entry = unknownVariants.get(id) ?? {
      position: -unknownVariants.size - 1,
      variant: { id, productId, moved: false },
    };
    unknownVariants.set(id, entry);
    entry.variant.moved ||= moved[index] === true;
    return entry.position;
  };
  const locationOf = ({ key: { locationId: id } }: BalanceChange) => {
    const known = locations.get(id) ?? unknownLocations.get(id);
    if (known !== undefined) return known;
    unknownLocations.set(id, -unknownLocations.size - 1);
    return -unknownLocations.size;
  };
  return {
    variants: balances.map(variantOf),
    locations: balances.map(locationOf),
    unknownVariants: [...unknownVariants.values()].map(entry => entry.variant),
    unknownLocations: [...unknownLocations.keys()],
  };
}

/** To be called once a commit is committed: the integer of one that was rolled back may come to stand for another id. */
export function remember(
  memory: InternedMemory,
  { unknownVariants, unknownLocations }: InternedKeys,
  found: Readonly<{ variants: readonly (number | null)[]; locations: readonly (number | null)[]; proof: Proof }>,
): void {
  if (found.proof.sequence > (memory.proof?.sequence ?? 0)) memory.proof = found.proof;
  if (memory.variants.size + unknownVariants.length > VARIANTS_MAX) memory.variants.clear();
  if (memory.locations.size + unknownLocations.length > VARIANTS_MAX) memory.locations.clear();
  for (const [index, { id, productId }] of unknownVariants.entries()) {
    const variant = found.variants[index];
    if (typeof variant === 'number') memory.variants.set(id, { variant, productId });
  }
  for (const [index, id] of unknownLocations.entries()) {
    const location = found.locations[index];
    if (typeof location === 'number') memory.locations.set(id, location);
  }
}
