import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createHolds, createLedger, restock, startTracking } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Databases, startDatabases } from '../../../testing/test/postgres/databases.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { MUG } from '../postgres/traders.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const HOLDER = fileURLToPath(new URL('../postgres/holder-process.ts', import.meta.url));
const PROCESSES = 8;
const HOLDERS = 2;
const STOCK = 60;

type Answers = Readonly<Record<string, number>>;

/** A process that is ready to hold and to sell. */
async function startHolder(args: readonly (string | number)[]): Promise<() => Promise<Answers>> {
  const child = spawn(process.execPath, [HOLDER, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return async () => {
    child.stdin.end('go');
    const answers = JSON.parse((await lines.next()).value ?? '');
    expect(await ended).toEqual([0, null]);
    return answers;
  };
}

it('eight processes hold and sell one mug: sold and held never come to more than there is', async () => {
  const operations = rounds({ short: 960, long: 16_000 });
  const { url, giveBack } = await databases.lend();
  const ledger = createLedger({
    store: createPostgresStore({ connectionString: url }),
    policy: { floors: { STORE: 0 }, holds: true },
  });
  const stocking = { tracking: [startTracking(MUG.productId)], lines: [restock('STORE', MUG, STOCK)] };
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), ...stocking }))._unsafeUnwrap();
  const each = operations / PROCESSES / HOLDERS;
  const starting = Array.from({ length: PROCESSES }, (_, seed) => startHolder([url, seed, HOLDERS, each]));
  const answers = await Promise.all((await Promise.all(starting)).map(run => run()));
  const sum = (answer: string) => answers.reduce((total, counts) => total + (counts[answer] ?? 0), 0);

  // At each sequence the balance covered what was promised: invariant 3; and the promises are the open holds: 14.
  expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, breaches: [] });
  const holds = createHolds(ledger);
  const shelf = (await holds.availability({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap();
  expect(shelf.available).toBeGreaterThanOrEqual(0);
  const sold = (await ledger.balanceAt({ locationId: 'SOLD', variantId: MUG.variantId }))._unsafeUnwrap().onHand;
  expect(sold + shelf.onHand).toBe(STOCK + sum('restock: recorded'));

  // Else the run has shown nothing: holds and sales got through, and both were refused for one another.
  const counted = ['reserve: recorded', 'post: recorded', 'sell: recorded', 'reserve: StockInsufficient'].map(sum);
  expect(Math.min(...counted)).toBeGreaterThan(operations / 200);
  expect(sum('sell: StockInsufficient')).toBeGreaterThan(operations / 200);
  const owners = answers.filter(counts => (counts['reserve: recorded'] ?? 0) > 0);
  expect(owners.length).toBeGreaterThan(PROCESSES / 2);
  // Every answer is one of those that a caller acts on: nobody was worn down by the others.
  const kinds = new Set(answers.flatMap(counts => Object.keys(counts).map(answer => answer.split(': ')[1])));
  const expected = ['recorded', 'StockInsufficient', 'HoldExpired', 'HoldClosed', 'HoldExceeded'];
  expect([...kinds].filter(kind => !expected.includes(kind as string))).toEqual([]);
  if (process.env.STOCKFOLD_ROUNDS === 'long')
    console.info(`${PROCESSES} processes hold one mug: ${JSON.stringify(answers)}`);
  await ledger.close();
  await giveBack();
});
