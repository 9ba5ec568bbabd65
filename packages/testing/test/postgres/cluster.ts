import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { processesOf } from './processes-of.ts';
import { findPrograms, serverUser } from './programs.ts';

/** Settings of a server by name, as in `postgresql.conf`. */
export type Settings = Readonly<Record<string, string>>;

/** A server of the test's own, which can be killed and started again; its folder outlives it. */
export type Cluster = Readonly<{
  /** The address of its database `postgres`; the same at each start. */
  url: string;
  /** Its folder of data. */
  data: string;
  /** Starts it, and waits until it answers, after the recovery from a crash if there was one. */
  start: (settings?: Settings) => Promise<void>;
  /** Ends the server and each of its processes at one moment, with SIGKILL. */
  kill: () => Promise<void>;
  /** Shuts it down. */
  stop: () => Promise<void>;
  /** Takes its folder away, and what a killed server has left in shared memory. */
  remove: () => Promise<void>;
}>;

const SETTINGS: Settings = {
  max_connections: '200',
  shared_buffers: '32MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};

/** Makes a new, empty cluster on a free port, in a folder of its own; it is not started. */
export async function createCluster(settings: Settings = {}): Promise<Cluster> {
  const folder = await makeFolder();
  const bin = await findPrograms(folder);
  const data = join(folder, 'data');
  const flags = ['--auth=trust', '--username=postgres', '--no-sync', '--encoding=UTF8', '--no-locale'];
  await promisify(execFile)(join(bin, 'initdb'), [`--pgdata=${data}`, ...flags], { ...serverUser, cwd: folder });
  return clusterAt({ folder, bin, port: await freePort(), settings });
}

/**
 * Makes a standby out of the folder of a cluster that was shut down, which is what `pg_basebackup` would give. It follows
 * the cluster once both are started.
 */
export async function createStandby(primary: Cluster, settings: Settings = {}): Promise<Cluster> {
  const folder = await makeFolder();
  const bin = await findPrograms(folder);
  const data = join(folder, 'data');
  await promisify(execFile)('cp', ['-R', primary.data, data], { ...serverUser, cwd: folder });
  const signal = join(data, 'standby.signal');
  await writeFile(signal, '');
  if (serverUser.uid !== undefined) await chown(signal, serverUser.uid, serverUser.uid);
  const { hostname, port, username } = new URL(primary.url);
  const conninfo = `host=${hostname} port=${port} user=${username}`;
  return clusterAt({ folder, bin, port: await freePort(), settings: { ...settings, primary_conninfo: conninfo } });
}

type Place = Readonly<{ folder: string; bin: string; port: number; settings: Settings }>;

function clusterAt({ folder, bin, port, settings }: Place): Cluster {
  const data = join(folder, 'data');
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | null = null;
  let wasKilled = false;
  const quit = () => server?.kill('SIGQUIT');
  const end = async (signal: NodeJS.Signals) => {
    if (server === null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
    server = null;
    process.removeListener('exit', quit);
  };
  const start = async (more: Settings = {}) => {
    const flags = Object.entries({ ...SETTINGS, ...settings, ...more }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const args = ['-D', data, '-p', String(port), ...flags];
    process.once('exit', quit);
    server = await untilStarted(url, () =>
      spawn(join(bin, 'postgres'), args, { ...serverUser, cwd: data, stdio: 'ignore' }),
    );
    wasKilled = false;
  };
  const stop = () => end('SIGINT');
  return {
    url,
    data,
    start,
    stop,
    kill: async () => {
      if (server?.pid === undefined) return;
      // A server that stands still starts no process that nobody knows of.
      server.kill('SIGSTOP');
      for (const pid of await processesOf(server.pid)) process.kill(pid, 'SIGKILL');
      await end('SIGKILL');
      wasKilled = true;
    },
    remove: async () => {
      if (wasKilled) await start();
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stockfold-postgres-'));
  await chmod(folder, 0o755);
  if (serverUser.uid !== undefined) await chown(folder, serverUser.uid, serverUser.uid);
  return folder;
}

const STARTS_MAX = 40;

/** A server does not start while processes of a killed one are still ending. */
async function untilStarted(url: string, launch: () => ChildProcess): Promise<ChildProcess> {
  let server = launch();
  for (let starts = 1; !(await isReady(url)); ) {
    if (server.exitCode !== null || server.signalCode !== null) {
      if (starts++ === STARTS_MAX) throw new Error(`PostgreSQL did not start: exit code ${server.exitCode}`);
      server = launch();
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  return server;
}

/** Whether the server takes connections. */
export async function isReady(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  const isConnected = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end().catch(() => undefined);
  return isConnected;
}
