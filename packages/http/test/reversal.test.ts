import { storeFault } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { BOWL, MUG, openStockedWorld, SOLD, STORE, saleOf, type World } from './world.ts';

const INVENTORY = '/organizations/self/inventory';
const MOVEMENTS = '/organizations/self/movements';
const UNKNOWN = '0e1de3c8-77aa-41ec-90d6-0242ac120003';

/** Sells some mugs, and gives the id of the command. */
async function sell({ send, ledger }: World, change: number): Promise<string> {
  expect((await send('PUT', INVENTORY, { changes: [saleOf(MUG, change)] })).status).toBe(200);
  const { asOf } = (await ledger.journal({ limit: 1 }))._unsafeUnwrap();
  const { items } = (await ledger.journal({ after: asOf - 1 }))._unsafeUnwrap();
  return items[0]?.commandId ?? '';
}

const takeBack = ({ send }: World, command: string, body: object = {}, headers = {}) =>
  send('POST', `${MOVEMENTS}/${command}/reversal`, body, headers);

describe('a reversal over HTTP', () => {
  it('moves everything the other way, once, and says what it took back', async () => {
    const world = await openStockedWorld();
    const sold = await sell(world, 3);
    const { status, body } = await takeBack(world, sold, { provenance: { source: 'back office' } });
    expect([status, body]).toMatchObject([
      200,
      {
        sequence: 3,
        movements: [{ fromLocationUuid: SOLD, toLocationUuid: STORE, change: 3 }],
        provenance: { source: 'back office', causedBy: sold },
      },
    ]);
    const { commandUuid: reversedBy } = body as { commandUuid: string };
    expect(await takeBack(world, sold)).toMatchObject({
      status: 409,
      body: { errorType: 'ALREADY_REVERSED', reversedBy },
    });
    expect(await takeBack(world, reversedBy)).toMatchObject({ status: 422, body: { errorType: 'NOT_REVERSIBLE' } });
  });

  it('is answered again under its idempotency key', async () => {
    const world = await openStockedWorld();
    const sold = await sell(world, 3);
    const first = await takeBack(world, sold, {}, { 'idempotency-key': 'k1' });
    const again = await takeBack(world, sold, {}, { 'idempotency-key': 'k1' });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is refused where a floor would break, unless it is forced', async () => {
    const world = await openStockedWorld(undefined, { policy: { floors: { STORE: 0 } } });
    const first = (await world.ledger.journal())._unsafeUnwrap().items[0]?.commandId ?? '';
    await sell(world, 1);
    expect(await takeBack(world, first)).toMatchObject({
      status: 422,
      body: {
        errorType: 'INSUFFICIENT_STOCK',
        violations: [{ propertyName: 'commandUuid' }],
        shortages: [{ onHand: 237 }],
      },
    });
    const bad = await takeBack(world, first, { force: {} });
    expect(bad).toMatchObject({ status: 400, body: { violations: [{ propertyName: 'force.reason' }] } });
    const worse = await takeBack(world, first, { force: { reason: '\0' } });
    expect(worse).toMatchObject({ status: 400 });
    const { body } = await takeBack(world, first, { force: { reason: 'never delivered' } });
    expect(body).toMatchObject({ override: { floors: true, reason: 'never delivered' } });
  });

  it('is refused for what was never recorded, what is no id, and a time that is to come', async () => {
    const world = await openStockedWorld();
    const sold = await sell(world, 3);
    const at = (propertyName: string) => ({ violations: [{ propertyName }] });
    expect(await takeBack(world, UNKNOWN)).toMatchObject({ status: 404, body: at('commandUuid') });
    expect(await takeBack(world, 'x')).toMatchObject({ status: 400, body: at('commandUuid') });
    const late = { provenance: { occurredAt: '9999-01-01T00:00:00Z' } };
    expect(await takeBack(world, sold, late)).toMatchObject({ status: 422, body: at('provenance.occurredAt') });
  });

  it('that was done is not to be sent again when its record cannot be read', async () => {
    const store = createMemoryStore();
    let isBroken = false;
    const world = await openStockedWorld({
      ...store,
      journal: query => (isBroken ? errAsync(storeFault('StoreUnavailable', 'gone')) : store.journal(query)),
    });
    const sold = await sell(world, 3);
    isBroken = true;
    expect(await takeBack(world, sold)).toMatchObject({ status: 500, body: { errorType: 'BALANCES_UNREADABLE' } });
  });
});

