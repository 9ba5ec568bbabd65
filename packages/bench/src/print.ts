import type { Row } from './row.ts';

const WIDTHS = [44, 14, 14, 8, 8, 9, 4] as const;

/** The line above the rows. */
export const HEADING: string = line(['', 'ours', 'reference', 'ratio', 'spread', 'target', 'met']);

/** A row as people read it. */
export function toText(row: Row): string {
  return line([
    `${row.name} (${row.unit})`,
    figure(row.ours),
    figure(row.reference),
    figure(row.ratio),
    `${Math.round(row.spread * 100)} %`,
    `${row.bound === 'atLeast' ? '≥' : '≤'} ${row.target}`,
    row.met ? 'yes' : 'NO',
  ]);
}

/** Three digits, or all of a larger number. */
export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(' ');
}
