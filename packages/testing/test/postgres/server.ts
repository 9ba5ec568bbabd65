import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createCluster, type Settings } from './cluster.ts';

/** A server to test on, and the databases that a test has made on it. */
export type PostgresServer = Readonly<{
  /** The address of a new, empty database. */
  newDatabase: () => Promise<string>;
  /** Takes all databases away again, and the server too if it was started here. */
  stop: () => Promise<void>;
}>;

/**
 * The server that STOCKFOLD_TEST_POSTGRES names, whose user may make databases; without it, a PostgreSQL of the test's
 * own, in a folder that goes away with it; `settings` are for that one.
 */
export async function startPostgres(settings: Settings = {}): Promise<PostgresServer> {
  const address = process.env.STOCKFOLD_TEST_POSTGRES;
  const { url, stop } =
    address === undefined ? await startOwn(settings) : { url: address, stop: async () => undefined };
  const admin = new pg.Client({ connectionString: url });
  admin.on('error', () => undefined);
  await admin.connect();
  const names: string[] = [];
  return {
    newDatabase: async () => {
      const name = `stockfold_test_${randomUUID().replaceAll('-', '')}`;
      await admin.query(`create database ${name}`);
      names.push(name);
      const database = new URL(url);
      database.pathname = `/${name}`;
      return database.href;
    },
    stop: async () => {
      if (address !== undefined) for (const name of names) await admin.query(`drop database ${name} with (force)`);
      await admin.end();
      await stop();
    },
  };
}

async function startOwn(settings: Settings): Promise<Readonly<{ url: string; stop: () => Promise<void> }>> {
  // No power is cut here, so nothing needs to wait for the disk.
  const cluster = await createCluster({ fsync: 'off', ...settings });
  await cluster.start();
  return { url: cluster.url, stop: () => cluster.remove() };
}
