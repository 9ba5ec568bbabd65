import { parseArgs } from 'node:util';
import { createMemoryStore } from '@stockfold/store-memory';
import { describeFailure, enumerateFaults, type SimulationReport, STATES, simulate } from '@stockfold/testing';
import { PLANTED_BUG_WORLDS, PLANTED_BUGS } from './planted-bugs.ts';
import { SCENARIOS } from './scenarios.ts';
import { createSqliteWorlds } from './sqlite-worlds.ts';

// `pnpm simulate [--minutes 5] [--seed 1] [--path …]`: goes as far as the time allows and prints a line per goal. With
// a path it runs the one world of an earlier failure. Exit code 1 when a promise was broken or something stayed unseen.

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, path: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('usage: pnpm simulate [--minutes 5] [--seed 1] [--path 17:0:1]');
  process.exit(1);
}

const WORLDS_PER_ROUND = 2_000;
const end = Date.now() + minutes * 60_000;
const line = (goal: string, reached: string | number) => console.log(`${goal.padEnd(22)} ${reached}`);
const thousands = (count: number) => count.toLocaleString('en');

console.log(`seed ${seed}`);
process.exitCode = values.path === undefined ? await explore() : await replay(values.path);

async function replay(path: string): Promise<number> {
  const report = await simulate({ seed, path, openStore: createMemoryStore });
  console.log(describeFailure(report));
  return report.ok ? 0 : 1;
}

async function explore(): Promise<number> {
  const planted = await plantedBugs();
  const placements = await enumerations();
  const { reports, failed } = await worlds();
  const sum = (of: (report: SimulationReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const reached = STATES.filter(state => sum(report => report.states[state]) > 0);
  line('worlds', thousands(sum(report => report.worlds)));
  line('commands', thousands(sum(report => report.commands)));
  line('faults', thousands(sum(report => report.faults)));
  line('placements', `${thousands(placements.placements)}, of every fault and every pair of faults`);
  line('planted bugs killed', `${planted} of ${PLANTED_BUGS.length}`);
  line('states reached', `${reached.length} of ${STATES.length}`);
  line('violations', failed.length + placements.failures);
  for (const report of failed) {
    console.log(`\n${describeFailure(report)}`);
    console.log(`again: pnpm simulate --seed ${report.seed} --path ${report.failure?.path}`);
  }
  const isWell = failed.length + placements.failures === 0;
  return isWell && planted === PLANTED_BUGS.length && reached.length === STATES.length ? 0 : 1;
}

async function plantedBugs(): Promise<number> {
  let killed = 0;
  for (const [, subject] of PLANTED_BUGS)
    if (!(await simulate({ ...subject, seed, worlds: PLANTED_BUG_WORLDS })).ok) killed += 1;
  return killed;
}

async function enumerations(): Promise<{ placements: number; failures: number }> {
  const sum = { placements: 0, failures: 0 };
  for (const scenario of Object.values(SCENARIOS)) {
    const { placements, failures } = await enumerateFaults({ scenario, openStore: createMemoryStore });
    sum.placements += placements;
    sum.failures += failures.length;
    for (const { world, violations } of failures.slice(0, 1)) console.log(JSON.stringify({ world, violations }));
  }
  return sum;
}

/** Rounds of worlds with one seed each, on the memory store and now and then on a SQLite file. */
async function worlds(): Promise<{ reports: readonly SimulationReport[]; failed: readonly SimulationReport[] }> {
  const reports: SimulationReport[] = [];
  const onFile = createSqliteWorlds();
  for (let round = 0; round === 0 || Date.now() < end; round++) {
    const isOnFile = round % 3 === 2;
    const openStore = isOnFile ? onFile.openStore : createMemoryStore;
    const worlds = isOnFile ? WORLDS_PER_ROUND / 2 : WORLDS_PER_ROUND;
    reports.push(await simulate({ seed: seed + round, worlds, openStore }));
    if (reports.at(-1)?.ok === false) break;
  }
  await onFile.remove();
  return { reports, failed: reports.filter(report => !report.ok) };
}
