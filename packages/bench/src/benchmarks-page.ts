import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { text } from 'node:stream/consumers';
import { figure } from './print.ts';
import type { Row } from './row.ts';

// `pnpm --silent bench --json | pnpm --silent bench:page > docs/BENCHMARKS.md`

const rows = (await text(process.stdin))
  .split('\n')
  .filter(line => line.startsWith('{'))
  .map(line => JSON.parse(line) as Row);
if (rows.length === 0) throw new Error('give me the rows of pnpm bench --json on stdin');

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const changed = execFileSync('git', ['status', '--porcelain', '--', 'packages'], { encoding: 'utf8' }) !== '';
const load = (loadavg()[2] ?? 0).toFixed(1);
const gigabytes = Math.round(totalmem() / 2 ** 30);

console.log(`# Benchmarks

Made by \`pnpm --silent bench --json | pnpm --silent bench:page > docs/BENCHMARKS.md\` at commit ${commit}${changed ? ' with changes' : ''}, on
${cpus().length} × ${cpus()[0]?.model.trim()}, ${gigabytes} GB, ${process.platform} ${process.arch}, Node ${process.version}; load average
of the last quarter of an hour ${load}. The bench alone makes about 1: far above that, other programs had their share.

Each row is a ratio to a reference in the same run: hand-written code beside the bench in \`packages/bench\`, that writes
the same rows with the same durability. Both run for three seconds before they are measured, or nine where one caller waits for
a disk, and then take turns, until the standard error of the ratio is 3 %, or for 5 seconds, or 10 where it is also that of a p99.
The ratio is the median of those of all repetitions, and the spread what lies between their first and third quartile. Rates are
those of this machine; ratios travel better. How costs grow is in [growth](GROWTH.md); where the time of a command goes,
\`pnpm bench NAME --profile\` says, and [a page](WHERE-TIME-GOES.md) about the rows that miss.
${rows.filter(row => row.met).length} of ${rows.length} rows meet their target.

| row | ours | reference | ratio | spread | target | met |
|---|---:|---:|---:|---:|---:|---|`);
for (const row of rows) console.log(lineOf(row));

function lineOf({ name, unit, ours, reference, ratio, spread, bound, target, met }: Row): string {
  const wanted = `${bound === 'atLeast' ? '≥' : '≤'} ${target}`;
  const cells = [
    `\`${name}\``,
    `${figure(ours)} ${unit}`,
    figure(reference),
    figure(ratio),
    `${Math.round(spread * 100)} %`,
  ];
  return `| ${[...cells, wanted, met ? 'yes' : '**no**'].join(' | ')} |`;
}
