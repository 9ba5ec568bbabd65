import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { linearFit } from '../src/soak/linear-fit.ts';

const SOAK = fileURLToPath(new URL('../src/soak/soak.ts', import.meta.url));
const HANDLES = fileURLToPath(new URL('./handles.ts', import.meta.url));
const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });

describe('pnpm soak', () => {
  it('trades on every store, prints the line through the heaps, and ends well when they are flat', () => {
    const { stdout, status } = node('--expose-gc', SOAK, '--minutes', '0.1');
    expect(stdout).toMatch(/^0.1 min, [\d,]+ commands on SQLite, PostgreSQL, memory\na line through 49 heaps: .* KiB/);
    expect(stdout).toMatch(/the heap is flat\n$/);
    expect(status).toBe(0);
  });

  it.each(['0', 'long'])('refuses %s minutes', minutes => {
    expect(node(SOAK, '--minutes', minutes).status).toBe(2);
  });
});

describe('a line through points', () => {
  it('is the one they lie on', () => {
    const { slope, residual } = linearFit([1, 2, 5].map(x => ({ x, y: 3 * x - 4 })));
    expect(slope).toBeCloseTo(3);
    expect(residual).toBeCloseTo(0);
  });

  it('is flat through noise, and says how far the points are off', () => {
    const { slope, residual } = linearFit([0, 1, 2, 3].map(x => ({ x, y: x === 0 || x === 3 ? 1 : -1 })));
    expect(slope).toBeCloseTo(0);
    expect(residual).toBeCloseTo(1);
  });
});

describe('a store that was closed', () => {
  it.each(['memory', 'sqlite', 'postgres'])('leaves no handle behind: %s', kind => {
    const { stdout, stderr, status } = node(HANDLES, kind);
    expect([stderr, JSON.parse(stdout), status]).toEqual(['', [], 0]);
  });
});
