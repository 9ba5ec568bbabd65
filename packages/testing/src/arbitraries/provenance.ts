import type { ProvenanceInput } from '@stockfold/core';
import fc from 'fast-check';
import { id } from './id.ts';

const text = fc.constantFrom('till', 'webshop', '#1001', 'Grüße 👋');

/** Where a command comes from; of the past, so that no clock has anything against it. It shrinks towards nothing said. */
export const provenance: fc.Arbitrary<ProvenanceInput> = fc.record(
  {
    source: text,
    externalId: text,
    reason: text,
    causedBy: id,
    occurredAt: fc.integer({ min: -1_000, max: 0 }),
  },
  { requiredKeys: [] },
);
