import { createLedger, type Ledger, restock, type StoredRecord, sale, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Call, checkHistory } from '../src/index.ts';

const MUG = { productId: '00000000-0000-4000-8000-000000000010', variantId: '00000000-0000-4000-8000-000000000011' };
type Execute = Extract<Call, { kind: 'execute' }>;
type Read = Extract<Call, { kind: 'read' }>;

/** Four tills sell and restock the same mugs at once, with a look at the shelf after each command. */
async function openShop(): Promise<{ records: readonly StoredRecord[]; calls: readonly Call[] }> {
  const ledger = createLedger({ store: createMemoryStore(), policy: { floors: { STORE: 0 } } });
  const tracking = [startTracking(MUG.productId)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking }))._unsafeUnwrap();
  let time = 0;
  const now = () => ++time;
  const calls: Call[] = [];
  const till = async (seed: number) => {
    for (let turn = 0; turn < 60; turn++)
      calls.push(await trade(ledger, (seed + turn) % 5, now), await look(ledger, now));
  };
  await Promise.all([0, 1, 2, 3].map(till));
  const records: StoredRecord[] = [];
  for (let after = 0; ; ) {
    const page = (await ledger.journal({ after, limit: 100 }))._unsafeUnwrap();
    records.push(...page.items);
    if (page.next === null) return { records, calls };
    after = records.length;
  }
}

async function trade(ledger: Ledger, kind: number, now: () => number): Promise<Execute> {
  const line = kind === 0 ? restock('STORE', MUG, 4) : sale('STORE', MUG, kind);
  const { STORE, SUPPLIER, SOLD } = ledger.systemLocations;
  const lines = [{ ...line, from: kind === 0 ? SUPPLIER : STORE, to: kind === 0 ? STORE : SOLD }];
  const commandId = ledger.newId();
  const sentAt = now();
  const result = await ledger.execute({ kind: 'RecordMovements', id: commandId, lines });
  const call = { kind: 'execute', commandId, lines, sentAt, answeredAt: now() } as const;
  if (result.isErr()) return { ...call, answer: { kind: 'short' } };
  const { sequence, recordedAt, replayed } = result.value;
  return { ...call, answer: { kind: 'recorded', sequence, recordedAt, replayed } };
}

async function look(ledger: Ledger, now: () => number): Promise<Read> {
  const sentAt = now();
  const read = await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId });
  return { kind: 'read', sentAt, ...read._unsafeUnwrap(), answeredAt: now() };
}

