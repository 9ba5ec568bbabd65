import type { Uuid } from '@stockfold/core';
import fc from 'fast-check';

/**
 * A UUID in lower case, for anything that has an id. It shrinks towards zeros.
 *
 * @example `fc.property(id, commandId => parseUuid(commandId).isOk())`
 */
export const id: fc.Arbitrary<Uuid> = fc.uuid({ version: [1, 4, 7, 8] }).map(text => text as Uuid);

/**
 * Several different UUIDs.
 *
 * @example `ids(3)` gives lists such as `['0000…', '6f1c…', 'a90b…']`.
 */
export function ids(count: number): fc.Arbitrary<readonly Uuid[]> {
  return fc.uniqueArray(id, { minLength: count, maxLength: count });
}
