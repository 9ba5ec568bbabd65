import { randomUUID } from 'node:crypto';
import { checkHistory } from '@stockfold/testing';
import type { Page } from 'playwright';
import { afterEach, expect, it } from 'vitest';
import { type BrowserProcess, killBrowsers, startBrowser } from '../../testing/test/browser/browser-process.ts';
import { describeInChromium } from '../../testing/test/browser/describe-in-chromium.ts';
import { ask, openTill, openTillSite, type TillSite, temporaryProfile } from './till-site.ts';

const TABS = 4;
const SALES = 1_000;
const STOCK = 3_000;
const MINUTES = 60_000;

const idsOf = (count: number) => Array.from({ length: count }, () => randomUUID());

afterEach(killBrowsers);

/** Four tabs on one ledger with so many mugs, and a floor of 0. */
async function onTabs(
  isJournaled: boolean,
  body: (tabs: readonly Page[], site: TillSite, browser: BrowserProcess) => Promise<void>,
): Promise<void> {
  const site = await openTillSite();
  const profile = temporaryProfile();
  try {
    const browser = await startBrowser(profile.path);
    const tabs = await Promise.all(Array.from({ length: TABS }, () => openTill(browser.context, site)));
    for (const tab of tabs) await ask(tab, 'open', { name: 'till', isJournaled });
    await ask(tabs[0] as Page, 'restock', randomUUID(), STOCK);
    await body(tabs, site, browser);
    await browser.close();
  } finally {
    await killBrowsers();
    await site.close();
    profile.remove();
  }
}

/** The stock is sold to the last piece, each sale stands where its receipt says, and nothing else is wrong. */
async function assertSoldOut(tab: Page, site: TillSite): Promise<void> {
  const records = await ask(tab, 'journal');
  expect(records).toHaveLength(1 + STOCK);
  expect(await ask(tab, 'onHand')).toBe(0);
  expect(checkHistory(records, site.calls)).toEqual([]);
  expect((await ask(tab, 'verify')).breaches).toEqual([]);
}

describeInChromium('four tabs without a journal', () => sharedBy(false));
describeInChromium('four tabs with a journal', () => sharedBy(true));

function sharedBy(isJournaled: boolean): void {
  it(
    `that want to sell ${SALES} each of ${STOCK} mugs sell every mug, and none twice`,
    () =>
      onTabs(isJournaled, async (tabs, site) => {
        const sold = await Promise.all(tabs.map(tab => ask(tab, 'sell', idsOf(SALES), 25)));
        const sum = (kind: string) => sold.reduce((total, kinds) => total + (kinds[kind] ?? 0), 0);
        expect([sum('recorded'), sum('short')]).toEqual([STOCK, TABS * SALES - STOCK]);
        await assertSoldOut(tabs[0] as Page, site);
      }),
    2 * MINUTES,
  );

  it(
    'half of which are closed in the middle of their sales lose none that was acknowledged',
    () =>
      onTabs(isJournaled, async (tabs, site, { context }) => {
        const ids = tabs.map(() => idsOf(SALES));
        const many = new Promise<void>(resolve => {
          site.onCall(() => {
            if (site.calls.length >= SALES) resolve();
          });
        });
        const sentAt = performance.timeOrigin + performance.now();
        const [first, second, ...closed] = tabs.map((tab, index) => ask(tab, 'sell', ids[index] ?? [], 25));
        for (const sales of closed) sales.catch(() => undefined);
        await many;
        await Promise.all(tabs.slice(2).map(tab => tab.close()));
        await Promise.all([first, second]);
        // Nobody knows what became of what the closed tabs had sent last.
        for (const commandId of ids.slice(2).flat())
          site.calls.push({
            kind: 'execute',
            commandId,
            lines: [],
            sentAt,
            answeredAt: Infinity,
            answer: { kind: 'unknown' },
          });
        // A new tab sends again what the closed ones were to send: what was recorded is not recorded twice.
        const again = await openTill(context, site);
        await ask(again, 'open', { name: 'till', isJournaled });
        await ask(again, 'sell', ids.slice(2).flat(), 25);
        await assertSoldOut(again, site);
      }),
    2 * MINUTES,
  );
}
