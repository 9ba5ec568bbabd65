import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import type { Call } from '@stockfold/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Databases, startDatabases } from '../../../testing/test/postgres/databases.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { countCalls, expectExact, readJournal, say } from '../postgres/history.ts';
import { stockMugs } from '../postgres/traders.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const TRADER = fileURLToPath(new URL('../postgres/trader-process.ts', import.meta.url));
const PROCESSES = 8;
const TRADERS = 4;

/** A process that is ready to trade. */
async function startTrader(args: readonly (string | number)[]): Promise<() => Promise<readonly Call[]>> {
  const child = spawn(process.execPath, [TRADER, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return async () => {
    child.stdin.end('go');
    const calls: Call[] = [];
    for (let line = await lines.next(); !line.done; line = await lines.next()) calls.push(JSON.parse(line.value));
    expect(await ended).toEqual([0, null]);
    return calls;
  };
}

/** How often the journal passes from the commands of one process to those of another. */
function handovers(commandIds: readonly string[], processes: readonly (readonly Call[])[]): number {
  const processOf = new Map<string, number>();
  for (const [process, calls] of processes.entries())
    for (const call of calls) if (call.kind === 'execute') processOf.set(call.commandId, process);
  return commandIds.filter((id, index) => processOf.get(id) !== processOf.get(commandIds[index - 1] ?? id)).length;
}

it('eight processes trade one mug: nothing is oversold, each command is there once, all were told the truth', async () => {
  const operations = rounds({ short: 2_048, long: 32_768 });
  const { url, giveBack } = await databases.lend();
  const store = createPostgresStore({ connectionString: url });
  await stockMugs(store, 100);
  const each = operations / PROCESSES / TRADERS;
  const traders = await Promise.all(
    Array.from({ length: PROCESSES }, (_, seed) => startTrader([url, seed, TRADERS, each])),
  );
  const processes = await Promise.all(traders.map(trade => trade()));
  const calls = processes.flat();
  expect(calls.length).toBeGreaterThanOrEqual(operations);
  await expectExact(store, calls);
  // Else the run has shown nothing: they met, some sales came too late, and some commands were sent by several.
  const ids = (await readJournal(store)).map(record => record.commandId);
  expect(handovers(ids, processes)).toBeGreaterThan(PROCESSES * 4);
  const { short, replayed, read } = countCalls(calls);
  expect(Math.min(short, replayed, read)).toBeGreaterThan(operations / 200);
  say(`${PROCESSES} processes, one mug`, calls);
  await store.close();
  await giveBack();
});
