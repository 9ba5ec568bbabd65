import type { DatabaseSync } from 'node:sqlite';
import { Migrator } from 'kysely/migration';
import { lacking, providerOf, refuseToMigrate } from '../migration.ts';
import { kyselyOn } from './dialect.ts';
import { migrations } from './migrations.ts';
import { rollBack } from './roll-back.ts';

/**
 * Throws a `StoreFault` for a file that is not to be touched: `StoreTooNew` when a newer version has written it,
 * `StoreUnavailable` when it lacks something that may not be made.
 */
export function refuseOther(applied: readonly string[], isMade: boolean): void {
  if (lacking(migrations, applied).length > 0 && !isMade) refuseToMigrate('sqlite', applied);
}

/** Brings the tables up to date, in one transaction. */
export function migrate(db: DatabaseSync): Promise<void> {
  return inTurn(async () => {
    // Nothing to do takes no lock, so opening a file does not wait for those who write to it.
    if (lacking(migrations, appliedMigrations(db)).length === 0) return;
    // The write lock at once: two processes that open a new file migrate it one after the other.
    db.exec('begin immediate');
    try {
      await runMigrator(db);
      db.exec('commit');
    } catch (error) {
      rollBack(db);
      throw error;
    }
  });
}

async function runMigrator(db: DatabaseSync): Promise<void> {
  const migrator = new Migrator({
    db: kyselyOn(db),
    provider: providerOf(migrations),
    migrationTableName: 'stockfold_migration',
    migrationLockTableName: 'stockfold_migration_lock',
  });
  const { error } = await migrator.migrateToLatest({ disableTransactions: true });
  if (error !== undefined) throw error;
}

/** The migrations that the file has seen. */
export function appliedMigrations(db: DatabaseSync): readonly string[] {
  const table = db.prepare("select 1 from sqlite_schema where type = 'table' and name = 'stockfold_migration'").get();
  if (table === undefined) return [];
  return db
    .prepare('select name from stockfold_migration')
    .all()
    .map(row => String(row.name));
}

let turn: Promise<unknown> = Promise.resolve();

// A migration keeps the write lock over several awaits; a second BEGIN IMMEDIATE in this process would meanwhile block
// the very thread that has to go on.
function inTurn(run: () => Promise<void>): Promise<void> {
  const result = turn.then(run);
  turn = result.catch(() => undefined);
  return result;
}
