import { randomInt, randomUUID } from 'node:crypto';
import { checkHistory } from '@stockfold/testing';
import { afterEach, expect, it } from 'vitest';
import { type BrowserProcess, killBrowsers, startBrowser } from '../../../testing/test/browser/browser-process.ts';
import { describeInChromium } from '../../../testing/test/browser/describe-in-chromium.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { ask, openTill, openTillSite, type TillSite, temporaryProfile } from '../till-site.ts';

const ROUNDS = rounds({ short: 2, long: 60 });

afterEach(killBrowsers);

// Where no browser starts, the configuration of the tests has said so in a line of its own.
describeInChromium('a browser that is killed while two tabs sell', () => {
  it(`${ROUNDS} times loses nothing that was acknowledged, and applies nothing twice`, async () => {
    const site = await openTillSite();
    const profile = temporaryProfile();
    let losses = 0;
    try {
      for (let round = 0; round < ROUNDS; round++) losses += await sellAndDie(site, profile.path, round === 0);
      const browser = await startBrowser(profile.path);
      losses += await look(browser, site);
      await browser.close();
    } finally {
      await site.close();
      profile.remove();
    }
    console.info(`${ROUNDS} kills: ${site.calls.length} acknowledged, ${losses} databases wiped and rebuilt`);
  });
});

/** One life of the browser, from its start to its kill after some acknowledged sales; gives the losses it has met. */
async function sellAndDie(site: TillSite, profile: string, isFirst: boolean): Promise<number> {
  const browser = await startBrowser(profile);
  const losses = await look(browser, site, isFirst);
  const pages = await Promise.all([openTill(browser.context, site), openTill(browser.context, site)]);
  const wanted = site.calls.length + randomInt(5, 80);
  const enough = new Promise<void>(resolve => {
    site.onCall(() => {
      if (site.calls.length >= wanted) resolve();
    });
  });
  for (const page of pages) {
    await ask(page, 'open', { name: 'till', isJournaled: true });
    const ids = Array.from({ length: 5_000 }, () => randomUUID());
    // It ends with the browser.
    void ask(page, 'sell', ids, randomInt(1, 9)).catch(() => undefined);
  }
  await enough;
  await browser.kill();
  return losses;
}

/** Holds everything that was ever acknowledged against the ledger as it is. */
async function look({ context }: BrowserProcess, site: TillSite, isFirst = false): Promise<number> {
  const page = await openTill(context, site);
  const losses = await ask(page, 'open', { name: 'till', isJournaled: true });
  if (isFirst) await ask(page, 'restock', randomUUID(), 1_000_000);
  const records = await ask(page, 'journal');
  expect(checkHistory(records, site.calls)).toEqual([]);
  expect((await ask(page, 'verify')).breaches).toEqual([]);
  await ask(page, 'close');
  await page.close();
  return losses.length;
}
