import { restock, sale, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../../testing/test/browser/describe-in-chromium.ts';
import { freePort } from '../../testing/test/postgres/free-port.ts';
import { enter, startBrowser, type Visit, visit, waitForBalance } from './console-browser.ts';
import { BLIND_TOKEN, type ServedConsole, serveConsole, TOKEN } from './serve-console.ts';

const MUG = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '78194842-5f0f-11ec-bf63-0242ac130002' };
const CUP = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '7c6be742-5f0f-11ec-bf63-0242ac130002' };

let browser: Browser;
let server: ServedConsole;
let visits: Visit[] = [];

/** Holds an expectation as soon as it holds. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** Opens the console, for somebody who has not been there. */
async function open(path = '/console', options = {}): Promise<Visit> {
  const opened = await visit(browser, `${server.origin}${path}`, options);
  visits.push(opened);
  return opened;
}

/** A server whose ledger has two records: twelve mugs came, and three were sold. */
async function serveMugs(): Promise<void> {
  server = await serveConsole();
  const record = (rest: object) =>
    server.ledger.execute({ kind: 'RecordMovements', id: server.ledger.newId(), ...rest });
  await record({ tracking: [startTracking(MUG.productId)], lines: [restock('STORE', MUG, 12)] });
  await record({ lines: [sale('STORE', MUG, 3)] });
}

