import type { Page } from 'playwright';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeInChromium } from '../../../packages/testing/test/browser/describe-in-chromium.ts';
import { CATALOGUE } from '../src/shop/catalogue.ts';
import { type ServedTill, serveTill } from './serve-till.ts';
import {
  choose,
  leftOf,
  openSampleShop,
  openTab,
  startTillBrowser,
  type TillBrowser,
  waitForLeft,
} from './till-browser.ts';

let server: ServedTill;
let browser: TillBrowser;

describeInChromium('the till in Chromium', () => {
  beforeEach(async () => {
    server = await serveTill();
    browser = await startTillBrowser();
  });
  afterEach(async () => {
    await browser.end();
    await server.close();
    expect(browser.violations).toEqual([]);
  });

  it('sells without a network and a server, and has the sale after a reload and a restart of the browser', async () => {
    const page = await openSampleShop(browser, server.origin);
    const before = await leftOf(page, 'Beans');
    await goOffline();
    await page.getByText('Offline, still selling').waitFor();
    await page.reload();
    expect(await page.evaluate(() => fetch('/not-kept').catch(() => 'no network'))).toBe('no network');
    await choose(page, 'Beans', 2);
    await page.getByRole('button', { name: 'Sell 2' }).tap();
    await page.getByText('Sold 2 × Beans').waitFor();
    await waitForLeft(page, 'Beans', before - 2);

    await page.reload();
    await waitForLeft(page, 'Beans', before - 2);

    browser = await browser.restart();
    await browser.context.setOffline(true);
    const later = await openTab(browser, server.origin);
    await waitForLeft(later, 'Beans', before - 2);
    await later.goto(`${server.origin}/#history`);
    await later.getByRole('button', { name: 'Check the books' }).tap();
    await later.getByText('and they add up').waitFor();
  });

  it('shows in every tab what another one sells and undoes', async () => {
    const first = await openSampleShop(browser, server.origin);
    const second = await openTab(browser, server.origin);
    const before = await leftOf(second, 'Chocolate');
    await choose(first, 'Chocolate', 3);
    await first.getByRole('button', { name: 'Sell 3' }).tap();
    await waitForLeft(second, 'Chocolate', before - 3);
    await second.goto(`${server.origin}/#history`);
    await second.getByRole('button', { name: 'Undo record' }).first().tap();
    await second.getByText('Sale undone').waitFor();
    await waitForLeft(first, 'Chocolate', before);
  });

  it('answers the mirrored PUT in the service worker without a network, and shows what it moved', async () => {
    const page = await openSampleShop(browser, server.origin);
    const api = await openTab(browser, `${server.origin}/#api`);
    const before = await leftOf(page, 'Ink');
    await goOffline();

    await api.getByRole('button', { name: 'Send' }).tap();
    await api.getByText('200 from the service worker').waitFor();
    expect(await api.locator('pre').textContent()).toContain(`"balance": ${before - 1}`);
    await waitForLeft(page, 'Ink', before - 1);

    await api
      .getByLabel('Body')
      .fill((await api.getByLabel('Body').inputValue()).replace(/"change": 1/, '"change": 999'));
    await api.getByRole('button', { name: 'Send' }).tap();
    await api.getByText('422 from the service worker').waitFor();
    expect(await api.locator('pre').textContent()).toContain('INSUFFICIENT_STOCK');
    await waitForLeft(page, 'Ink', before - 1);
  });

  it('answers nobody who was sent there by a link', async () => {
    const page = await openSampleShop(browser, server.origin);
    const answer = await page.goto(`${server.origin}/organizations/self/locations`);
    expect(answer?.fromServiceWorker()).toBe(true);
    expect(answer?.status()).toBe(401);
  });

  it('says what is missing when more is wanted than is there, and sells what is there', async () => {
    const page = await openSampleShop(browser, server.origin);
    const left = await leftOf(page, 'Tote bag');
    await choose(page, 'Tote bag', left + 2);
    await choose(page, 'Soap', 1);
    await page.getByRole('button', { name: `Sell ${left + 3}` }).tap();
    await page.getByText(`Tote bag, canvas: ${left + 2} wanted, ${left} there`).waitFor();
    await waitForLeft(page, 'Tote bag', left);

    await page.getByRole('button', { name: 'Take what is there' }).tap();
    await page.getByRole('button', { name: `Sell ${left + 1}` }).tap();
    await waitForLeft(page, 'Tote bag', 0);
    await page.getByRole('button', { name: 'Undo' }).tap();
    await waitForLeft(page, 'Tote bag', left);
  });

  it('refuses a count when something was sold since it was made', async () => {
    const counting = await openSampleShop(browser, server.origin);
    const selling = await openTab(browser, server.origin);
    const before = await leftOf(selling, 'Beans');
    await counting.goto(`${server.origin}/#stock`);
    await counting.getByRole('link', { name: /^Beans/ }).tap();
    await counting.getByLabel('How many are there?').fill(String(before - 5));
    await counting.getByText(`The books say ${before}: 5 missing.`).waitFor();
    await choose(selling, 'Beans', 1);
    await selling.getByRole('button', { name: 'Sell 1' }).tap();
    await counting
      .getByText(`${before - 1}`, { exact: true })
      .first()
      .waitFor();
    await counting.bringToFront();
    await counting.getByRole('button', { name: 'Count' }).tap();
    await counting.getByText(`it was ${before}, now it is ${before - 1}`).waitFor();

    await counting.getByLabel('How many are there?').fill(String(before - 6));
    await counting.getByRole('button', { name: 'Count' }).tap();
    await waitForLeft(selling, 'Beans', before - 6);
  });

  it('can be installed', async () => {
    const page = await openSampleShop(browser, server.origin);
    const session = await browser.context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
    const { errors, data } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { icons } = JSON.parse(data ?? '{}') as { icons: { src: string; type: string }[] };
    for (const { src, type } of icons) {
      const answer = await page.request.get(`${server.origin}${src}`);
      expect([answer.status(), answer.headers()['content-type']]).toEqual([200, type]);
    }
  });

  it('moves nothing on the page by itself, and has nothing to touch that is smaller than 44 pixels', async () => {
    await openSampleShop(browser, server.origin);
    const page = await browser.context.newPage();
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(server.origin);
    await leftOf(page, 'Beans');
    expect(await smallTargets(page)).toEqual([]);
    await choose(page, 'Tote bag', 5);
    expect(await smallTargets(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sell 5' }).tap();
    await page.getByText('Not enough on the shelf').waitFor();
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.001);
    for (const path of ['stock', `stock/${CATALOGUE[0]?.variantId}`, 'history', 'api']) {
      await page.goto(`${server.origin}/#${path}`);
      await page
        .locator(`.page-${path.split('/')[0]} :is(a, button):visible`)
        .first()
        .waitFor();
      expect([path, await smallTargets(page)]).toEqual([path, []]);
    }
  });

  it('lets the browser refuse what is not its own', async () => {
    const page = await openTab(browser, server.origin);
    await page.getByText('The shelves are empty').waitFor();
    const refused = await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.body.append(style);
      try {
        document.createElement('script').setAttribute('src', 'http://127.0.0.1:9/x.js');
        return null;
      } catch (error) {
        return String(error);
      }
    });
    expect(refused).toContain('TrustedScriptURL');
    await expect.poll(() => browser.violations.length).toBe(2);
    expect(browser.violations.join()).toMatch(/style-src.*require-trusted-types-for/);
    browser.violations.length = 0;
  });
});

/** No network for the browser, and nobody who would answer. */
async function goOffline(): Promise<void> {
  await server.close();
  await browser.context.setOffline(true);
}

/** What can be touched and is lower or narrower than a finger. */
function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('a, button, input:not([type=radio]), textarea, label:has(input)')]
      .map(element => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
      .map(({ element, box }) => `${element.textContent || element.className}: ${box.width} × ${box.height}`),
  );
}
