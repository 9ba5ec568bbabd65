import * as postgres from '@stockfold/store-sql/postgres';
import * as sqlite from '@stockfold/store-sql/sqlite';
import { CliError } from './cli-error.ts';

type SchemaOptions = Readonly<{
  dialect: 'sqlite' | 'postgres';
  after?: string;
  commitWith?: 'function' | 'transaction';
}>;

/** Prints the schema of a store as SQL, for those who make tables by hand. */
export async function schema({ dialect, after, commitWith }: SchemaOptions): Promise<void> {
  if (dialect === 'sqlite' && commitWith !== undefined)
    throw new CliError('--commit-with: SQLite has one way to commit.');
  try {
    process.stdout.write(
      dialect === 'sqlite' ? sqlite.schemaSql({ after }) : postgres.schemaSql({ after, commitWith }),
    );
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CliError(`--after ${after}: ${error.message}.`);
  }
}
