import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { CHROMIUM } from '../../testing/test/browser/browser-process.ts';
import { CHROMIUM_ARGS } from '../../testing/test/browser/find-chromium.ts';
import { TOKEN } from './serve-console.ts';

/** A tab of a browser that remembers nothing of another one, and what it was not allowed to do. */
export type Visit = Readonly<{
  page: Page;
  context: BrowserContext;
  /** Every address that it asked for. */
  addresses: string[];
  /** Every breach of the content security policy, and every error that nothing caught. */
  complaints: string[];
}>;

export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('no browser starts here');
  const env = { ...process.env, ...CHROMIUM.env } as Record<string, string>;
  return chromium.launch({ executablePath: CHROMIUM.path, args: [...CHROMIUM_ARGS], env });
}

/** Opens a page in a tab that remembers nothing. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1360, height: 900 }, ...options });
  context.setDefaultTimeout(20_000);
  const addresses: string[] = [];
  const complaints: string[] = [];
  context.on('request', request => addresses.push(request.url()));
  context.on('weberror', error => complaints.push(String(error.error())));
  await context.exposeFunction('complain', (text: string) => complaints.push(text));
  await context.addInitScript(() => {
    const { complain } = globalThis as unknown as { complain: (text: string) => void };
    addEventListener('securitypolicyviolation', event => complain(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  await page.goto(address);
  return { page, context, addresses, complaints };
}

/** Enters a token. */
export async function enter(page: Page, token: string = TOKEN): Promise<void> {
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', { name: 'Open the console' }).click();
}

/** Waits for the amount that the table says a location holds of a variant. */
export async function waitForBalance(page: Page, variantId: string, location: string, amount: string): Promise<void> {
  const table = page.getByRole('region', { name: 'Balances by variant and location' });
  await table.getByRole('columnheader', { name: location }).waitFor();
  const headings = await table.getByRole('columnheader').allTextContents();
  const row = table.getByRole('row').filter({ hasText: variantId.slice(0, 8) });
  await row
    .getByRole('cell')
    .nth(headings.indexOf(location) - 1)
    .filter({ hasText: new RegExp(`^${amount}$`) })
    .waitFor();
}
