import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLedger, type LedgerStore, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterAll, expect, it } from 'vitest';

const MOVEMENTS = 200_000;
const VARIANTS = 500;
const GROWTH_MAX = 2_000_000;
const PRODUCT = '65314d7e-5f0f-11ec-bf63-0242ac130002';

const directory = mkdtempSync(join(tmpdir(), 'stockfold-verify-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** A journal of one movement a record, written by SQL: a restock of each variant in turn. */
async function fill(path: string): Promise<void> {
  const ledger = createLedger({ store: createSqliteStore({ path }) });
  const tracking = [startTracking(PRODUCT)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking }))._unsafeUnwrap();
  const { STORE, SUPPLIER } = ledger.systemLocations;
  await ledger.close();
  const db = new DatabaseSync(path);
  const numbers = (to: number) => `(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${to})
    select n from s)`;
  const variantId = (n: string) => `printf('c0000000-0000-4000-8000-%012d', ${n})`;
  const each = MOVEMENTS / VARIANTS;
  db.exec(`begin;
    insert into stockfold_variant select 1, n, ${variantId('n')}, 1 from ${numbers(VARIANTS)};
    insert into stockfold_balance select 1, n, 1, ${each} from ${numbers(VARIANTS)};
    insert into stockfold_balance select 1, n, 2, -${each} from ${numbers(VARIANTS)};
    insert into stockfold_record select 1, n + 1, unhex(printf('d000000000004000800000%010x', n)), 9e15, null, printf(
      '[{"kind":"MovementsRecorded","lines":[{"productId":"${PRODUCT}","variantId":"%s","from":"${SUPPLIER}","to":"${STORE}","quantity":1}]}]',
      ${variantId(`1 + (n - 1) % ${VARIANTS}`)}) from ${numbers(MOVEMENTS)};
    insert into stockfold_posting select 1, 1 + (n - 1) % ${VARIANTS}, 1, n + 1, 1, 1 + (n - 1) / ${VARIANTS}
      from ${numbers(MOVEMENTS)};
    insert into stockfold_posting select 1, 1 + (n - 1) % ${VARIANTS}, 2, n + 1, -1, -1 - (n - 1) / ${VARIANTS}
      from ${numbers(MOVEMENTS)};
    update stockfold_organization set sequence = ${MOVEMENTS + 1}, recorded_at = 9e15;
    commit`);
  db.close();
}

/** A store that measures the heap, swept, at every twentieth page of the journal. */
function weighing(store: LedgerStore, heaps: number[]): LedgerStore {
  let pages = 0;
  return {
    ...store,
    journal: query => {
      if (pages++ % 20 === 0) {
        collectGarbage();
        heaps.push(process.memoryUsage().heapUsed);
      }
      return store.journal(query);
    },
  };
}

it(`verify holds no more of ${MOVEMENTS} movements at their end than near their beginning`, async () => {
  const path = join(directory, 'large.db');
  await fill(path);
  const heaps: number[] = [];
  const store = createSqliteStore({ path });
  const verified = (await createLedger({ store: weighing(store, heaps) }).verify())._unsafeUnwrap();
  expect(verified).toEqual({ ok: true, records: MOVEMENTS + 1, balances: 2 * VARIANTS, breaches: [] });
  // The first twenty pages bring the fold of all balances.
  const [, ...later] = heaps;
  expect(later.length).toBeGreaterThanOrEqual(9);
  expect(Math.max(...later) - Math.min(...later)).toBeLessThan(GROWTH_MAX);
  await store.close();
}, 120_000);
