import { type LedgerError, type StoreFault, storeFault } from '@stockfold/core';
import * as v from 'valibot';

/** A ledger's error as it goes over the wire: what a store says about itself stays at home. */
export function toWireError(error: LedgerError): Readonly<Record<string, unknown>> {
  return isFaultKind(error.kind) ? { kind: error.kind, retry: error.retry } : error;
}

/** Reads what {@link toWireError} wrote; null for anything else. */
export function fromWireError(input: unknown): LedgerError | null {
  const kind = kindOf(input);
  if (kind === null) return null;
  if (isFaultKind(kind)) return storeFault(kind, 'the server could not use its store');
  const read = v.safeParse(SHAPES[kind], input);
  return read.success ? ({ kind, ...(read.output as object) } as LedgerError) : null;
}

function kindOf(input: unknown): LedgerError['kind'] | null {
  if (typeof input !== 'object' || input === null || !('kind' in input) || typeof input.kind !== 'string') return null;
  const { kind } = input;
  return isFaultKind(kind) || Object.hasOwn(SHAPES, kind) ? (kind as LedgerError['kind']) : null;
}

/** Whether an error is of the store, and not about the command. */
export function isFaultKind(kind: string): kind is StoreFault['kind'] {
  return Object.hasOwn(FAULTS, kind);
}

const FAULTS: Readonly<Record<StoreFault['kind'], true>> = {
  OutcomeUnknown: true,
  StoreUnavailable: true,
  StoreBusy: true,
  StoreFull: true,
  StoreClosed: true,
  StoreTooNew: true,
  StoreFailed: true,
};

const path = v.array(v.union([v.string(), v.number()]));
const at = <Fields extends v.ObjectEntries>(fields: Fields) => v.array(v.object({ ...fields, path }));
const key = { variantId: v.string(), locationId: v.string() } as const;
const never = v.literal('never');
const refresh = v.literal('after-refresh');
const again = v.literal('same-command');

// One for each kind: an error that is added to the ledger does not compile until it is here.
const SHAPES: Readonly<Record<Exclude<LedgerError['kind'], StoreFault['kind']>, v.GenericSchema>> = {
  QueryInvalid: v.object({ retry: never, field: v.string() }),
  CommandInvalid: v.object({ retry: never, violations: at({ kind: v.string(), message: v.string() }) }),
  CommandIdReused: v.object({ retry: never, commandId: v.string(), differs: v.array(path) }),
  OccursLater: v.object({ retry: refresh, occurredAt: v.number(), now: v.number(), path }),
  LocationAlreadyOpen: v.object({ retry: never, locationId: v.string() }),
  LocationUnknown: v.object({ retry: never, locations: at({ locationId: v.string() }) }),
  VariantOfOtherProduct: v.object({ retry: never, variants: at({ variantId: v.string(), productId: v.string() }) }),
  ProductNotTracked: v.object({ retry: refresh, products: at({ productId: v.string() }) }),
  NoteStale: v.object({
    retry: refresh,
    notes: at({ kind: v.string(), id: v.string(), expected: v.number(), actual: v.nullable(v.number()) }),
  }),
  BalanceStale: v.object({ retry: refresh, balances: at({ ...key, expected: v.number(), actual: v.number() }) }),
  BalanceOverflow: v.object({ retry: refresh, balances: v.array(v.object(key)), paths: v.array(path) }),
  StockInsufficient: v.object({
    retry: refresh,
    shortages: v.array(
      v.object({
        ...key,
        onHand: v.number(),
        reserved: v.number(),
        requested: v.number(),
        floor: v.number(),
        paths: v.array(path),
      }),
    ),
  }),
  Contended: v.object({ retry: again, attempts: v.number() }),
  Overloaded: v.object({ retry: again, waiting: v.number() }),
};
