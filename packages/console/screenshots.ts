import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { CHROMIUM_ARGS, findChromium } from '../testing/test/browser/find-chromium.ts';
import { serveConsole, TOKEN } from './test/serve-console.ts';

// `pnpm console:screenshots`: the console on a phone and a desk, by day and by night, in docs/images.
// `pnpm console:screenshots --all` takes every scene. The system's font decides how they look: Inter where it is installed.

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const KEPT = ['phone-balances', 'phone-stock', 'desk-past'];
const isWanted = (scene: string) => process.argv.includes('--all') || KEPT.includes(scene);

const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1360, height: 1010 }, deviceScaleFactor: 1.25 },
} satisfies Record<string, BrowserContextOptions>;

/** What is done before each picture. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  balances: async () => undefined,
  stock: page => page.evaluate(() => location.assign('#view=stock')),
  journal: page => page.evaluate(() => location.assign('#view=journal')),
  flows: page => page.evaluate(() => location.assign('#view=flows')),
  past: async page => {
    await page.evaluate(() => location.assign('#'));
    await page.getByRole('slider').fill('90');
    await page.getByText('As of record 90', { exact: true }).waitFor();
  },
};

const found = await findChromium();
if (found === null) throw new Error('no browser starts here');
const browser = await chromium.launch({
  executablePath: found.path,
  args: [...CHROMIUM_ARGS],
  env: { ...process.env, ...found.env },
});
mkdirSync(IMAGES, { recursive: true });
const { origin, close } = await serveConsole({ isStocked: true });
for (const [screen, options] of Object.entries(SCREENS))
  for (const colorScheme of ['light', 'dark'] as const)
    await takeAll(browser, { ...options, colorScheme, baseURL: origin }, `${screen}-${colorScheme}`);
await browser.close();
await close();

async function takeAll(from: Browser, options: BrowserContextOptions, name: string): Promise<void> {
  const context = await from.newContext({ ...options, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const take = async (scene: string) => {
    // Everything that is under way has been read, and drawn.
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(200);
    if (isWanted(`${name.split('-')[0]}-${scene}`))
      await page.screenshot({ path: `${IMAGES}console-${scene}-${name}.png` });
  };
  await page.goto('/console');
  await page.getByLabel('Access token').waitFor();
  await take('welcome');
  await page.getByLabel('Access token').fill(TOKEN);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.locator('.panel').first().waitFor({ state: 'attached' });
  for (const [scene, play] of Object.entries(SCENES)) {
    await play(page);
    await take(scene);
  }
  await context.close();
}
