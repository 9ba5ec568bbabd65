import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { tellSkipped } from './packages/house/tell-skipped.ts';
import tests from './vitest.config.ts';

const { projects: _, ...shared } = tests.test ?? {};

/** The tests that kill, cut and crash, with their long counts and one after another. */
const config: ViteUserConfig = defineConfig({
  ...tests,
  test: {
    ...shared,
    reporters: ['default', tellSkipped({})],
    include: ['packages/*/test/crash/**/*.test.ts'],
    env: { ...shared.env, STOCKFOLD_ROUNDS: 'long' },
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
export default config;
