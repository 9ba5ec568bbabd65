import { err, ok, type Result } from 'neverthrow';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import { expecting } from '../../model/command.ts';
import { readUuid, type Uuid } from '../../model/id.ts';
import type { JsonValue } from '../../model/json.ts';
import { TIME_MAX_MS } from '../../model/provenance.ts';
import { QUANTITY_MAX } from '../../model/quantity.ts';
import type { Made, Request } from '../carry-out.ts';
import { effectiveAt } from '../effective-at.ts';
import { adjusting, canBeCounted } from './adjustment.ts';
import type { CountError, CountInput, Variance } from './count.ts';
import { countId, EACH, keyText, LAST, type LastCount, lastCount } from './count-notes.ts';

/** A count whose fields can be relied on. */
type Count = Readonly<{
  id: string;
  locationId: Uuid;
  productId: Uuid;
  variantId: Uuid;
  counted: number;
  observedAt: number;
}>;

/** Reads a count, and makes the request that settles it. */
export function settle(ledger: Ledger, input: CountInput): Result<Request<CountError>, CountError> {
  return readCount(ledger, input).map(count => {
    const { id, ...asked } = count;
    const { observedAt } = count;
    return {
      id,
      asked: { kind: 'Count', ...asked },
      provenance: { occurredAt: observedAt },
      make: () => make(ledger, count),
    };
  });
}

function readCount(ledger: Ledger, input: CountInput): Result<Count, CountError> {
  const { id, location, variant, counted, observedAt } = input;
  const locationId = location === 'STORE' ? ledger.systemLocations.STORE : readUuid(location);
  const [productId, variantId] = [readUuid(variant?.productId), readUuid(variant?.variantId)];
  if (readUuid(id) === null) return invalid('id');
  if (locationId === null || !canBeCounted(ledger, locationId)) return invalid('location');
  if (productId === null || variantId === null) return invalid('variant');
  if (!Number.isInteger(counted) || counted < 0 || counted > QUANTITY_MAX) return invalid('counted');
  if (!Number.isInteger(observedAt) || observedAt < 0 || observedAt > TIME_MAX_MS) return invalid('observedAt');
  return ok({ id, locationId, productId, variantId, counted, observedAt });
}

function invalid(field: keyof CountInput): Result<never, CountError> {
  return err({ kind: 'CountInvalid', retry: 'never', field });
}

async function make(ledger: Ledger, count: Count): Promise<Result<Made, CountError | LedgerError>> {
  const { locationId, variantId, counted, observedAt } = count;
  const last = await lastCount(ledger, count);
  if (last.isErr()) return err(last.error);
  const before = last.value?.body as LastCount | undefined;
  if (before !== undefined && before.observedAt > observedAt)
    return err({ kind: 'CountSuperseded', retry: 'never', observedAt: before.observedAt });
  const balance = await effectiveAt(ledger, { locationId, variantId, at: observedAt });
  if (balance.isErr()) return err(balance.error);
  const { onHand, effective } = balance.value;
  const { id, ...seen } = count;
  const variance: Variance = {
    ...seen,
    commandId: id.toLowerCase() as Uuid,
    expected: effective,
    variance: counted - effective,
    explained: 0,
  };
  const latest = {
    kind: LAST,
    id: keyText(count),
    body: { observedAt, counted },
    ifSequence: last.value?.sequence ?? 0,
  };
  const each = {
    kind: EACH,
    id: countId(count, observedAt, id),
    body: variance as Readonly<Record<string, JsonValue>>,
  };
  return ok({
    lines: adjusting(ledger, count, variance.variance),
    // What moves meanwhile is not known to the difference: it is taken again.
    expect: [expecting(locationId, count, onHand)],
    // A shelf is as it is, whatever its floor.
    override: variance.variance === 0 ? undefined : { floors: true, reason: 'counted' },
    notes: [latest, each],
  });
}
