import { storeFault } from '@stockfold/core';
import { Kysely, PostgresAdapter, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type Database, ignore, type Session, withFaults, withSession } from './connection.ts';
import { migrations } from './migrations.ts';
import { retrying } from './retry.ts';

/** Brings the tables up to date. Throws a `StoreFault`: `StoreTooNew` when a newer version has been there. */
export async function migrate(database: Database): Promise<void> {
  await withFaults('reading', () => retrying(() => withSession(database, migrateOn)));
}

async function migrateOn(session: Session): Promise<void> {
  // Nothing to do takes no lock and no privilege to create things.
  if (await isCurrent(session)) return;
  await session.query('begin isolation level read committed');
  try {
    // It ends with the transaction. A session's lock, as Kysely takes it, would stay behind in a pooler's connection.
    await session.query(`select pg_advisory_xact_lock(hashtextextended('stockfold.migration', 0))`);
    if (!(await isCurrent(session))) await runMigrator(session);
    await session.query('commit');
  } catch (error) {
    await session.query('rollback').catch(ignore);
    throw error;
  }
}

async function isCurrent(session: Session): Promise<boolean> {
  const [found] = await session.query<{ migrations: string | null }>(
    `select to_regclass('stockfold.migration')::text as migrations`,
  );
  if (found?.migrations === null) return false;
  const applied = await session.query<{ name: string }>('select name from stockfold.migration');
  if (applied.some(({ name }) => !Object.hasOwn(migrations, name)))
    throw storeFault('StoreTooNew', 'a newer version of Stockfold wrote this database');
  return applied.length === Object.keys(migrations).length;
}

async function runMigrator(session: Session): Promise<void> {
  const migrator = new Migrator({
    db: kyselyOn(session),
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: 'stockfold',
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  });
  const { error } = await migrator.migrateToLatest({ disableTransactions: true });
  if (error !== undefined) throw error;
}

/** Kysely over a connection that is in a transaction already, which holds the lock. */
function kyselyOn({ client }: Session): Kysely<unknown> {
  const query = ((text: string, values: readonly unknown[]) => client.query({ text, values: [...values] })) as never;
  const pool = { options: {}, connect: async () => ({ query, release: ignore }), end: async () => undefined };
  return new Kysely({ dialect: new LockedDialect({ pool }) });
}

class LockedDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new LockedAdapter();
  }
}

class LockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}
