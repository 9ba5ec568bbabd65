import { type Profiler, Session } from 'node:inspector/promises';
import type { Ground } from './ground.ts';
import { figure } from './print.ts';
import type { Contest, Sides } from './row.ts';
import { warmUp } from './run.ts';

// How long each side runs before it is measured, and while it is; and how often V8 looks what runs, in microseconds.
const WARM_UP_MS = 10_000;
const MS = 4_000;
const EVERY_US = 100;

/** Where a sample belongs, by the address of its function; the first that fits. */
const PARTS: readonly (readonly [part: string, address: RegExp])[] = [
  ['core: rules and model', /core\/(dist|src)\/(rules|model)\//],
  ['core: the ledger', /core\/(dist|src)\//],
  ['neverthrow', /neverthrow/],
  ['the store', /store-(memory|sql|indexeddb)\//],
  ['HTTP adapter', /\/packages\/http\//],
  ['hono, valibot', /node_modules\/.*(hono|valibot)/],
  ['pg', /node_modules\/(pg|.*\/pg[-/])/],
  ['the bench itself', /\/packages\/bench\//],
  ['node', /^node:/],
];

type Profile = Readonly<{ parts: ReadonlyMap<string, number>; processor: number }>;

/**
 * Prints where the time of one command goes, for ours and for the reference: what this process computes, by part, and how
 * long it waits. A database in this process (SQLite) counts as native code, one in another process as waiting. V8 takes part
 * of what is done for a socket for waiting, so the processor time, which the kernel counts, stands below.
 */
export async function printProfile(contest: Contest, ground: Ground): Promise<void> {
  const sides = await contest.open({ ...ground, size: { ...ground.size, ms: MS } });
  try {
    const ours = await profileOf(sides.ours);
    const reference = await profileOf(sides.reference);
    console.log(`\n${contest.rows[0]?.name}, microseconds a command (${MS / 1_000} s each)`);
    const parts = [...new Set([...ours.parts.keys(), ...reference.parts.keys()])];
    const most = (part: string) => Math.max(ours.parts.get(part) ?? 0, reference.parts.get(part) ?? 0);
    for (const part of parts.sort((a, b) => most(b) - most(a)))
      line(part, ours.parts.get(part), reference.parts.get(part));
    line('all', sum(ours.parts), sum(reference.parts));
    line('processor, all threads', ours.processor, reference.processor);
  } finally {
    await sides.close();
  }
}

async function profileOf(side: Sides['ours']): Promise<Profile> {
  await warmUp([side], WARM_UP_MS);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: EVERY_US });
  await session.post('Profiler.start');
  const before = process.cpuUsage();
  const { perSecond } = await side();
  const { user, system } = process.cpuUsage(before);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  if (typeof perSecond !== 'number') throw new Error('only a contest that counts commands a second can be profiled');
  const commands = (perSecond * MS) / 1_000;
  const parts = new Map([...microsecondsOf(profile)].map(([part, time]) => [part, time / commands]));
  return { parts, processor: (user + system) / commands };
}

/** The time of each part itself, without what it calls. */
function microsecondsOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<string, number> {
  // The profiler is no part of the work.
  const own = nodes.filter(({ callFrame }) => callFrame.url !== 'node:inspector');
  const partOf = new Map(own.map(({ id, callFrame }) => [id, partOfCall(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const part = partOf.get(id);
    if (part === undefined) continue;
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return times;
}

function partOfCall({ functionName, url }: Profiler.ProfileNode['callFrame']): string {
  if (functionName === '(idle)') return 'waiting';
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (url === '') return 'native code';
  return PARTS.find(([, address]) => address.test(url))?.[0] ?? 'other';
}

function sum(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((total, time) => total + time, 0);
}

function line(name: string, ours = 0, reference = 0): void {
  console.log(name.padEnd(28), figure(ours).padStart(12), figure(reference).padStart(12));
}
