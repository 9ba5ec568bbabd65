import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { CHROMIUM } from '../../../packages/testing/test/browser/browser-process.ts';
import { CHROMIUM_ARGS } from '../../../packages/testing/test/browser/find-chromium.ts';

/** A browser with a profile of its own, and what its pages and workers complained about. */
export type TillBrowser = Readonly<{
  context: BrowserContext;
  /** Every breach of the content security policy. */
  violations: string[];
  /** Ends the browser and starts it again on the same profile. */
  restart: () => Promise<TillBrowser>;
  /** Ends the browser, and takes its profile away. */
  end: () => Promise<void>;
}>;

/** Starts Chromium as a phone. */
export async function startTillBrowser(profile: string = temporaryProfile()): Promise<TillBrowser> {
  if (CHROMIUM === undefined) throw new Error('no browser starts here');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM.path,
    env: { ...process.env, ...CHROMIUM.env },
    args: [...CHROMIUM_ARGS],
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: 'en-GB',
  });
  context.setDefaultTimeout(20_000);
  const violations: string[] = [];
  await context.exposeFunction('tellViolation', (text: string) => violations.push(text));
  await context.addInitScript(() => {
    const { tellViolation } = globalThis as unknown as { tellViolation: (text: string) => void };
    addEventListener('securitypolicyviolation', event =>
      tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
    );
  });
  // A worker's breaches are told on its console alone.
  context.on('serviceworker', worker =>
    worker.on('console', message => {
      if (/content security policy/i.test(message.text())) violations.push(message.text());
    }),
  );
  return {
    context,
    violations,
    restart: async () => {
      await context.close();
      return startTillBrowser(profile);
    },
    end: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Opens the till in a tab of its own. */
export async function openTab({ context }: TillBrowser, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/** Opens the till for the first time, with its sample week, and waits until it could do without a network. */
export async function openSampleShop(browser: TillBrowser, origin: string): Promise<Page> {
  const page = await openTab(browser, origin);
  await page.getByRole('button', { name: 'Start with a sample week' }).tap();
  await page.getByText('Ready for offline').waitFor();
  await tile(page, 'Beans').getByText(/left$/).waitFor();
  return page;
}

/** The tile of a product, by its name. */
export function tile(page: Page, name: string) {
  return page.getByRole('list', { name: 'Products' }).getByRole('listitem').filter({ hasText: name });
}

/** Puts some of a product on the ticket. */
export async function choose(page: Page, name: string, count: number): Promise<void> {
  for (let tap = 0; tap < count; tap++) await tile(page, name).getByRole('button').first().tap();
}

/** How many the tile says are left. */
export async function leftOf(page: Page, name: string): Promise<number> {
  const text = (await tile(page, name).getByText(/left$/).textContent()) ?? '';
  return text === 'None left' ? 0 : Number.parseInt(text, 10);
}

/** Waits until the tile says that so many are left. */
export function waitForLeft(page: Page, name: string, count: number): Promise<void> {
  return tile(page, name)
    .getByText(count === 0 ? 'None left' : `${count} left`, { exact: true })
    .waitFor();
}

function temporaryProfile(): string {
  return mkdtempSync(join(tmpdir(), 'stockfold-till-'));
}
