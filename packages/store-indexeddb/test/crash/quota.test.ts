import { spawnSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { killBrowsers, startBrowser } from '../../../testing/test/browser/browser-process.ts';
import { describeInChromium } from '../../../testing/test/browser/describe-in-chromium.ts';
import { needs } from '../../../testing/test/needs.ts';
import { ask, openTill, openTillSite, temporaryProfile } from '../till-site.ts';

const MEGABYTES = 40;

/** A disk of so many megabytes on a directory; false where this user may not mount one. */
function mountDisk(path: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', path]).status === 0;
}

function unmountDisk(path: string): void {
  spawnSync('umount', ['--lazy', path]);
}

const probe = temporaryProfile();
const CAN_MOUNT = mountDisk(probe.path);
if (CAN_MOUNT) unmountDisk(probe.path);
probe.remove();

afterEach(killBrowsers);

describeInChromium('a disk that is full', () => {
  it.each([true, false])(
    'refuses commands, keeps what was acknowledged, and is read as before (with a journal: %s)',
    // By root alone.
    { ...needs(!CAN_MOUNT && 'this user may not mount a small disk'), timeout: 180_000 },
    async isJournaled => {
      const site = await openTillSite();
      const profile = temporaryProfile();
      try {
        mountDisk(profile.path);
        const browser = await startBrowser(profile.path);
        const page = await openTill(browser.context, site);
        await ask(page, 'open', { name: 'till', isJournaled });
        expect(await ask(page, 'fill', 5)).toMatchObject({ last: { sequence: 5 }, error: null });
        await ask(page, 'ballast');
        const { last, error } = await ask(page, 'fill', 4_000);
        expect(error).toBe('StoreFull');
        const records = await ask(page, 'journal');
        expect(records).toHaveLength(last?.sequence ?? 5);
        if (last !== null) expect(records.at(-1)?.commandId).toBe(last.commandId);
        expect((await ask(page, 'verify')).breaches).toEqual([]);
        await browser.close();

        const again = await startBrowser(profile.path);
        const tab = await openTill(again.context, site);
        expect(await ask(tab, 'open', { name: 'till', isJournaled })).toEqual([]);
        expect(await ask(tab, 'journal')).toEqual(records);
        await again.close();
      } finally {
        await killBrowsers();
        await site.close();
        unmountDisk(profile.path);
        profile.remove();
      }
    },
  );
});
