import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { figure } from '../print.ts';
import { type Growth, measureGrowth, type PlotSize } from './curves.ts';
import { draw } from './draw.ts';

/** Measures how costs grow, and writes `GROWTH.md` and its plots into a folder of documents. */
export async function writePlots(docs: string, size: PlotSize): Promise<void> {
  const all = await measureGrowth(size);
  await mkdir(join(docs, 'images'), { recursive: true });
  for (const growth of all) await writeFile(join(docs, 'images', `growth-${growth.name}.svg`), draw(growth));
  await writeFile(join(docs, 'GROWTH.md'), pageOf(all, size));
}

function pageOf(all: readonly Growth[], { movementsMax }: PlotSize): string {
  return `# Growth

Made by \`pnpm bench --plots\` on ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}: the whole ledger on the memory
store, one caller, median of 5 repetitions each, a history of up to ${figure(movementsMax)} movements. Costs are time of the
processor; what matters is how they change from one size to the next.

${all.map(sectionOf).join('\n\n')}
`;
}

function sectionOf({ name, title, sizes, curves }: Growth): string {
  const points = curves[0]?.points ?? [];
  return `## ${title}

![${title}](images/growth-${name}.svg)

| ${sizes} | ${curves.map(curve => `${curve.name}, µs`).join(' | ')} |
|---:|${curves.map(() => '---:').join('|')}|
${points
  .map(
    ({ size }, row) =>
      `| ${figure(size)} | ${curves.map(({ points: own }) => figure(own[row]?.microseconds ?? Number.NaN)).join(' | ')} |`,
  )
  .join('\n')}`;
}
