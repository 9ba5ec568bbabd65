import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CONTESTS } from './contests.ts';
import { openGround } from './ground.ts';
import { writePlots } from './plots/write-plots.ts';
import { HEADING, toText } from './print.ts';
import { printProfile } from './profile.ts';
import { run } from './run.ts';

// `pnpm bench [NAME …] [--json] [--repetitions 7] [--ms 250] [--movements 1000000]`: every row whose name contains a
// NAME, or all. With --plots it measures growth instead and writes docs/GROWTH.md with its plots, or into --docs FOLDER; with
// --profile it says where the time of a command goes.

const { values, positionals } = parseArgs({
  // pnpm passes on the `--` that may stand before the arguments.
  args: process.argv.slice(2).filter(argument => argument !== '--'),
  options: {
    json: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '7' },
    ms: { type: 'string', default: '250' },
    movements: { type: 'string' },
    plots: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    docs: { type: 'string', default: fileURLToPath(new URL('../../../docs', import.meta.url)) },
  },
  allowPositionals: true,
});
const repetitions = Number(values.repetitions);
const ms = Number(values.ms);
const movements = Number(values.movements ?? (values.plots ? 10_000_000 : 1_000_000));
const isWanted = ({ name }: { name: string }) =>
  positionals.length === 0 || positionals.some(part => name.includes(part));
const contests = CONTESTS.filter(({ rows }) => rows.some(isWanted));
const isSize = Number.isInteger(repetitions) && repetitions >= 5 && ms > 0;
if (!(isSize && Number.isInteger(movements) && movements > 0) || contests.length === 0) {
  console.error(
    'usage: pnpm bench [NAME …] [--json] [--profile] [--repetitions 5 or more] [--ms 250] [--movements 1000000]\nthe rows are:',
  );
  for (const { rows } of CONTESTS) for (const { name } of rows) console.error(`  ${name}`);
  process.exit(2);
}

if (values.plots) {
  await writePlots(values.docs, { ms, movementsMax: movements });
  process.exit(0);
}

const ground = openGround({ repetitions, ms, movements });
try {
  if (values.profile) for (const contest of contests) await printProfile(contest, ground);
  else await printRows();
} finally {
  await ground.clear();
}

async function printRows(): Promise<void> {
  if (!values.json) console.log(HEADING);
  for (const [index, contest] of contests.entries()) {
    progress(`${index + 1} of ${contests.length}: ${contest.rows[0]?.name}`);
    const rows = await run(contest, ground);
    progress('');
    for (const row of rows.filter(isWanted)) console.log(values.json ? JSON.stringify(row) : toText(row));
  }
}

/** One line of stderr, written over again and again on a terminal. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}
