import { FLOORS_MAX, LOCATION_TYPES, type PolicyInput } from '@stockfold/core';
import * as v from 'valibot';
import { amountsOf, hasAmounts } from './amounts.ts';
import { policyBody } from './answers.ts';
import { asJson, type Schema } from './json-schemas.ts';

const floor = { anyOf: [{ type: 'number' }, { type: 'string' }, { type: 'null' }] } as const;
const byId = { type: 'object', maxProperties: FLOORS_MAX, additionalProperties: floor } as const;

/** `PUT …/policy`. The ledger itself reads the fields, and names each that is wrong. */
export const putPolicy: Schema<PolicyInput> = v.pipe(
  v.custom<PolicyInput>(input => typeof input === 'object' && input !== null && !Array.isArray(input), 'INVALID_TYPE'),
  asJson({
    type: 'object',
    additionalProperties: false,
    properties: {
      floors: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(LOCATION_TYPES.map(type => [type, floor])),
      },
      locations: byId,
      variants: byId,
      holds: { type: 'boolean' },
      scale: { type: 'integer', minimum: 0, maximum: 6 },
    },
  }),
  // Its amounts are where those of the answer are.
  hasAmounts(amountsOf(policyBody)),
);
