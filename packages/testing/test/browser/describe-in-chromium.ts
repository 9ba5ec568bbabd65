import { describe } from 'vitest';
import { CHROMIUM } from './browser-process.ts';

/**
 * Tests that need a Chromium. Skipped where none starts: `vitest.config.ts` says so in one loud line, and throws on CI.
 */
export const describeInChromium: ReturnType<typeof describe.skipIf> = describe.skipIf(CHROMIUM === undefined);
