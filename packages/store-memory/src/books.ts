import {
  type CommandId,
  type Location,
  type LocationId,
  type LowStockRule,
  NO_FLOORS,
  type NoteState,
  type Policy,
  type ProductId,
  type StoredRecord,
  type VariantId,
} from '@stockfold/core';

/** One balance and its past: after `sequences[i]` it was `afters[i]`. Both grow together and are sorted. */
export type Cell = { onHand: number; readonly sequences: number[]; readonly afters: number[] };

/** Everything kept for one organization. */
export type Books = {
  recordedAt: number;
  configVersion: number;
  policy: Policy;
  readonly locations: Map<LocationId, Location>;
  readonly tracked: Set<ProductId>;
  readonly lowStock: Map<VariantId, Map<LocationId, LowStockRule>>;
  /** By kind, then by id. */
  readonly notes: Map<string, Map<string, NoteState>>;
  readonly productOf: Map<VariantId, ProductId>;
  readonly cells: Map<VariantId, Map<LocationId, Cell>>;
  /** The journal: the record of sequence n is at n − 1. */
  readonly records: StoredRecord[];
  /** Where each command is in the journal. */
  readonly sequenceOf: Map<CommandId, number>;
  /** All variants in the order of pages; null when one has come since. */
  sorted: readonly VariantId[] | null;
};

/** An organization in which nothing was ever recorded. */
export function emptyBooks(): Books {
  return {
    recordedAt: Number.NEGATIVE_INFINITY,
    configVersion: 0,
    policy: NO_FLOORS,
    locations: new Map(),
    tracked: new Set(),
    lowStock: new Map(),
    notes: new Map(),
    productOf: new Map(),
    cells: new Map(),
    records: [],
    sequenceOf: new Map(),
    sorted: null,
  };
}
