import { fileURLToPath } from 'node:url';
import type { IndexedDbStore } from '@stockfold/store-indexeddb';
import { afterEach, expect, it } from 'vitest';
import { killBrowsers, startBrowser } from '../../testing/test/browser/browser-process.ts';
import { bundle } from '../../testing/test/browser/bundle.ts';
import { describeInChromium } from '../../testing/test/browser/describe-in-chromium.ts';
import { openSite } from '../../testing/test/browser/site.ts';
import { registerSuites } from './suites.ts';
import { temporaryProfile } from './till-site.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
const MINUTES = 60_000;

/** What a page tells: each violation as it is heard of, and at the end what became of each test. */
type Told = { readonly violations: string[]; outcomes: Readonly<Record<string, string | null>> | null };

afterEach(killBrowsers);

/** Opens a page that may do next to nothing, and waits until it has told enough. */
async function onStrictPage(path: '/' | '/break', isEnough: (told: Told) => boolean): Promise<Told> {
  const entry = (file: string) => fileURLToPath(new URL(`./pages/${file}`, import.meta.url));
  const scripts = { '/page.js': await bundle(entry('suite-page.ts')), '/worker.js': await bundle(entry('worker.ts')) };
  const told: Told = { violations: [], outcomes: null };
  let hear = () => {};
  const enough = new Promise<void>(resolve => {
    hear = () => isEnough(told) && resolve();
  });
  const onPost = (to: string, body: unknown) => {
    if (to === '/violation') told.violations.push(String(body));
    else told.outcomes = body as Told['outcomes'];
    hear();
  };
  const site = await openSite({ scripts, headers: { 'Content-Security-Policy': POLICY }, onPost });
  const profile = temporaryProfile();
  try {
    const browser = await startBrowser(profile.path);
    const page = await browser.context.newPage();
    await page.goto(`${site.origin}${path}`);
    await enough;
    return told;
  } finally {
    await killBrowsers();
    await site.close();
    profile.remove();
  }
}

/** The tests that are to run, as they are registered here; none of them opens a store. */
function expectedTests(): readonly string[] {
  const open = (): IndexedDbStore => {
    throw new Error('only registered');
  };
  return registerSuites({ plain: open, journaled: open }).map(({ name }) => name);
}

describeInChromium(`a page under ${POLICY}`, () => {
  it(
    'passes the suites of stores, with a journal and without, and of ledgers, and never violates the policy',
    async () => {
      const { violations, outcomes } = await onStrictPage('/', told => told.outcomes !== null);
      expect(Object.entries(outcomes ?? {}).filter(([, error]) => error !== null)).toEqual([]);
      expect(Object.keys(outcomes ?? {})).toEqual(expectedTests());
      expect(expectedTests().length).toBeGreaterThan(250);
      expect(violations).toEqual([]);
      console.info(`${expectedTests().length} tests under the policy: ${violations.length} violations`);
    },
    10 * MINUTES,
  );

  it('is heard of when it violates the policy, by itself or in a worker', async () => {
    const { violations } = await onStrictPage('/break', told => told.violations.length === 2);
    const evaluated = 'require-trusted-types-for: trusted-types-sink';
    expect([...violations].sort()).toEqual([`in a worker: ${evaluated}`, evaluated]);
  });
});
