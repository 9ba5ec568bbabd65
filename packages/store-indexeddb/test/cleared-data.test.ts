import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { killBrowsers, startBrowser } from '../../testing/test/browser/browser-process.ts';
import { describeInChromium } from '../../testing/test/browser/describe-in-chromium.ts';
import { ask, openTill, openTillSite, temporaryProfile } from './till-site.ts';

afterEach(killBrowsers);

describeInChromium('a till whose database the browser clears while it is open', () => {
  it.each([true, false])('says so and sells on (with a journal: %s)', async isJournaled => {
    const site = await openTillSite();
    const profile = temporaryProfile();
    try {
      const browser = await startBrowser(profile.path);
      const page = await openTill(browser.context, site);
      await ask(page, 'open', { name: 'till', isJournaled });
      await ask(page, 'restock', randomUUID(), 20);
      await ask(page, 'sell', [randomUUID(), randomUUID()], 1);
      const session = await browser.context.newCDPSession(page);
      await session.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'indexeddb' });
      // Whatever the next call is told, the one after it finds a database.
      await ask(page, 'tryToRead');
      await ask(page, 'restock', randomUUID(), 5);
      expect(await ask(page, 'losses')).toEqual([{ incarnation: expect.any(String), rebuilt: isJournaled ? 3 : null }]);
      expect(await ask(page, 'onHand')).toBe(isJournaled ? 23 : 5);
      expect((await ask(page, 'verify')).breaches).toEqual([]);
      await browser.close();
    } finally {
      await killBrowsers();
      await site.close();
      profile.remove();
    }
  });
});
