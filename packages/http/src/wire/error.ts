import { type LedgerError, type StoreFault, storeFault } from '@stockfold/core';
import * as v from 'valibot';

/** A ledger's error as it goes over the wire: what a store says about itself stays at home. */
export function toWireError(error: LedgerError): Readonly<Record<string, unknown>> {
  return isFaultKind(error.kind) ? { kind: error.kind, retry: error.retry } : error;
}

/** Reads what {@link toWireError} wrote; null for anything else. */
export function fromWireError(input: unknown): LedgerError | null {
  const read = v.safeParse(wireError, input);
  if (!read.success) return null;
  const { kind } = read.output;
  return isFaultKind(kind) ? storeFault(kind, 'the server could not use its store') : (read.output as LedgerError);
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

const wireError = v.variant('kind', [
  v.object({ kind: v.picklist(Object.keys(FAULTS) as StoreFault['kind'][]) }),
  v.object({ kind: v.literal('QueryInvalid'), retry: never, field: v.string() }),
  v.object({
    kind: v.literal('CommandInvalid'),
    retry: never,
    violations: at({ kind: v.string(), message: v.string() }),
  }),
  v.object({ kind: v.literal('CommandIdReused'), retry: never, commandId: v.string(), differs: v.array(path) }),
  v.object({ kind: v.literal('LocationAlreadyOpen'), retry: never, locationId: v.string() }),
  v.object({ kind: v.literal('LocationUnknown'), retry: never, locations: at({ locationId: v.string() }) }),
  v.object({
    kind: v.literal('VariantOfOtherProduct'),
    retry: never,
    variants: at({ variantId: v.string(), productId: v.string() }),
  }),
  v.object({ kind: v.literal('ProductNotTracked'), retry: refresh, products: at({ productId: v.string() }) }),
  v.object({
    kind: v.literal('BalanceOverflow'),
    retry: refresh,
    balances: v.array(v.object(key)),
    paths: v.array(path),
  }),
  v.object({
    kind: v.literal('StockInsufficient'),
    retry: refresh,
    shortages: v.array(
      v.object({ ...key, onHand: v.number(), requested: v.number(), floor: v.number(), paths: v.array(path) }),
    ),
  }),
  v.object({ kind: v.literal('Contended'), retry: again, attempts: v.number() }),
  v.object({ kind: v.literal('Overloaded'), retry: again, waiting: v.number() }),
]);
