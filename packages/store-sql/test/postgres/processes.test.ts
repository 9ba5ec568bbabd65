import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Databases, startDatabases } from '../../../testing/test/postgres/databases.ts';
import { type Answer, expectExact, MUG, stockMugs } from './sellers.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const SELLER = fileURLToPath(new URL('seller-process.ts', import.meta.url));

async function runSeller(url: string): Promise<readonly Answer[]> {
  const args = [SELLER, url, MUG.variantId, MUG.productId, '4', '25'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Answer);
}

it('four processes sell what is there and not a piece more, each command once', async () => {
  const { url, giveBack } = await databases.lend();
  const store = createPostgresStore({ connectionString: url });
  await stockMugs(store, 250);
  const answers = (await Promise.all(Array.from({ length: 4 }, () => runSeller(url)))).flat();
  expect(answers).toHaveLength(400);
  expect(answers.filter(answer => answer.receipt !== null)).toHaveLength(250);
  await expectExact(store, 250, answers);
  await store.close();
  await giveBack();
});
