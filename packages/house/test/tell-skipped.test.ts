import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const CONFIG = fileURLToPath(new URL('skips/vitest.config.ts', import.meta.url));
const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

function run(...args: string[]) {
  const { CI: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [VITEST, 'run', '--config', CONFIG, ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

it('a run says at its end what it left out, and why', () => {
  expect(run('explained.tests.ts', '--exclude', 'unexplained.tests.ts')).toEqual({
    status: 0,
    lines: [
      'Not run:',
      '  2 tests of explained.tests.ts: there is no moon',
      '  1 test of explained.tests.ts: the sun is away',
      '  1 test of explained.tests.ts: it has burnt down',
      '  *** NO BROWSER STARTS HERE ***',
      '  the rest: pnpm rest',
    ],
  });
});

it('a test that is skipped without a reason fails the run, unless the run was told which tests to take', () => {
  const { status, lines } = run('unexplained.tests.ts');
  expect(status).toBe(1);
  expect(lines).toContain('  unexplained.tests.ts: “one day” is skipped without a reason');
  expect(run('unexplained.tests.ts', '-t', 'today')).toMatchObject({ status: 0 });
});
