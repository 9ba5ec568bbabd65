import { Kysely, PostgresAdapter, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { lacking, providerOf, refuseToMigrate } from '../migration.ts';
import { type Database, ignore, type Session, withFaults, withSession } from './connection.ts';
import { isDuplicate } from './fault.ts';
import { BOOKS, IN_PLPGSQL, migrations } from './migrations.ts';
import { retrying } from './retry.ts';

/**
 * Brings the tables up to date, or only looks whether they are. Throws a `StoreFault`: `StoreTooNew` when a newer version
 * has been there, `StoreUnavailable` when something is lacking that may not be made.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<void> {
  await withFaults('reading', () => retrying(() => withSession(database, session => migrateOn(session, options))));
}

// As many as open an empty database at once, and a few more.
const ATTEMPTS_MAX = 100;

/** Whether tables are made or must be there, and for which way to commit: that is the script to be run by hand. */
export type MigrateOptions = Readonly<{ isMade: boolean; commitWith: 'function' | 'transaction' }>;

async function migrateOn(session: Session, { isMade, commitWith }: MigrateOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const applied = await appliedMigrations(session);
    // Nothing to do takes no lock and no privilege to create things.
    if (lacking(migrations, applied ?? []).length === 0) return;
    const flags = commitWith === 'transaction' ? ' --commit-with transaction' : '';
    if (!isMade) refuseToMigrate('postgres', applied ?? [], flags);
    try {
      return await runInTransaction(session, applied !== null);
    } catch (error) {
      // Another one has made the same thing in the meantime: look again.
      if (attempt === ATTEMPTS_MAX || !isDuplicate(error)) throw error;
    }
  }
}

/**
 * One after the other by plain locks: of the row in the books or, in a new database, of the names of the books themselves,
 * which only one can make. An advisory lock is not known to every engine, and one of a session would stay behind in a pooler's connection.
 */
async function runInTransaction(session: Session, hasBooks: boolean): Promise<void> {
  await session.query('begin isolation level read committed');
  try {
    for (const statement of hasBooks ? [LOCK] : BOOKS) await session.query(statement);
    if (lacking(migrations, (await appliedMigrations(session)) ?? []).length > 0) await runMigrator(session);
    await session.query('commit');
  } catch (error) {
    await session.query('rollback').catch(ignore);
    throw error;
  }
}

const LOCK = 'select id from stockfold.migration_lock for update';

/** The migrations that the database has seen; null when it has no books of them. */
async function appliedMigrations(session: Session): Promise<readonly string[] | null> {
  const [found] = await session.query<{ migrations: string | null }>(
    `select to_regclass('stockfold.migration')::text as migrations`,
  );
  if (found?.migrations === null) return null;
  const applied = await session.query<{ name: string }>('select name from stockfold.migration');
  return applied.map(({ name }) => name);
}

async function runMigrator(session: Session): Promise<void> {
  const [found] = await session.query<{ plpgsql: string | null }>(
    `select (select lanname from pg_catalog.pg_language where lanname = 'plpgsql')::text as plpgsql`,
  );
  const migrator = new Migrator({
    db: kyselyOn(session),
    provider: providerOf(migrations, name => found?.plpgsql === null && IN_PLPGSQL.includes(name)),
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
