import { existsSync } from 'node:fs';
import { DEFAULT_ORGANIZATION_ID, type LedgerStore, parseUuid, type StoreFault, type Uuid } from '@stockfold/core';
import { CliError } from './cli-error.ts';
import { isPostgres, nameOf, openStore } from './open-store.ts';

/** The flags of the commands that look at a journal. */
export type BooksOptions = Readonly<{ db: string; organization?: string }>;

/** Whose journal is meant: the one of an application that has only one when it is not said. */
export function organizationOf({ organization }: BooksOptions): Uuid {
  if (organization === undefined) return DEFAULT_ORGANIZATION_ID;
  const id = parseUuid(organization).unwrapOr(null);
  if (id === null) throw new CliError('--organization is a UUID.');
  return id;
}

/** Opens a store that is there: SQLite would make a file of a mistyped name. */
export async function openBooks(db: string): Promise<LedgerStore> {
  if (!isPostgres(db) && !existsSync(db))
    throw new CliError(`--db ${db}: there is no such file; "serve" and "import" make one.`);
  return openStore(db);
}

/** A fault as what the person at the terminal can do about it. */
export function cliErrorOf({ db }: BooksOptions, { kind, message }: StoreFault): CliError {
  const advice =
    kind === 'StoreFailed'
      ? ' A row cannot be read: "rebuild" mends it unless it is one of the journal; then bring back a backup.'
      : '';
  return new CliError(`--db ${nameOf(db)}: ${message} (${kind}).${advice}`);
}

/** Nothing was ever recorded for the organization. */
export function nothingThere(options: BooksOptions): CliError {
  return new CliError(
    `--db ${nameOf(options.db)}: nothing was recorded for organization ${organizationOf(options)}; --organization names another.`,
  );
}
