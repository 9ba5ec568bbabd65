import type { PostgresClient } from './driver.ts';
import { isStatementUnknown } from './fault.ts';

/** Whether a connection is one to a server process of its own. Absent: not known. */
const direct = new WeakMap<PostgresClient, boolean>();

/**
 * Learns from an answer which process gave it. The server told the client its number when they met; a pooler tells one
 * that it made up, so where both agree no pooler stands between, and the process stays the same.
 */
export function learnProcess(client: PostgresClient, processId: number): void {
  if (!direct.has(client)) direct.set(client, client.processID === processId);
}

/**
 * Runs a statement, named if the connection is direct: the server parses and plans it once, which is a fifth of its
 * work for a commit of one line. Not to be used in a transaction: a name that the server does not know, since somebody
 * else has cleared the connection, would end it. Outside nothing was run yet, so it is run without a name, for good.
 */
export async function withName<T>(
  client: PostgresClient,
  name: string,
  run: (named: { name?: string }) => Promise<T>,
): Promise<T> {
  if (direct.get(client) !== true) return run({});
  try {
    return await run({ name });
  } catch (error) {
    if (!isStatementUnknown(error)) throw error;
    direct.set(client, false);
    return run({});
  }
}
