import {
  type CountError,
  createCounts,
  type EffectiveAtInput,
  effectiveAt,
  type Ledger,
  type LedgerError,
  type Path,
  type Receipt,
  type VarianceQuery,
} from '@stockfold/core';
import type { Result } from 'neverthrow';
import type { CountBody, EffectiveBody, LateBody, RecordedBody, VariancesBody } from './counts-schemas.ts';
import { ledgerProblem, type Problem, problemAt } from './problem.ts';

/** `POST …/counts` */
export async function recordCount(ledger: Ledger, body: CountBody): Promise<Result<RecordedBody, Problem>> {
  const { locationUuid, productUuid, variantUuid, counted, observedAt } = body;
  const variant = { productId: productUuid, variantId: variantUuid };
  const input = { id: ledger.newId(), location: locationUuid, variant, counted, observedAt };
  return (await createCounts(ledger).count(input)).map(toRecordedBody).mapErr(countProblem);
}

/** `POST …/late-movements` */
export async function recordLate(
  ledger: Ledger,
  { occurredAt, movements }: LateBody,
): Promise<Result<RecordedBody, Problem>> {
  const lines = movements.map(({ productUuid, variantUuid, from, to, change }) => ({
    productId: productUuid,
    variantId: variantUuid,
    from,
    to,
    quantity: change,
  }));
  const recorded = await createCounts(ledger).record({ id: ledger.newId(), lines, provenance: { occurredAt } });
  const place = (path: Path) => placeOfLate(path, movements.length);
  return recorded.map(toRecordedBody).mapErr(error => eachPlaceOnce(ledgerProblem(error, place)));
}

/** `GET …/counts` */
export async function readVariances(
  ledger: Ledger,
  query: VarianceQuery,
): Promise<Result<Readonly<{ next: string | null; body: VariancesBody }>, Problem>> {
  return (await createCounts(ledger).variances(query))
    .map(({ items, next }) => ({
      next,
      body: {
        counts: items.map(({ commandId, locationId, productId, variantId, ...figures }) => ({
          commandUuid: commandId,
          locationUuid: locationId,
          productUuid: productId,
          variantUuid: variantId,
          ...figures,
        })),
      },
    }))
    .mapErr(error => ledgerProblem(error));
}

/** `GET …/effective-balances/…` */
export async function readEffective(ledger: Ledger, query: EffectiveAtInput): Promise<Result<EffectiveBody, Problem>> {
  return (await effectiveAt(ledger, query))
    .map(({ locationId, variantId, onHand, effective, asOf }) => ({
      locationUuid: locationId,
      variantUuid: variantId,
      onHand,
      effective,
      asOf,
    }))
    .mapErr(error => ledgerProblem(error));
}

function toRecordedBody({ commandId, sequence, recordedAt }: Receipt): RecordedBody {
  return { commandUuid: commandId, sequence, recordedAt };
}

function countProblem(error: CountError | LedgerError): Problem {
  if (error.kind === 'CountSuperseded')
    return problemAt(409, 'COUNT_SUPERSEDED', 'The shelf was counted again after that.', ['observedAt']);
  if (error.kind === 'CountInvalid')
    return problemAt(422, 'LOCATION_NOT_COUNTED', 'Goods only come from there, or go there.', ['locationUuid']);
  return eachPlaceOnce(ledgerProblem(error, placeOfCount));
}

/** A line and an expectation of the command are one place of the body, and so are a movement and what takes it back. */
function eachPlaceOnce({ violations, ...rest }: Problem): Problem {
  const places = new Map(violations.map(violation => [violation.propertyName, violation]));
  return { ...rest, violations: [...places.values()] };
}

// The lines of the command are the ledger's own.
function placeOfCount([field, , part]: Path): string {
  if (field === 'provenance') return 'observedAt';
  if (part === 'productId') return 'productUuid';
  return part === 'variantId' ? 'variantUuid' : 'locationUuid';
}

const FIELDS: Readonly<Record<string, string>> = {
  productId: 'productUuid',
  variantId: 'variantUuid',
  quantity: 'change',
};

/** @param count - How many lines are the caller's: those after them take back what a count has seen. */
function placeOfLate([field, index, part]: Path, count: number): string {
  if (field === 'provenance') return 'occurredAt';
  if (field !== 'lines' || typeof index !== 'number' || index >= count) return 'movements';
  return `movements[${index}].${FIELDS[String(part)] ?? part}`;
}