describeInChromium('the console in Chromium', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const { context } of visits) await context.close();
    await server.close();
    expect(visits.flatMap(({ complaints }) => complaints)).toEqual([]);
    const elsewhere = visits.flatMap(({ addresses }) => addresses).filter(url => !url.startsWith(server.origin));
    expect(elsewhere).toEqual([]);
    visits = [];
  });

  it('shows the balances, a movement as it arrives, and what was there before it', async () => {
    await serveMugs();
    const { page } = await open();
    await enter(page);
    await waitForBalance(page, MUG.variantId, 'STORE', '9');
    await waitForBalance(page, MUG.variantId, 'SOLD', '3');

    const { STORE, SOLD } = server.ledger.systemLocations;
    const answer = await fetch(`${server.origin}/organizations/self/inventory`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        changes: [
          {
            productUuid: MUG.productId,
            variantUuid: MUG.variantId,
            fromLocationUuid: STORE,
            toLocationUuid: SOLD,
            change: 5,
          },
        ],
      }),
    });
    expect(answer.status).toBe(200);
    const journal = page.getByRole('region', { name: 'Journal' });
    await journal
      .getByRole('listitem')
      .first()
      .filter({ hasText: /^#?3.*5 of 78194842/ })
      .waitFor();
    await waitForBalance(page, MUG.variantId, 'STORE', '4');
    await page.getByText('4 on hand at STORE, as of record 3').waitFor();

    await page.getByRole('slider').fill('1');
    await page.getByText('As of record 1', { exact: true }).waitFor();
    await waitForBalance(page, MUG.variantId, 'STORE', '12');
    await page.getByText('12 on hand at STORE, as of record 1').waitFor();
    expect(await journal.getByRole('listitem').count()).toBe(1);

    await page.getByRole('button', { name: 'Now' }).click();
    await waitForBalance(page, MUG.variantId, 'STORE', '4');
  });

  it('goes through time by the keyboard, and a reload stays there', async () => {
    await serveMugs();
    const { page } = await open();
    await enter(page);
    await page.getByRole('slider').press('ArrowLeft');
    await waitForBalance(page, MUG.variantId, 'STORE', '12');
    await page.reload();
    await page.getByText('As of record 1', { exact: true }).waitFor();
    await waitForBalance(page, MUG.variantId, 'STORE', '12');
    await page.getByRole('slider').press('ArrowRight');
    await waitForBalance(page, MUG.variantId, 'STORE', '9');
  });

  it('asks for a token in words until it is given one that may read, and forgets it when told to', async () => {
    await serveMugs();
    const { page, context } = await open();
    await enter(page, 'nobody-knows-this-one');
    await page.getByRole('alert').filter({ hasText: 'The server does not know this token.' }).waitFor();
    await enter(page, BLIND_TOKEN);
    await page
      .getByRole('alert')
      .filter({ hasText: 'This token may not read. Give it the scope READ:PRODUCT' })
      .waitFor();
    await enter(page, 'no token at all');
    await page.getByRole('alert').filter({ hasText: 'That is no access token.' }).waitFor();
    await enter(page);
    await waitForBalance(page, MUG.variantId, 'STORE', '9');
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
    await page.reload();
    await waitForBalance(page, MUG.variantId, 'STORE', '9');

    const other = await context.newPage();
    await other.goto(`${server.origin}/console`);
    await other.getByLabel('Access token').waitFor();

    await page.getByRole('button', { name: 'Forget token' }).click();
    await page.getByLabel('Access token').waitFor();
    await page.reload();
    await page.getByLabel('Access token').waitFor();
  });

  it('takes the token that an address brings out of it', async () => {
    await serveMugs();
    const { page } = await open(`/console#token=${TOKEN}&asOf=1`);
    await waitForBalance(page, MUG.variantId, 'STORE', '12');
    expect(page.url()).toBe(`${server.origin}/console#asOf=1`);
  });

  it('shows an empty ledger how it begins, and then what begins it', async () => {
    server = await serveConsole();
    const { page } = await open();
    await enter(page);
    await page.getByText('Nothing is recorded yet').waitFor();
    const request = await page.locator('pre').textContent();
    const [, body = ''] = /-d '(.*)'/s.exec(request ?? '') ?? [];
    expect(request).toContain(`curl ${server.origin}/organizations/self/v2/inventory/bulk`);
    const answer = await fetch(`${server.origin}/organizations/self/v2/inventory/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
    await waitForBalance(page, MUG.variantId, 'STORE', '12');
  });

  it('says that the server is gone, and is live again when it is back', async () => {
    const store = createMemoryStore();
    server = await serveConsole({ store, isStocked: true, port: await freePort() });
    const { page } = await open();
    await enter(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Balances by variant and location' }).waitFor();
    await server.close();
    await page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).first().waitFor();
    await page.getByText('Not connected').waitFor();

    server = await serveConsole({ store, port: Number(new URL(server.origin).port) });
    await page.getByText('Live', { exact: true }).waitFor();
    await eventually(() => page.getByRole('alert').count()).toBe(0);
    const [id, tracking] = [server.ledger.newId(), [startTracking(MUG.productId)]];
    await server.ledger.execute({ kind: 'RecordMovements', id, tracking, lines: [restock('STORE', MUG, 2)] });
    await page.getByRole('region', { name: 'Journal' }).getByText('2 of 78194842').waitFor();
  });

  it('finds a variant by the beginning of its id, and all those of a product', async () => {
    server = await serveConsole({ isStocked: true });
    const lines = [restock('STORE', MUG, 12), restock('STORE', CUP, 7)];
    const tracking = [startTracking(MUG.productId)];
    await server.ledger.execute({ kind: 'RecordMovements', id: server.ledger.newId(), tracking, lines });
    const { page } = await open();
    await enter(page);
    const rows = page.getByRole('region', { name: 'Balances by variant and location' }).getByRole('rowheader');
    const find = page.getByRole('searchbox');
    await find.fill('7819');
    await eventually(() => rows.allTextContents()).toEqual(['78194842']);
    await rows.getByRole('link').click();
    await page.getByText(MUG.variantId).waitFor();
    await find.fill(`${MUG.productId.slice(0, -1)}2`);
    await eventually(async () => (await rows.allTextContents()).includes('7c6be742')).toBe(true);
    await find.fill('mug');
    await page.getByText('An id begins with digits').waitFor();
    await find.fill('00');
    await page.getByText('No variant begins with 00.').waitFor();
  });

  it('leafs through variants and records, and shows every one once', async () => {
    server = await serveConsole({ isStocked: true });
    const { page } = await open();
    await enter(page);
    const balances = page.getByRole('region', { name: 'Balances', exact: true });
    const rows = balances.getByRole('rowheader');
    await eventually(() => rows.count()).toBe(10);
    const first = await rows.allTextContents();
    await balances.getByRole('button', { name: 'Next' }).click();
    await eventually(() => rows.count()).toBe(2);
    const ids = [...first, ...(await rows.allTextContents())];
    expect(new Set(ids).size).toBe(12);
    expect([...ids].sort()).toEqual(ids);
    await balances.getByRole('button', { name: 'Previous' }).click();
    await eventually(() => rows.allTextContents()).toEqual(first);

    const journal = page.getByRole('region', { name: 'Journal' });
    const { asOf } = (await server.ledger.journal({ limit: 1 }))._unsafeUnwrap();
    await journal.getByText(`Records ${asOf - 9} to ${asOf}`).waitFor();
    await journal.getByRole('button', { name: 'Older' }).click();
    await journal.getByText(`Records ${asOf - 19} to ${asOf - 10}`).waitFor();
  });

  it('goes to the moment of a record, of a place in the chart, and of a date', async () => {
    server = await serveConsole({ isStocked: true });
    const { page } = await open();
    await enter(page);
    await page.getByTitle('Show everything as of record 190').click();
    await page.getByText('As of record 190', { exact: true }).waitFor();

    await page.getByRole('img', { name: /^Stock at STORE/ }).click({ position: { x: 60, y: 100 } });
    const label = page.getByRole('region', { name: 'Time' }).locator('strong');
    await eventually(() => label.textContent()).toMatch(/^As of record \d{1,2}$/);

    const [record] = (await server.ledger.journal({ after: 99, limit: 1 }))._unsafeUnwrap().items;
    const at = new Date(record?.recordedAt ?? 0);
    const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    await page.getByLabel('Go to a date and time').fill(local);
    await page.getByText('As of record 100', { exact: true }).waitFor();
  });

  it('shows in numbers what flowed from where to where', async () => {
    await serveMugs();
    const { page } = await open();
    await enter(page);
    const flows = page.getByRole('region', { name: 'Flows' });
    await flows.getByText('In numbers').click();
    await eventually(() => flows.getByRole('row').allTextContents()).toEqual([
      'FromToQuantityLines',
      'SUPPLIERSTORE121',
      'STORESOLD31',
    ]);
    await eventually(() => flows.locator('svg text').allTextContents()).toEqual([
      'SUPPLIER 12',
      'STORE 3',
      'STORE 12',
      'SOLD 3',
    ]);
    await flows.getByRole('combobox', { name: 'in' }).selectOption('this record');
    await eventually(() => flows.getByRole('row').count()).toBe(2);
  });

  it('reads no more of a long journal than it shows', async () => {
    server = await serveConsole();
    const { ledger } = server;
    const tracking = [startTracking(MUG.productId)];
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines: [restock('STORE', MUG, 9)] });
    for (let batch = 0; batch < 20; batch++)
      await ledger.executeAll(
        Array.from({ length: 250 }, () => ({
          kind: 'RecordMovements' as const,
          id: ledger.newId(),
          lines: [restock('STORE', CUP, 1)],
        })),
      );
    const { page } = await open();
    await enter(page);
    await page.getByText(/^Drawn from \d+ points of 5,001 records/).waitFor();
    await page.getByText('1,000 records up to record 5,001').waitFor();
    await page.getByText('9 on hand at STORE').waitFor();
    const records = server.asked.filter(({ kind }) => kind === 'journal').reduce((sum, { items }) => sum + items, 0);
    expect(records).toBeGreaterThanOrEqual(1_000);
    expect(records).toBeLessThan(1_020);
    expect(server.asked.length).toBeLessThan(150);
  });

  it('shows one view at a time on a phone, and never scrolls sideways', async () => {
    server = await serveConsole({ isStocked: true });
    const { page } = await open('/console', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await enter(page);
    for (const name of ['Stock', 'Journal', 'Flows', 'Balances']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).tap();
      await page.getByRole('heading', { name: new RegExp(`^${name}`), level: 2 }).waitFor();
      expect(await page.getByRole('heading', { level: 2 }).count()).toBe(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    }
  });
});
