import {
  type Location,
  type LocationId,
  type LowStockRule,
  NO_FLOORS,
  type NoteState,
  type Policy,
  type ProductId,
  type VariantId,
} from '@stockfold/core';
import { Balances } from './balances.ts';
import { Ids } from './ids.ts';
import { Journal } from './journal.ts';

/** Everything kept for one organization. Settings are few and plain; what grows without end is in columns. */
export type Books = {
  recordedAt: number;
  configVersion: number;
  policy: Policy;
  readonly locations: Map<LocationId, Location>;
  readonly tracked: Set<ProductId>;
  readonly lowStock: Map<VariantId, Map<LocationId, LowStockRule>>;
  /** By kind, then by id. */
  readonly notes: Map<string, Map<string, NoteState>>;
  readonly journal: Journal;
  readonly balances: Balances;
};

/** An organization in which nothing was ever recorded. */
export function emptyBooks(): Books {
  const ids = new Ids();
  return {
    recordedAt: Number.NEGATIVE_INFINITY,
    configVersion: 0,
    policy: NO_FLOORS,
    locations: new Map(),
    tracked: new Set(),
    lowStock: new Map(),
    notes: new Map(),
    journal: new Journal(ids),
    balances: new Balances(ids),
  };
}
