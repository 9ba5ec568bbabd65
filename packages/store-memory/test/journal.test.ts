import type { JournalRecord, LedgerEvent, MovementLine } from '@stockfold/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ids } from '../src/ids.ts';
import { Journal } from '../src/journal.ts';

const uuid = fc.uuid() as fc.Arbitrary<never>;
const line: fc.Arbitrary<MovementLine> = fc.record({
  productId: uuid,
  variantId: uuid,
  from: uuid,
  to: uuid,
  quantity: fc.maxSafeInteger() as fc.Arbitrary<never>,
});
const event: fc.Arbitrary<LedgerEvent> = fc.oneof(
  fc.record({ kind: fc.constant('MovementsRecorded' as const), lines: fc.array(line, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('TrackingStarted' as const), productId: uuid }),
  fc.record({ kind: fc.constant('PolicySet' as const), policy: fc.constant({ floors: { STORE: 0 } }) }),
);
const record: fc.Arbitrary<JournalRecord> = fc.record({
  commandId: uuid,
  externalUuid: fc.oneof(fc.constant(null), uuid),
  events: fc.array(event, { maxLength: 3 }),
});

describe('the journal in memory', () => {
  it('for any records, gives each back as it was written', () => {
    const property = fc.property(fc.array(record), records => {
      const journal = new Journal(new Ids());
      for (const [index, one] of records.entries()) journal.push(one, index * 1_000);
      expect(records.map((_, index) => journal.at(index + 1))).toEqual(
        records.map((one, index) => ({ ...one, sequence: index + 1, recordedAt: index * 1_000 })),
      );
    });
    fc.assert(property);
  });

  it('keeps what a record or its movements may be given beside what they have today', () => {
    const journal = new Journal(new Ids());
    const [{ commandId }] = fc.sample(record, 1) as [JournalRecord];
    const moved = { kind: 'MovementsRecorded', lines: [] } as const;
    const [one, other] = [
      { commandId, externalUuid: null, events: [moved], source: 'till 3' },
      { commandId, externalUuid: null, events: [{ ...moved, reason: 'broken' }] },
    ];
    journal.push(one, 0);
    journal.push(other, 0);
    expect([journal.at(1), journal.at(2)]).toEqual([
      { ...one, sequence: 1, recordedAt: 0 },
      { ...other, sequence: 2, recordedAt: 0 },
    ]);
  });

  it('shares nothing with what it gives', () => {
    const journal = new Journal(new Ids());
    const policySet = (floor: number) => ({ kind: 'PolicySet', policy: { floors: { STORE: floor } } }) as const;
    const [plain] = fc.sample(record, 1) as [JournalRecord];
    journal.push({ ...plain, events: [policySet(0)] }, 0);
    Object.assign(journal.at(1).events[0] ?? {}, { kind: 'None' });
    Object.assign((journal.at(1).events[0] as LedgerEvent & { kind: 'PolicySet' }).policy.floors, { STORE: 5 });
    expect(journal.at(1).events).toEqual([policySet(0)]);
  });
});
