import type { OrganizationId, VariantId } from '@stockfold/core';
import type { VariantRow } from './schema.ts';

// Some hundred bytes each.
const ROWS_MAX = 10_000;

type Rows = { sequence: number; readonly byVariant: Map<VariantId, VariantRow> };

/**
 * Rows that this tab has read or written, with the sequence at which they are what is stored. A commit that finds the
 * head at that very sequence need not read them: nobody has written since. That is twice as fast as reading them.
 */
export class RememberedVariants {
  readonly #organizations = new Map<OrganizationId, Rows>();

  /** A row, if it is sure to be the one that is stored at this sequence. */
  at(organizationId: OrganizationId, sequence: number, variantId: VariantId): VariantRow | undefined {
    const rows = this.#organizations.get(organizationId);
    return rows?.sequence === sequence ? rows.byVariant.get(variantId) : undefined;
  }

  /** Whether a row is here at all, so that it is worth asking for the head first. */
  has(organizationId: OrganizationId, variantId: VariantId): boolean {
    return this.#organizations.get(organizationId)?.byVariant.has(variantId) ?? false;
  }

  /** Rows as they are at the sequence `now`; those of the sequence `before` are still good, apart from these. */
  learn(organizationId: OrganizationId, before: number, now: number, rows: Iterable<VariantRow>): void {
    let held = this.#organizations.get(organizationId);
    if (held?.sequence !== before || held.byVariant.size > ROWS_MAX) held = { sequence: now, byVariant: new Map() };
    held.sequence = now;
    for (const row of rows) held.byVariant.set(row.variantId, row);
    this.#organizations.set(organizationId, held);
  }

  /** The database is another one than before, or nobody knows what is in it. */
  forget(): void {
    this.#organizations.clear();
  }
}
