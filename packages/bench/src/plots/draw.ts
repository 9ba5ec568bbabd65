import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { Curve, Growth } from './curves.ts';

const [WIDTH, HEIGHT] = [640, 360];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 20, 76, 46];
// Blue and orange: told apart by those who see no red or green, and on white and black ground.
const COLORS = ['#3b78c4', '#d9761a'];

/** A plot as SVG, both axes by powers of ten: what grows in proportion is a line at 45 degrees, and what does not is flat. */
export function draw({ title: plain, sizes, curves }: Growth): string {
  const title = escaped(plain);
  const points = curves.flatMap(curve => curve.points);
  const costs = points.map(point => point.microseconds);
  const x = scaleLog(extent(points.map(point => point.size)), [LEFT, WIDTH - RIGHT]);
  const y = scaleLog(
    [10 ** Math.floor(Math.log10(Math.min(...costs))), 10 ** Math.ceil(Math.log10(Math.max(...costs)))],
    [HEIGHT - BOTTOM, TOP],
  );
  const path = line<Curve['points'][number]>(
    point => x(point.size),
    point => y(point.microseconds),
  );
  const grid = powers(y.domain()).map(value => {
    const at = y(value).toFixed(1);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" class="grid"/><text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${short(value)} µs</text>`;
  });
  const ticks = [...new Set([...points.map(point => point.size)])]
    .filter(size => Number.isInteger(Math.log10(size)) || sizes === 'locations')
    .map(
      size => `<text x="${x(size).toFixed(1)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${short(size)}</text>`,
    );
  const drawn = curves.map((curve, index) => {
    const color = COLORS[index % COLORS.length];
    const dots = curve.points.map(
      point =>
        `<circle cx="${x(point.size).toFixed(1)}" cy="${y(point.microseconds).toFixed(1)}" r="4" fill="${color}"/>`,
    );
    const key = `<circle cx="${LEFT + index * 250}" cy="52" r="4" fill="${color}"/><text x="${LEFT + 10 + index * 250}" y="56">${escaped(curve.name)}</text>`;
    return `<path d="${path.digits(1)(curve.points)}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}${key}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">
<style>svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#333}.title{font-size:16px;font-weight:600}.grid{stroke:#ddd}</style>
<text x="${LEFT}" y="28" class="title">${title}</text>
${[...grid, ...ticks, ...drawn].join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${sizes}</text>
</svg>
`;
}

function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function powers([low = 1, high = 1]: readonly number[]): readonly number[] {
  const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** 1,000 as 1k, and so on. */
function short(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  if (value >= 1_000) return `${Number((value / 1_000).toFixed(1))}k`;
  return String(Number(value.toPrecision(3)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
