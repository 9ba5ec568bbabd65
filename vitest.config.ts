import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration, type ViteUserConfig } from 'vitest/config';
import { tellSkipped } from './packages/house/tell-skipped.ts';
import {
  CHROMIUM_ARGS,
  type Chromium,
  findChromium,
  variablesOf,
} from './packages/testing/test/browser/find-chromium.ts';

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));
const TESTS = ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'];
const BROWSER_TESTS = 'packages/*/test/browser/**/*.test.ts';

const NO_BROWSER = 'NO BROWSER STARTS HERE: the tests in Chromium are not run. Name one in STOCKFOLD_TEST_CHROMIUM.';
const chromium = await findChromium();
// On CI it is an error: tests that silently did not run would look like tests that passed.
if (chromium === null && process.env.CI) throw new Error(NO_BROWSER);

/** Tests run on the sources, so that nothing stale is ever tested; those that start a process use what was built. */
const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^@stockfold\/store-sql\/(\w+)$/, replacement: source('store-sql/src/$1/index.ts') },
      { find: /^@stockfold\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
    ],
  },
  test: {
    // One for each of two cores: most tests wait, for a disk, a server or a page.
    maxWorkers: 2,
    // Only for what hangs: a machine that is busy with other things is no failure.
    testTimeout: 300_000,
    // Servers are started and ended in hooks.
    hookTimeout: 120_000,
    api: { host: '127.0.0.1', port: 0 },
    env: variablesOf(chromium),
    projects: [
      { extends: true, test: { name: 'node', include: TESTS, exclude: [BROWSER_TESTS] } },
      ...(chromium === null ? [] : [inBrowser(chromium)]),
    ],
    // The rules have no line and no branch that no test takes; files of types alone count nothing.
    coverage: {
      include: ['packages/core/src/**'],
      reporter: ['text'],
      reportOnFailure: true,
      thresholds: { 100: true },
    },
    reporters: [
      'default',
      // On CI the counts are read from the report.
      ...(process.env.CI ? ['json' as const] : []),
      tellSkipped({
        loud: chromium === null ? NO_BROWSER : undefined,
        quiet: 'kills, cuts and crashes at length: pnpm test:crash',
      }),
    ],
    outputFile: { json: '.test-results/vitest.json' },
  },
});
export default config;

/** The tests that are about a browser run in one. */
function inBrowser({ path, env }: Chromium): TestProjectConfiguration {
  const launchOptions = {
    executablePath: path,
    args: [...CHROMIUM_ARGS],
    env: { ...process.env, ...env } as Record<string, string>,
  };
  return {
    extends: true,
    test: {
      name: 'chromium',
      include: [BROWSER_TESTS],
      browser: {
        enabled: true,
        headless: true,
        provider: playwright({ launchOptions }),
        instances: [{ browser: 'chromium' }],
        screenshotFailures: false,
      },
    },
  };
}
