import { describe } from 'vitest';
import { needs } from '../needs.ts';
import { CHROMIUM } from './browser-process.ts';

/** Tests that need a Chromium. Skipped where none starts, which `vitest.config.ts` says loudly; on CI it throws. */
export function describeInChromium(name: string, tests: () => void): void {
  describe(name, needs(CHROMIUM === undefined && 'no Chromium starts here'), tests);
}
