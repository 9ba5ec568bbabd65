import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { tellSkipped } from '../../tell-skipped.ts';

/** A run of the tests beside this file, for `tell-skipped.test.ts`. */
const config: ViteUserConfig = defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.tests.ts'],
    reporters: [tellSkipped({ loud: 'NO BROWSER STARTS HERE', quiet: 'the rest: pnpm rest' })],
  },
});
export default config;