describe('the past of one balance over HTTP', () => {
  const HISTORY = `/organizations/self/history/locations/${STORE}/variants/${MUG.variantId}`;
  const DIFF = '/organizations/self/diff';

  async function threeDays() {
    const world = await openStockedWorld();
    await sell(world, 3);
    await sell(world, 5);
    return world;
  }

  it('is a page of records, with what each did', async () => {
    const { send } = await threeDays();
    const { body } = await send('GET', `${HISTORY}?limit=2`);
    expect(body).toMatchObject({
      items: [
        { record: { sequence: 1 }, change: 238, balance: 238 },
        { record: { sequence: 2 }, change: -3, balance: 235 },
      ],
      next: '2',
      asOf: 3,
    });
    expect((await send('GET', `${HISTORY}?after=2`)).body).toMatchObject({
      items: [{ record: { sequence: 3 }, change: -5, balance: 230 }],
      next: null,
    });
  });

  it('is what makes a number', async () => {
    const { send } = await threeDays();
    expect((await send('GET', `${HISTORY}/explanation`)).body).toMatchObject({
      balance: 230,
      asOf: 3,
      items: [{}, {}, {}],
    });
    const { body } = await send('GET', `${HISTORY}/explanation?asOf=2`);
    expect(body).toMatchObject({ balance: 235, asOf: 2, items: [{ balance: 238 }, { balance: 235 }] });
    expect((body as { items: [] }).items).toHaveLength(2);
  });

  it('is not explained at once where it is too long', async () => {
    const { send, ledger } = await threeDays();
    const line = { ...MUG, from: 'STORE', to: 'SOLD', quantity: 1 };
    const commands = Array.from(
      { length: 1_000 },
      () => ({ kind: 'RecordMovements', id: ledger.newId(), lines: [line] }) as const,
    );
    await ledger.executeAll(commands);
    expect(await send('GET', `${HISTORY}/explanation`)).toMatchObject({
      status: 422,
      body: { errorType: 'HISTORY_TOO_LONG' },
    });
    expect((await send('GET', `${HISTORY}/explanation?asOf=3`)).status).toBe(200);
  });

  it('differs from another time where something moved', async () => {
    const { send } = await threeDays();
    const rows = (from: number, to: number) => [
      { variantUuid: MUG.variantId, locationUuid: STORE, from: 238 - from, to: 238 - to },
      { variantUuid: MUG.variantId, locationUuid: SOLD, from, to },
    ];
    expect((await send('GET', `${DIFF}?from=1&to=2`)).body).toEqual({ from: 1, to: 2, differences: rows(0, 3) });
    expect((await send('GET', `${DIFF}?from=2`)).body).toEqual({ from: 2, to: 3, differences: rows(3, 8) });
    const { body } = await send('GET', `${DIFF}?to=99`);
    expect(body).toMatchObject({ from: 0, to: 3 });
    expect(
      (body as { differences: { variantUuid: string }[] }).differences.map(({ variantUuid }) => variantUuid),
    ).toContain(BOWL.variantId);
  });

  it.each([
    [`${HISTORY}?after=x`, 'after'],
    [`${HISTORY}?limit=0`, 'limit'],
    [`${HISTORY}/explanation?asOf=-1`, 'asOf'],
    [`/organizations/self/history/locations/${STORE}/variants/mug`, 'variantUuid'],
    [`/organizations/self/history/locations/shelf/variants/${MUG.variantId}`, 'locationUuid'],
    [`${DIFF}?from=x`, 'from'],
    [`${DIFF}?to=1.5`, 'to'],
  ])('names what is wrong with a question: %s', async (path, propertyName) => {
    const { send } = await openStockedWorld();
    expect(await send('GET', path)).toMatchObject({ status: 400, body: { violations: [{ propertyName }] } });
  });

  it('says that the store cannot be read', async () => {
    const store = createMemoryStore();
    let isBroken = false;
    const gone = () => errAsync(storeFault('StoreUnavailable', 'gone'));
    const world = await openStockedWorld({
      ...store,
      journal: query => (isBroken ? gone() : store.journal(query)),
      balances: query => (isBroken ? gone() : store.balances(query)),
      postings: query => (isBroken ? gone() : (store.postings as NonNullable<typeof store.postings>)(query)),
    });
    isBroken = true;
    for (const path of [HISTORY, `${HISTORY}/explanation`, DIFF])
      expect((await world.send('GET', path)).status).toBe(503);
  });
});
