import { existsSync, readFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { needs } from '../../testing/test/needs.ts';
import { end, type Server, serve } from './stockfold.ts';

const MIB = 1024 * 1024;
const isReadable = existsSync('/proc/self/status');

/** The most memory that a process has ever had, in MiB. */
function peakOf({ child }: Server): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Sends 20 MiB without saying so before, and gives the status; a server may hang up in the middle of it. */
function sendLarge(server: Server, token: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = request(`${server.url}/organizations/self/inventory`, { method: 'PUT', headers, agent: false });
  const answered = statusOf(sent);
  Readable.from(Array(20).fill(Buffer.alloc(MIB, ' '))).pipe(sent);
  return answered;
}

async function statusOf(sent: ClientRequest): Promise<number | undefined> {
  let status: number | undefined;
  sent.on('response', response => {
    status = response.statusCode;
    // The server reads no further, so the rest could never be sent.
    sent.destroy();
  });
  // Not `once`, which rejects on an error: a server that hangs up has refused as well.
  sent.on('error', () => undefined);
  await new Promise(resolve => sent.on('close', resolve));
  return status;
}

let server: Server;
afterEach(async () => {
  if (isReadable) await end(server, 'SIGTERM');
});

// As on macOS and Windows: there is nothing to measure it by.
const lack = !isReadable && 'no /proc, where a process shows its memory';

it('bodies of 20 MiB are refused, and a server of many of them does not grow', needs(lack), async () => {
  server = await serve('--db', ':memory:');
  const token = /token of this run: (\S+)/.exec(server.greeting)?.[1] ?? '';
  await sendLarge(server, token);
  const before = peakOf(server);
  const statuses: (number | undefined)[] = [];
  for (let round = 0; round < 5; round++)
    statuses.push(...(await Promise.all(Array.from({ length: 10 }, () => sendLarge(server, token)))));
  expect(statuses.filter(status => status !== undefined && status !== 413)).toEqual([]);
  expect(statuses).toContain(413);
  // Taken whole they would be 1,000 MiB, 200 of them at once.
  expect(peakOf(server) - before).toBeLessThan(150);
});
if (!isReadable) console.warn('SKIPPED: the memory of a server under large bodies cannot be read on this platform');
