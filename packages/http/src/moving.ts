import { formatPath, type Path, type RecordMovementsInput } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import { type Problem, problemAt } from './problem.ts';
import type { BulkInventoryBody, Change, PutInventoryBody } from './schemas.ts';
import type { MovementsBody } from './v3-schemas.ts';

/** A request that moves stock, as a command, with the way back from the command's paths to the body's. */
export type Moving = Readonly<{
  command: Omit<RecordMovementsInput, 'kind' | 'id'>;
  changes: readonly Change[];
  /** Where the balances to return are; the STORE location when null. */
  returnLocation: string | null;
  /** `lines[1].quantity` of the command is `changes[1].change` of the body. */
  place: (path: Path) => string;
}>;

/** `PUT …/inventory`: movements. */
export function movingOfPut(body: PutInventoryBody): Moving {
  return moving(body, body.changes, [], index => (index === null ? 'changes' : `changes[${index}]`));
}

/**
 * `POST …/v2/inventory/bulk`: tracking changes and movements. The tracking changes come first, whatever the order of
 * the products.
 */
export function movingOfBulk(body: BulkInventoryBody): Result<Moving, Problem> {
  const changes: Change[] = [];
  const places: string[] = [];
  const tracking: NonNullable<RecordMovementsInput['tracking']>[number][] = [];
  for (const [index, { productUuid, trackingStatusChange, variantChanges }] of body.productChanges.entries()) {
    const at = `productChanges[${index}]`;
    if (trackingStatusChange === 'START_TRACKING') tracking.push({ kind: 'StartTracking', productId: productUuid });
    if (trackingStatusChange === 'STOP_TRACKING') tracking.push({ kind: 'StopTracking', productId: productUuid });
    for (const [variantIndex, change] of (variantChanges ?? []).entries()) {
      const place = `${at}.variantChanges[${variantIndex}]`;
      if ((change.productUuid ?? productUuid) !== productUuid)
        return err(
          problemAt(422, 'PRODUCT_MISMATCH', 'The variant belongs to another product.', [`${place}.productUuid`]),
        );
      changes.push({ ...change, productUuid });
      places.push(place);
    }
  }
  if (changes.length + tracking.length === 0)
    return err(problemAt(400, 'EMPTY_CHANGES', 'There is nothing to change.', ['productChanges']));
  return ok(moving(body, changes, tracking, index => places[index ?? -1] ?? 'productChanges'));
}

/** `POST /v3/movements`: movements under other names, answered without balances. */
export function movingOfV3({ movements, identifier, override, provenance }: MovementsBody): Moving {
  const changes = movements.map(({ from, to, ...rest }) => ({ ...rest, fromLocationUuid: from, toLocationUuid: to }));
  return moving(
    { externalUuid: identifier, override, provenance },
    changes,
    [],
    index => (index === null ? 'movements' : `movements[${index}]`),
    V3_FIELDS,
  );
}

function moving(
  body: Omit<PutInventoryBody, 'changes'>,
  changes: readonly Change[],
  tracking: NonNullable<RecordMovementsInput['tracking']>,
  /** Of a line; of them all when null. */
  placeOfLine: (index: number | null) => string,
  fields: Readonly<Record<string, string>> = FIELDS,
): Moving {
  const lines = changes.map(change => ({
    productId: change.productUuid,
    variantId: change.variantUuid,
    from: change.fromLocationUuid,
    to: change.toLocationUuid,
    quantity: change.change,
  }));
  return {
    command: {
      tracking,
      lines,
      externalUuid: body.externalUuid,
      override: body.override,
      provenance: body.provenance,
    },
    changes,
    returnLocation: body.returnBalanceForLocationUuid ?? null,
    place: path => {
      const [list, index, field] = path;
      if (list !== 'lines' && list !== 'tracking') return formatPath(path);
      if (list === 'tracking' || typeof index !== 'number') return placeOfLine(null);
      const name = fields[String(field)];
      return name === undefined ? placeOfLine(index) : `${placeOfLine(index)}.${name}`;
    },
  };
}

/** What the fields of a line are called in the mirrored API. */
const FIELDS: Readonly<Record<string, string>> = {
  productId: 'productUuid',
  variantId: 'variantUuid',
  from: 'fromLocationUuid',
  to: 'toLocationUuid',
  quantity: 'change',
};

const V3_FIELDS: typeof FIELDS = { ...FIELDS, from: 'from', to: 'to' };
