import { DatabaseSync } from 'node:sqlite';
import { schemaSql as postgresSchemaSql } from '@stockfold/store-sql/postgres';
import { schemaSql as sqliteSchemaSql } from '@stockfold/store-sql/sqlite';
import { describe, expect, it } from 'vitest';
import { run } from './stockfold.ts';

describe('stockfold schema', () => {
  it('prints what SQLite takes', async () => {
    const { code, stdout, stderr } = await run('schema', '--dialect', 'sqlite');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(sqliteSchemaSql());
    const db = new DatabaseSync(':memory:');
    db.exec(stdout);
    expect(db.prepare('select count(*) as tables from stockfold_migration').get()).toEqual({ tables: 3 });
    db.close();
  });

  it('prints what PostgreSQL takes, also for engines without PL/pgSQL, or only what is new', async () => {
    expect((await run('schema', '--dialect', 'postgres')).stdout).toBe(postgresSchemaSql());
    const plain = await run('schema', '--dialect', 'postgres', '--commit-with', 'transaction');
    expect(plain.stdout).toBe(postgresSchemaSql({ commitWith: 'transaction' }));
    const rest = await run('schema', '--dialect', 'postgres', '--after', '0002_commit_v1');
    expect(rest.stdout).toBe(postgresSchemaSql({ after: '0002_commit_v1' }));
  });

  it.each([
    [['--dialect', 'oracle'], /'oracle' is invalid. Allowed choices are sqlite, postgres/],
    [[], /required option '--dialect <name>'/],
    [['--dialect', 'sqlite', '--after', '7'], /--after 7: schemaSql: after is one of 0001_ledger/],
    [['--dialect', 'sqlite', '--commit-with', 'transaction'], /SQLite has one way to commit/],
  ])('says in a line what is wrong with %s', async (args, message) => {
    const { code, stdout, stderr } = await run('schema', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});
