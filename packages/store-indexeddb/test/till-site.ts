import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Call } from '@stockfold/testing';
import type { BrowserContext, Page } from 'playwright';
import { bundle } from '../../testing/test/browser/bundle.ts';
import { openSite, type Site } from '../../testing/test/browser/site.ts';
import type { Till } from './pages/till-page.ts';

/** A site with the till on it, and what its pages were told. */
export type TillSite = Site & Readonly<{ calls: Call[]; onCall: (listener: () => void) => void }>;

/** Opens the site of the till. */
export async function openTillSite(headers: Readonly<Record<string, string>> = {}): Promise<TillSite> {
  const entry = (path: string) => fileURLToPath(new URL(`./pages/${path}`, import.meta.url));
  const scripts = { '/page.js': await bundle(entry('till-page.ts')), '/worker.js': await bundle(entry('worker.ts')) };
  const calls: Call[] = [];
  let told = () => {};
  const site = await openSite({
    scripts,
    headers,
    onPost: (_, batch) => {
      calls.push(...(batch as Call[]));
      told();
    },
  });
  return {
    ...site,
    calls,
    onCall: listener => {
      told = listener;
    },
  };
}

/** A page with the till. */
export async function openTill(context: BrowserContext, { origin }: Site): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => 'till' in globalThis);
  return page;
}

/** Has a till do something, in its page. */
export function ask<K extends keyof Till>(
  page: Page,
  call: K,
  ...args: Parameters<Till[K]>
): Promise<Awaited<ReturnType<Till[K]>>> {
  return page.evaluate(
    ([name, given]) =>
      (globalThis as unknown as { till: Record<string, (...given: unknown[]) => never> }).till[name]?.(
        ...given,
      ) as never,
    [call, args] as [string, unknown[]],
  );
}

/** A directory for a profile, and what takes it away. */
export function temporaryProfile(): Readonly<{ path: string; remove: () => void }> {
  const path = mkdtempSync(join(tmpdir(), 'stockfold-profile-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
