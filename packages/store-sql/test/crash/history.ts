import { type CommandInput, createLedger, type Ledger, type StoredRecord, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { type Call, checkHistory } from '@stockfold/testing';
import { expect } from 'vitest';
import { BUSY_TIMEOUT_MS, MUG, type Sent } from './shelf.ts';

/** What tills have said, line by line; a line that a kill has cut short is not said. */
export function readTold(text: string): Readonly<{ calls: readonly Call[]; unanswered: readonly Sent[] }> {
  const lines = text.split('\n').slice(0, -1);
  const said = lines.map(line => JSON.parse(line) as Call | Sent | { kind: 'opening' });
  const calls = said.filter(line => line.kind === 'execute' || line.kind === 'read');
  const open = new Map<string, Sent>();
  for (const line of said) {
    if (line.kind === 'sent') open.set(line.commandId, line);
    if (line.kind === 'execute') open.delete(line.commandId);
  }
  return { calls, unanswered: [...open.values()] };
}

/** A ledger on a file that tills have written to; the caller closes it. */
export function openLedger(path: string): Ledger {
  return createLedger({ store: createSqliteStore({ path, busyTimeoutMs: BUSY_TIMEOUT_MS }) });
}

/** Sends a command that was not answered once more, and gives both attempts as calls. */
export async function sendAgain(ledger: Ledger, sent: Sent): Promise<readonly Call[]> {
  const sentAt = Number(process.hrtime.bigint());
  const result = await ledger.execute(commandOf(sent));
  const answeredAt = Number(process.hrtime.bigint());
  const call = { kind: 'execute', commandId: sent.commandId, lines: sent.lines } as const;
  const first: Call = { ...call, sentAt: sent.sentAt, answeredAt: sentAt, answer: { kind: 'unknown' } };
  if (result.isErr() && result.error.kind !== 'StockInsufficient') throw new Error(JSON.stringify(result.error));
  if (result.isErr()) return [first, { ...call, sentAt, answeredAt, answer: { kind: 'short' } }];
  const { sequence, recordedAt, replayed } = result.value;
  return [first, { ...call, sentAt, answeredAt, answer: { kind: 'recorded', sequence, recordedAt, replayed } }];
}

/** The command as it was sent. */
export function commandOf({ commandId, lines }: Sent): CommandInput {
  return { kind: 'RecordMovements', id: commandId, tracking: [startTracking(MUG.productId)], lines };
}

/** The whole journal, in order. */
export async function readRecords(ledger: Ledger): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (;;) {
    const page = (await ledger.journal({ after: records.at(-1)?.sequence ?? 0, limit: 1_000 }))._unsafeUnwrap();
    records.push(...page.items);
    if (page.next === null) return records;
  }
}

/** The books are right, and every client was told the truth: acknowledged once, dense, nothing oversold. */
export async function expectHistory(ledger: Ledger, calls: readonly Call[]): Promise<readonly StoredRecord[]> {
  const records = await readRecords(ledger);
  expect(checkHistory(records, calls)).toEqual([]);
  expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, breaches: [] });
  return records;
}
