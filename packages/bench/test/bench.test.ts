import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { errorOf, quantile, type RowSpec, toRow } from '../src/row.ts';
import { repeat, warmUp } from '../src/run.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const bench = (...args: readonly string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

describe('pnpm bench', () => {
  it('prints one JSON object a row, of the rows that were named', () => {
    const { stdout, status } = bench('--json', '--ms', '5', 'memory/1', 'sqlite/full/1-lines', 'postgres/hot/32');
    expect(status).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(rows.map(row => row.name)).toEqual([
      'memory/1-lines',
      'memory/100-lines',
      'memory/1000-lines',
      'sqlite/full/1-lines',
      'postgres/hot/32-callers',
      'postgres/hot/32-callers/p99',
    ]);
    for (const row of rows) {
      expect(row).toEqual({
        name: expect.any(String),
        unit: expect.any(String),
        ours: expect.any(Number),
        reference: expect.any(Number),
        ratio: expect.any(Number),
        spread: expect.any(Number),
        target: expect.any(Number),
        bound: expect.stringMatching(/^at(Least|Most)$/),
        met: expect.any(Boolean),
      });
      expect(row.ours > 0 && row.reference > 0 && row.ratio > 0 && row.spread >= 0).toBe(true);
    }
  });

  it('prints rows for people, and says where it is on stderr alone', () => {
    const { stdout, stderr } = bench('--ms', '5', 'memory/2-lines');
    const [heading, row, ...rest] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/ours +reference +ratio +spread +target +met$/);
    expect(row).toMatch(/^memory\/2-lines \(commands\/s\) .* ≥ 0.6 +(yes|NO)$/);
    expect(rest).toEqual([]);
    expect(stderr).toBe('1 of 1: memory/2-lines\n');
  });

  it('reads and verifies a history of as many movements as it is told', () => {
    const { stdout, status } = bench('--json', '--ms', '5', '--movements', '3000', 'as-of', 'verify');
    expect(status).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(rows.map(row => row.name)).toEqual(['as-of/sqlite', 'as-of/postgres', 'verify/sqlite', 'verify/postgres']);
    for (const row of rows) expect(row.ratio > 0).toBe(true);
  });

  it('weighs once what no noise moves', () => {
    const { stdout, status } = bench('--json', 'weight/page');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'weight/page', unit: 'bytes', reference: 20_480, spread: 0 });
  });

  it.each([[['nothing-is-called-so']], [['--repetitions', '4']], [['--ms', '0']], [['--movements', '0']]])(
    'refuses %j and lists the rows',
    args => {
      const { stdout, stderr, status } = bench(...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain('postgres/warm/1-lines');
    },
  );
});

describe('a row', () => {
  const samples = (...figures: readonly number[]) => figures.map(perSecond => ({ perSecond }));
  const spec = (target: RowSpec['target']): RowSpec => ({ name: 'a', figure: 'perSecond', unit: 'commands/s', target });

  it('is the median of the ratios of each repetition, and not the ratio of the medians', () => {
    const row = toRow(spec({ atLeast: 2 }), samples(10, 30, 100), samples(10, 10, 50));
    expect(row).toMatchObject({
      ours: 30,
      reference: 10,
      ratio: 2,
      spread: 0.5,
      target: 2,
      bound: 'atLeast',
      met: true,
    });
  });

  it('may be of a value that nearly all others stay below', () => {
    expect(quantile([...Array(101).keys()], 0.99)).toBe(99);
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2.5);
  });

  it('is known the better the less its repetitions are spread, and the more there are of them', () => {
    const error = (count: number, ...figures: readonly number[]) => {
      const all = Array.from({ length: count }, () => samples(...figures)).flat();
      return errorOf(spec({ atLeast: 1 }), all, samples(...all.map(() => 1)));
    };
    expect(error(1, 10, 10, 10)).toBe(0);
    expect(error(1, 8, 9, 10, 11, 12)).toBeGreaterThan(error(1, 9, 9.5, 10, 10.5, 11));
    expect(error(4, 8, 9, 10, 11, 12)).toBeLessThan(error(1, 8, 9, 10, 11, 12));
  });

  it('is measured on sides that have run in turn, each once at least', async () => {
    const ran: string[] = [];
    const side = (name: string) => async () => {
      ran.push(name);
      await new Promise(resolve => setTimeout(resolve, 1));
      return { perSecond: 1 };
    };
    await warmUp([side('ours'), side('reference')], 0);
    expect(ran).toEqual(['ours', 'reference']);
    await warmUp([side('ours'), side('reference')], 20);
    expect(ran.length).toBeGreaterThan(4);
    expect(ran.filter((name, index) => name !== ['ours', 'reference'][index % 2])).toEqual([]);
  });

  it('is measured until each of its rows is known, for as long as is allowed', async () => {
    const repetitions = async (ms: number, figureAt: (index: number) => number) => {
      let count = 0;
      const ours = async () => ({ steady: 1, perSecond: figureAt(count++) });
      const reference = async () => {
        await new Promise(resolve => setTimeout(resolve, 1));
        return { steady: 1, perSecond: 1 };
      };
      const target = spec({ atLeast: 1 });
      const rows = [{ ...target, figure: 'steady' }, target];
      const [all, others] = await repeat({ ours, reference }, rows, 5, ms);
      expect([all.length, others.length]).toEqual([count, count]);
      return count;
    };
    expect(await repetitions(10_000, () => 1)).toBe(5);
    expect(await repetitions(0, index => 1 + (index % 3))).toBe(5);
    expect(await repetitions(200, index => 1 + (index % 3))).toBeGreaterThan(5);
    expect(await repetitions(10_000, index => (index < 2 ? 3 : 1))).toBe(9);
  });

  it('is met up to its target and no further, whichever way it goes', () => {
    expect(toRow(spec({ atLeast: 2.1 }), samples(10), samples(5)).met).toBe(false);
    expect(toRow(spec({ atMost: 2 }), samples(10), samples(5)).met).toBe(true);
    expect(toRow(spec({ atMost: 1.9 }), samples(10), samples(5)).met).toBe(false);
  });
});
