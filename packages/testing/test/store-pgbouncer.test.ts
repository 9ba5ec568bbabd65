import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { describeLedgerStore } from '../src/index.ts';
import { needs } from './needs.ts';
import { type Databases, startDatabases } from './postgres/databases.ts';
import { startPgBouncer, whyNoPgBouncer } from './postgres/pgbouncer.ts';

describe('through PgBouncer in transaction mode', needs(whyNoPgBouncer), () => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await startDatabases(startPgBouncer);
  });
  afterAll(() => databases.stop());

  for (const commitWith of ['function', 'transaction'] as const)
    describeLedgerStore(`PostgreSQL, committing with a ${commitWith}`, {
      open: async () => {
        const { url, giveBack } = await databases.lend();
        const open = () => createPostgresStore({ connectionString: url, commitWith });
        return { store: open(), reopen: open, dispose: () => giveBack('the suite') };
      },
      runner: { describe, it },
      supports: { durable: true, severalHandles: true },
    });
});
