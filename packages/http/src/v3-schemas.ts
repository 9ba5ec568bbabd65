import type { Override, ProvenanceInput, Quantity, Uuid } from '@stockfold/core';
import * as v from 'valibot';
import { asJson, change, listOf, object, oneOf, override, provenance, type Schema, uuid } from './json-schemas.ts';

/** `POST /v3/movements` */
export type MovementsBody = {
  identifier?: Uuid | null | undefined;
  override?: Override | null | undefined;
  provenance?: ProvenanceInput | null | undefined;
  movements: { productUuid: Uuid; variantUuid: Uuid; from: Uuid; to: Uuid; change: Quantity }[];
};

const movement = v.pipe(
  object({ productUuid: uuid, variantUuid: uuid, from: uuid, to: uuid, change }),
  v.forward(
    v.check(({ from, to }) => from !== to, 'SAME_LOCATION'),
    ['to'],
  ),
);

/** Reads a {@link MovementsBody}. */
export const postMovements: Schema<MovementsBody> = object({
  movements: listOf(movement, { atLeast: 1 }),
  identifier: v.nullish(uuid),
  override: v.nullish(override),
  provenance: v.nullish(provenance),
});

/** `POST /v3/inventories`: what a new one is called. Its description is read and not kept. */
export const postInventory: Schema<{ name: string; description?: string | null | undefined }> = object({
  name: v.pipe(
    v.string('INVALID_TYPE'),
    v.check(
      name => name.length >= 1 && name.length <= 256 && !name.includes('\0') && isWellFormed(name),
      'INVALID_NAME',
    ),
    asJson({ minLength: 1, maxLength: 256 }),
  ),
  description: v.nullish(v.string('INVALID_TYPE')),
});

/** `POST /v3/products`: whose stock is kept, and whose is not any more. */
export const postProducts: Schema<{ productUuid: Uuid; tracking: 'enable' | 'disable' }[]> = listOf(
  object({ productUuid: uuid, tracking: oneOf(['enable', 'disable']) }),
  { atLeast: 1 },
);

/** `POST /v3/products/status` */
export const productStatus: Schema<Uuid[]> = listOf(uuid, { tooMany: 'TOO_MANY_PRODUCTS' });

/** Without a lone surrogate, which no store could keep. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
