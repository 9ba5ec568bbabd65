import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { killBrowsers, startBrowser } from '../../testing/test/browser/browser-process.ts';
import { describeInChromium } from '../../testing/test/browser/describe-in-chromium.ts';
import { ask, openTill, openTillSite, temporaryProfile } from './till-site.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

afterEach(killBrowsers);

describeInChromium('a page that allows next to nothing', () => {
  it.each([true, false])('runs a ledger without a violation (with a journal: %s)', async isJournaled => {
    const site = await openTillSite({ 'Content-Security-Policy': POLICY });
    const profile = temporaryProfile();
    try {
      const browser = await startBrowser(profile.path);
      const violations: string[] = [];
      browser.context.on('console', message => violations.push(message.text()));
      browser.context.on('weberror', error => violations.push(error.error().message));
      const page = await openTill(browser.context, site);
      // The policy is in force: what it forbids is refused, and heard of here.
      await page.evaluate(() => document.body.appendChild(document.createElement('img')).setAttribute('src', '/x.png'));
      await expect.poll(() => violations).toHaveLength(1);
      await ask(page, 'open', { name: 'till', isJournaled });
      await ask(page, 'restock', randomUUID(), 20);
      expect(
        await ask(
          page,
          'sell',
          Array.from({ length: 30 }, () => randomUUID()),
          5,
        ),
      ).toEqual({
        recorded: 20,
        short: 10,
      });
      expect((await ask(page, 'verify')).ok).toBe(true);
      await ask(page, 'close');
      expect(violations).toHaveLength(1);
      await browser.close();
    } finally {
      await site.close();
      profile.remove();
    }
  });
});
