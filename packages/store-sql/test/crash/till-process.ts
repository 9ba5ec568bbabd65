import { openSync, writeSync } from 'node:fs';
import { createLedger, restock, sale, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import type { Call } from '@stockfold/testing';
import { BUSY_TIMEOUT_MS, FLOOR, MUG, type Sent } from './shelf.ts';
import { weaken } from './weaken.ts';

// One of several processes that trade in one variant: `node till-process.ts <file> <seed> <sellers> <turns> [<told>]
// [normal]`. Says on standard output, or in the file `told`, what it sends and what it is answered, a line each; the
// line is out before the next command is. With `normal`, SQLite does not wait for the disk.

const [path = '', seed = '0', sellers, turns, told = '-', synchronous] = process.argv.slice(2);
const output = told === '-' ? 1 : openSync(told, 'a');
const say = (line: Sent | Call | { kind: 'opening' }) => writeSync(output, `${JSON.stringify(line)}\n`);
const now = () => Number(process.hrtime.bigint());

say({ kind: 'opening' });
if (synchronous === 'normal') weaken();
const ledger = createLedger({ store: createSqliteStore({ path, busyTimeoutMs: BUSY_TIMEOUT_MS }), policy: FLOOR });
const { STORE, SUPPLIER, SOLD } = ledger.systemLocations;
const tracking = [startTracking(MUG.productId)];

async function seller(number: number): Promise<void> {
  for (let turn = 0; turn < Number(turns); turn++) {
    const chance = (Number(seed) * 31 + number * 17 + turn * 7) % 20;
    const id = ledger.newId();
    await trade(id, chance);
    // Some clients are nervous and send a command that was answered once more.
    if (chance === 7) await trade(id, chance);
    if (chance % 5 === 1) await look();
  }
}

async function trade(id: string, chance: number): Promise<void> {
  const isRestock = chance % 5 === 0;
  const line = isRestock ? restock('STORE', MUG, 8) : sale('STORE', MUG, 1 + (chance % 5));
  const lines = [{ ...line, from: isRestock ? SUPPLIER : STORE, to: isRestock ? STORE : SOLD }];
  const sentAt = now();
  say({ kind: 'sent', commandId: id, lines, sentAt });
  const result = await ledger.execute({ kind: 'RecordMovements', id, tracking, lines });
  const call = { kind: 'execute', commandId: id, lines, sentAt, answeredAt: now() } as const;
  if (result.isErr() && result.error.kind !== 'StockInsufficient') throw new Error(JSON.stringify(result.error));
  if (result.isErr()) return void say({ ...call, answer: { kind: 'short' } });
  const { sequence, recordedAt, replayed } = result.value;
  say({ ...call, answer: { kind: 'recorded', sequence, recordedAt, replayed } });
}

async function look(): Promise<void> {
  const sentAt = now();
  const { onHand, asOf } = (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap();
  say({ kind: 'read', variantId: MUG.variantId, locationId: STORE, sentAt, answeredAt: now(), onHand, asOf });
}

await Promise.all(Array.from({ length: Number(sellers) }, (_, number) => seller(number)));
await ledger.close();
