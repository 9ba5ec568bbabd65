import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { CHROMIUM_ARGS, findChromium } from '../../packages/testing/test/browser/find-chromium.ts';
import { makeIcons } from './make-icons.ts';
import { serveTill } from './test/serve-till.ts';

// `pnpm till:screenshots`: the icons, and the till on a phone and a tablet, by day and by night, in docs/images.
// `pnpm till:screenshots --all` takes every scene. The system's font decides how they look: Inter where it is installed.

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const KEPT = ['sell', 'variant'];
const isWanted = (scene: string) => process.argv.includes('--all') || KEPT.includes(scene);

const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1080, height: 810 }, deviceScaleFactor: 1.5, hasTouch: true },
} satisfies Record<string, BrowserContextOptions>;

/** What is done before each picture. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  sell: async page => {
    for (const name of ['Beans', 'Beans', 'Chocolate', 'Tote bag']) await tap(page, name);
  },
  sold: async page => {
    await page.getByRole('button', { name: /^Sell \d/ }).tap();
    await page.getByText(/^Sold Beans/).waitFor();
  },
  short: async page => {
    for (let count = 0; count < 3; count++) await tap(page, 'Tote bag');
    await tap(page, 'Candle');
    await page.getByRole('button', { name: /^Sell \d/ }).tap();
    await page.getByRole('alert').waitFor();
  },
  stock: async page => page.goto('/#stock'),
  variant: async page => {
    await page.getByRole('link', { name: /^Beans/ }).tap();
    await page.getByLabel('How many are there?').fill('22');
    await page.locator('.chart-line').waitFor();
  },
  history: async page => {
    await page.goto('/#history');
    await page.getByRole('button', { name: 'Undo record' }).first().tap();
    await page.getByText('undone', { exact: true }).waitFor();
  },
  api: async page => {
    await page.goto('/#api');
    await page.getByRole('button', { name: 'Send' }).tap();
    await page.getByText('200 from').waitFor();
  },
};

const found = await findChromium();
if (found === null) throw new Error('no browser starts here');
const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS], env: found.env });
mkdirSync(IMAGES, { recursive: true });
await makeIcons(browser);
const { origin, close } = await serveTill();
for (const [screen, options] of Object.entries(SCREENS))
  for (const colorScheme of ['light', 'dark'] as const)
    await takeAll(browser, { ...options, colorScheme, baseURL: origin }, `${screen}-${colorScheme}`);
await browser.close();
await close();

async function takeAll(from: Browser, options: BrowserContextOptions, name: string): Promise<void> {
  const context = await from.newContext({ ...options, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const take = async (scene: string) => {
    if (isWanted(scene)) await page.screenshot({ path: `${IMAGES}till-${scene}-${name}.png` });
  };
  await page.goto('/');
  const start = page.getByRole('button', { name: 'Start with a sample week' });
  await start.waitFor();
  await page.getByText('Ready for offline').waitFor();
  await take('welcome');
  await start.tap();
  await page.getByRole('list', { name: 'Products' }).waitFor();
  await page
    .getByText(/^\d+ left$/)
    .first()
    .waitFor();
  for (const [scene, play] of Object.entries(SCENES)) {
    await play(page);
    await take(scene);
  }
  await context.close();
}

function tap(page: Page, name: string): Promise<void> {
  return page.getByRole('list', { name: 'Products' }).getByRole('button', { name }).first().tap();
}
