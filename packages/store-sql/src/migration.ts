import { storeFault } from '@stockfold/core';
import { sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/**
 * The statements of each migration, by its name, in the order of the names. Forward only: what a database was opened
 * with once is never rewritten. The same name is the same idea in every dialect.
 */
export type Migrations = Readonly<Record<string, readonly string[]>>;

/**
 * The migrations that a database has not seen.
 *
 * Throws a `StoreFault`, `StoreTooNew`, when it has seen one that is not known here.
 */
export function lacking(migrations: Migrations, applied: readonly string[]): readonly string[] {
  if (applied.some(name => !Object.hasOwn(migrations, name)))
    throw storeFault('StoreTooNew', 'a newer version of Stockfold wrote this database');
  return Object.keys(migrations).filter(name => !applied.includes(name));
}

/**
 * Throws a `StoreFault` that says what to run, for a store that may not migrate and whose database lacks something. It is
 * `StoreUnavailable`: the next call looks again.
 */
export function refuseToMigrate(dialect: 'sqlite' | 'postgres', applied: readonly string[], flags = ''): never {
  const last = [...applied].sort().at(-1);
  const command = `stockfold schema --dialect ${dialect}${last === undefined ? '' : ` --after ${last}`}${flags}`;
  const state = last === undefined ? 'no Stockfold schema' : `the Stockfold schema of an older version, ${last}`;
  throw storeFault(
    'StoreUnavailable',
    `the database has ${state}: run what "${command}" prints, or open the store without migrate: false`,
  );
}

/** The migrations as Kysely's migrator takes them. `isSkipped` names those that an engine does without. */
export function providerOf(
  migrations: Migrations,
  isSkipped: (name: string) => boolean = () => false,
): MigrationProvider {
  const entries = Object.entries(migrations).map(([name, statements]): [string, Migration] => [
    name,
    {
      up: async db => {
        for (const statement of isSkipped(name) ? [] : statements) await sql.raw(statement).execute(db);
      },
    },
  ]);
  return { getMigrations: async () => Object.fromEntries(entries) };
}

/**
 * The migrations as one script, in one transaction, with the books that the migrator keeps, so that a store takes the
 * database as its own.
 *
 * @param after - The last migration that the database has seen; absent for a new one.
 * @throws TypeError when `after` is no migration.
 */
export function scriptOf({ migrations, after, begin, books, note, skip = [] }: ScriptParts): string {
  const names = Object.keys(migrations);
  if (after !== undefined && !names.includes(after))
    throw new TypeError(`schemaSql: after is one of ${names.join(', ')}`);
  const steps = names
    .filter(name => after === undefined || name > after)
    .flatMap(name => [...(skip.includes(name) ? [] : (migrations[name] ?? [])), note(name)]);
  return [begin, ...(after === undefined ? books : []), ...steps, 'commit'].map(step => `${step.trim()};\n`).join('\n');
}

/** What a script is made of, in the words of a dialect. */
export type ScriptParts = Readonly<{
  migrations: Migrations;
  after: string | undefined;
  begin: string;
  /** Makes the tables in which the migrator notes what has been run. */
  books: readonly string[];
  /** Notes one migration there. */
  note: (name: string) => string;
  /** Migrations that are only noted. */
  skip?: readonly string[];
}>;