describe('a history is checked against the journal', () => {
  let records: readonly StoredRecord[];
  let calls: readonly Call[];
  let sold: Execute;
  let refused: Execute;
  let seen: Read;
  beforeAll(async () => {
    ({ records, calls } = await openShop());
    const executes = calls.filter(call => call.kind === 'execute');
    sold = executes.findLast(call => call.answer.kind === 'recorded') as Execute;
    refused = executes.find(call => call.answer.kind === 'short') as Execute;
    seen = calls.findLast(call => call.kind === 'read') as Read;
  });

  /** The flaws of the same history with one call told otherwise, each once. */
  function flawsWith(call: Call, told: Partial<Call>, journal: readonly StoredRecord[] = records): readonly string[] {
    const others = calls.map(other => (other === call ? ({ ...call, ...told } as Call) : other));
    const names = checkHistory(journal, others).map(flaw => ('invariant' in flaw ? flaw.invariant : flaw.promise));
    return [...new Set(names)];
  }

  it('four tills that were told the truth leave no flaw', () => {
    expect(calls).toHaveLength(480);
    expect(calls.filter(call => call.kind === 'execute' && call.answer.kind === 'short').length).toBeGreaterThan(20);
    expect(checkHistory(records, calls)).toEqual([]);
  });

  it('a receipt for a record that is not there is seen', () => {
    const answer = { kind: 'recorded', sequence: records.length + 1, recordedAt: 0, replayed: false } as const;
    expect(flawsWith(sold, { answer })).toContain('acknowledged stays');
    expect(flawsWith(sold, { lines: [] })).toEqual(['acknowledged stays']);
  });

  it('a command that was applied twice is seen', () => {
    const answer = { kind: 'recorded', sequence: 2, recordedAt: 0, replayed: false } as const;
    const twice = calls.flatMap(call =>
      call === sold ? [call, { ...call, answer: { ...answer, ...sold.answer } }] : [call],
    );
    expect(checkHistory(records, twice as Call[])).toMatchObject([{ promise: 'applied once' }]);
    const last = records.at(-1) as StoredRecord;
    const again = [...records, { ...last, sequence: last.sequence + 1 }];
    expect(checkHistory(again, calls).map(flaw => ('invariant' in flaw ? flaw.invariant : ''))).toContain(
      'recordsOnce',
    );
  });

  it('a refused command that was recorded all the same is seen', () => {
    expect(flawsWith(sold, { answer: { kind: 'short' } })).toContain('refused is not recorded');
  });

  it('a refusal that no moment of the call explains is seen', () => {
    const one = { ...(refused.lines[0] as Execute['lines'][number]), quantity: 0 };
    expect(flawsWith(refused, { lines: [one] })).toEqual(['a refusal is right at some moment of the call']);
  });

  it('a refusal before the first record, by the floor that it brings, is no flaw', async () => {
    const ledger = createLedger({ store: createMemoryStore(), policy: { floors: { STORE: 0 } } });
    const { STORE, SUPPLIER, SOLD } = ledger.systemLocations;
    const tracking = [startTracking(MUG.productId)];
    const sold = { ...sale('STORE', MUG, 1), from: STORE, to: SOLD };
    const id = ledger.newId();
    const result = await ledger.execute({ kind: 'RecordMovements', id, tracking, lines: [sold] });
    expect(result._unsafeUnwrapErr().kind).toBe('StockInsufficient');
    const restocked = { ...restock('STORE', MUG, 9), from: SUPPLIER, to: STORE };
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines: [restocked] });
    const { items } = (await ledger.journal({ limit: 10 }))._unsafeUnwrap();
    const call = { kind: 'execute', commandId: id, lines: [sold], sentAt: 1, answeredAt: 2 } as const;
    expect(checkHistory(items, [{ ...call, answer: { kind: 'short' } }])).toEqual([]);
    // Nor is it one when nothing was ever recorded, and the floor is nowhere to be read.
    expect(checkHistory([], [{ ...call, answer: { kind: 'short' } }])).toEqual([]);
  });

  it('an order that time forbids is seen', () => {
    const end = Math.max(...calls.map(call => call.answeredAt));
    const first = calls.find(call => call.kind === 'execute' && call.answer.kind === 'recorded') as Execute;
    expect(flawsWith(first, { sentAt: end + 1, answeredAt: end + 2 })).toContain('real time');
    const early = calls.find(call => call.kind === 'read') as Read;
    expect(flawsWith(early, { sentAt: end + 1, answeredAt: end + 2 })).toEqual(['real time']);
  });

  it('a read of no moment is seen', () => {
    expect(flawsWith(seen, { onHand: seen.onHand + 1 })).toEqual(['a read is of one moment']);
  });

  it('a read of what is not in the journal any more is seen', () => {
    const end = Math.max(...calls.map(call => call.answeredAt));
    const late = { sentAt: end + 1, answeredAt: end + 2 };
    expect(flawsWith(seen, { ...late, asOf: records.length })).toEqual([]);
    expect(flawsWith(seen, { ...late, asOf: records.length + 1 })).toEqual(['a read is of one moment']);
    expect(flawsWith(seen, { ...late, asOf: records.length + 1, onHand: 0 })).toEqual(['a read is of one moment']);
  });

  it('a refusal of what had been acknowledged before is seen', () => {
    const executes = calls.filter(call => call.kind === 'execute');
    const late = executes.findLast(call => call.answer.kind === 'short') as Execute;
    const { sentAt, answeredAt, answer } = late;
    const before = executes.find(call => call.answer.kind === 'recorded' && call.answeredAt < sentAt) as Execute;
    const again: Execute = { ...late, commandId: before.commandId, sentAt, answeredAt, answer };
    // The shelf was short at that moment, so nothing but the first answer speaks against it.
    const flaws = checkHistory(records, [...calls, again]).map(flaw => ('promise' in flaw ? flaw.promise : ''));
    expect(flaws).toEqual(['refused is not recorded']);
  });

  it('an oversold shelf and a gap in the journal are seen', () => {
    const without = records.filter(record => record.sequence !== 2);
    const names = checkHistory(without, []).map(flaw => ('invariant' in flaw ? flaw.invariant : ''));
    expect(names).toContain('sequenceIsDense');
    const dry = records.map(record =>
      record.sequence === 2
        ? { ...record, events: record.events.filter(event => event.kind !== 'MovementsRecorded') }
        : record,
    );
    expect(checkHistory(dry, []).some(flaw => 'invariant' in flaw && flaw.invariant === 'keepsFloor')).toBe(true);
  });
});
