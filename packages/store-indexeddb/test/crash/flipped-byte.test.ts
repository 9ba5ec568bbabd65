import { randomUUID } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { checkHistory } from '@stockfold/testing';
import { afterEach, expect, it } from 'vitest';
import { killBrowsers, startBrowser } from '../../../testing/test/browser/browser-process.ts';
import { describeInChromium } from '../../../testing/test/browser/describe-in-chromium.ts';
import { ask, openTill, openTillSite, temporaryProfile } from '../till-site.ts';

afterEach(killBrowsers);

/** One byte in the middle of what the browser has written last for IndexedDB, as a failing disk would change it. */
function flipByte(profile: string): void {
  const [file] = globSync(`${profile}/Default/IndexedDB/*.leveldb/*.log`);
  if (file === undefined) throw new Error('the browser has no IndexedDB');
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}

describeInChromium('a database in which one byte was flipped', () => {
  it.each([true, false])('is emptied by the browser, and the store says so (with a journal: %s)', async isJournaled => {
    const site = await openTillSite();
    const profile = temporaryProfile();
    try {
      const first = await startBrowser(profile.path);
      const page = await openTill(first.context, site);
      expect(await ask(page, 'open', { name: 'till', isJournaled })).toEqual([]);
      await ask(page, 'restock', randomUUID(), 1_000);
      await ask(
        page,
        'sell',
        Array.from({ length: 50 }, () => randomUUID()),
        1,
      );
      await first.close();

      flipByte(profile.path);

      const again = await startBrowser(profile.path);
      const tab = await openTill(again.context, site);
      const losses = await ask(tab, 'open', { name: 'till', isJournaled });
      expect(losses).toEqual([{ incarnation: expect.any(String), rebuilt: isJournaled ? 51 : null }]);
      const records = await ask(tab, 'journal');
      expect(records).toHaveLength(isJournaled ? 51 : 0);
      if (isJournaled) expect(checkHistory(records, site.calls)).toEqual([]);
      expect((await ask(tab, 'verify')).breaches).toEqual([]);
      await again.close();
    } finally {
      await site.close();
      profile.remove();
    }
  });
});
