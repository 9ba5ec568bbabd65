import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

/** Tests run on the sources, so that nothing stale is ever tested; those that start a process use what was built. */
const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^@stockfold\/store-sql\/(\w+)$/, replacement: source('store-sql/src/$1/index.ts') },
      { find: /^@stockfold\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
    ],
  },
  test: {
    include: ['packages/*/test/**/*.test.ts'],
    // Only for what hangs: a machine that is busy with other things is no failure.
    testTimeout: 120_000,
    // Servers are started and ended in hooks.
    hookTimeout: 60_000,
    // The rules have no line and no branch that no test takes; files of types alone count nothing.
    coverage: { include: ['packages/core/src/**'], reporter: ['text'], thresholds: { 100: true } },
    // On CI the counts are read from the report.
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: '.test-results/vitest.json' },
  },
});
export default config;
