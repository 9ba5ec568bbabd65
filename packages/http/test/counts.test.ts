import { createLedger, type LedgerStore, stopTracking, storeFault } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import type { ProblemBody } from '../src/answers.ts';
import { LOCATIONS, MUG, ORGANIZATION, openStockedWorld, SOLD, STORE } from './world.ts';

const COUNTS = '/organizations/self/counts';
const LATE = '/organizations/self/late-movements';

const mugs = (counted: number, observedAt: number) => ({
  locationUuid: STORE,
  productUuid: MUG.productId,
  variantUuid: MUG.variantId,
  counted,
  observedAt,
});
const sold = (change: number, occurredAt: number) => ({
  occurredAt,
  movements: [{ productUuid: MUG.productId, variantUuid: MUG.variantId, from: STORE, to: SOLD, change }],
});

/** 238 mugs in the STORE from time 100 on; it is 200 now. */
async function open(store?: LedgerStore) {
  let now = 100;
  const world = await openStockedWorld(store, { clock: () => now });
  now = 200;
  const effective = async (at: number) =>
    (await world.send('GET', `/organizations/self/effective-balances/${STORE}/${MUG.variantId}?at=${at}`)).body;
  return { ...world, effective };
}

describe('a count over HTTP', () => {
  it('is settled, and answers with no figure that was expected', async () => {
    const { send, effective } = await open();
    const { status, body } = await send('POST', COUNTS, mugs(230, 150));
    expect([status, Object.keys(body as object)]).toEqual([200, ['commandUuid', 'sequence', 'recordedAt']]);
    expect(await effective(149)).toMatchObject({ effective: 238, onHand: 230 });
    expect(await effective(150)).toMatchObject({ locationUuid: STORE, variantUuid: MUG.variantId, effective: 230 });
    expect((await send('GET', COUNTS)).body).toEqual({
      counts: [
        {
          commandUuid: (body as { commandUuid: string }).commandUuid,
          ...mugs(230, 150),
          expected: 238,
          variance: -8,
          explained: 0,
        },
      ],
    });
  });

  it('has seen a sale that comes later, which stays sold and explains what was missing', async () => {
    const { send, effective } = await open();
    await send('POST', COUNTS, mugs(230, 150));
    expect((await send('POST', LATE, sold(8, 120))).status).toBe(200);
    expect(await effective(200)).toMatchObject({ effective: 230 });
    expect((await send('GET', COUNTS)).body).toMatchObject({ counts: [{ variance: -8, explained: -8 }] });
    expect((await send('POST', LATE, sold(1, 160))).status).toBe(200);
    expect(await effective(200)).toMatchObject({ effective: 229 });
  });

  it('names only places of the body where a sale is refused that it has seen', async () => {
    const { send, ledger } = await open();
    await send('POST', COUNTS, mugs(230, 150));
    const tracking = [stopTracking(MUG.productId)];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking }))._unsafeUnwrap();
    const { status, body } = await send('POST', LATE, sold(8, 120));
    const places = (body as ProblemBody).violations.map(violation => violation.propertyName);
    expect([status, places]).toEqual([422, ['movements[0].productUuid', 'movements']]);
    const many = { occurredAt: 120, movements: Array.from({ length: 1_000 }, () => sold(1, 120).movements[0]) };
    expect((await send('POST', LATE, many)).body).toMatchObject({ violations: [{ propertyName: 'movements' }] });
  });

  it('is recorded once under a key, and only then a replay', async () => {
    const { send, ledger } = await open();
    const key = { 'idempotency-key': 'count-1' };
    const first = await send('POST', COUNTS, mugs(230, 150), key);
    const again = await send('POST', COUNTS, mugs(230, 150), key);
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
    expect((await send('POST', COUNTS, mugs(231, 150), key)).body).toMatchObject({
      errorType: 'IDEMPOTENCY_KEY_REUSED',
    });
    const other = await send('POST', COUNTS, mugs(229, 160), { 'idempotency-key': 'count-2' });
    expect(other.headers.get('idempotency-replayed')).toBe(null);
    // The stock, the location of the adjustments, two counts.
    expect((await ledger.journal())._unsafeUnwrap().asOf).toBe(4);
  });

  it('is no replay because another one opened the location of the adjustments meanwhile', async () => {
    const store = createMemoryStore();
    const other = createLedger({ store, organizationId: ORGANIZATION, systemLocations: LOCATIONS });
    const sibling = (variant: string) => ORGANIZATION.replace('-11ec-', `-${variant}ec-`);
    const location = { id: sibling('85'), type: 'ADJUSTMENT', name: 'ADJUSTMENT' } as const;
    // Another server opens it after this one has looked.
    const locations: LedgerStore['locations'] = asked =>
      store
        .locations(asked)
        .andThen(list =>
          ResultAsync.fromSafePromise(other.execute({ kind: 'OpenLocation', id: sibling('86'), location })).map(
            () => list,
          ),
        );
    const { send, ledger } = await open({ ...store, locations });
    const { status, headers } = await send('POST', COUNTS, mugs(230, 150), { 'idempotency-key': 'count-1' });
    expect([status, headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect((await ledger.journal())._unsafeUnwrap().asOf).toBe(3);
  });

  it('was not done because the location of the adjustments was opened for it', async () => {
    const store = createMemoryStore();
    let commits = 0;
    // The stock and the location are recorded, and then no more.
    const commit: LedgerStore['commit'] = asked =>
      ++commits > 2 ? errAsync(storeFault('StoreFailed', 'the disk is gone')) : store.commit(asked);
    const { send, ledger } = await open({ ...store, commit });
    const sent = await send('POST', COUNTS, mugs(230, 150), { 'idempotency-key': 'count-1' });
    expect(sent).toMatchObject({ status: 500, body: { errorType: 'STORE_FAILED' } });
    expect((await ledger.journal())._unsafeUnwrap().asOf).toBe(2);
  });

  it.each([
    ['an unknown location', COUNTS, { ...mugs(1, 150), locationUuid: MUG.variantId }],
    ['a variant of another product', COUNTS, { ...mugs(1, 150), productUuid: MUG.variantId }],
    ['a time to come', COUNTS, mugs(1, 9_000_000)],
    ['a late movement to nowhere', LATE, lateTo(MUG.variantId)],
  ])(
    'is the first, and refused for %s: then not even the location of the adjustments is there',
    async (_, path, body) => {
      const { send, state } = await open();
      const before = await state();
      expect((await send('POST', path, body)).status).toBeGreaterThanOrEqual(400);
      expect(await state()).toBe(before);
    },
  );

  it('is listed by time, page by page', async () => {
    const { send } = await open();
    for (const at of [110, 120, 130]) await send('POST', COUNTS, mugs(at, at));
    const first = await send('GET', `${COUNTS}?from=120&to=200&limit=2`);
    expect(first.body).toMatchObject({ counts: [{ counted: 120 }] });
    const [, next = ''] = /<([^>]+)>/.exec(first.headers.get('link') ?? '') ?? [];
    expect(next).toContain('from=120');
    const second = await send('GET', next);
    expect(second.body).toMatchObject({ counts: [{ counted: 130 }] });
    expect(second.headers.get('link')).toBe(null);
  });

  it.each([
    [409, 'COUNT_SUPERSEDED', 'observedAt', mugs(1, 149)],
    [422, 'LOCATION_NOT_COUNTED', 'locationUuid', { ...mugs(1, 150), locationUuid: LOCATIONS.SUPPLIER }],
    [422, 'OCCURS_LATER', 'observedAt', mugs(1, 9_000_000)],
    [404, 'ENTITY_NOT_FOUND', 'locationUuid', { ...mugs(1, 150), locationUuid: MUG.variantId }],
    [422, 'PRODUCT_MISMATCH', 'productUuid', { ...mugs(1, 150), productUuid: MUG.variantId }],
    [400, 'INVALID_QUANTITY', 'counted', { ...mugs(1, 150), counted: -1 }],
    [400, 'INVALID_TIME', 'observedAt', { ...mugs(1, 150), observedAt: 0.5 }],
  ])('is refused with %i %s', async (status, errorType, propertyName, body) => {
    const { send, state } = await open();
    await send('POST', COUNTS, mugs(230, 150));
    const before = await state();
    const answer = await send('POST', COUNTS, body);
    expect([answer.status, answer.body]).toMatchObject([status, { errorType, violations: [{ propertyName }] }]);
    expect(await state()).toBe(before);
  });

  it.each([
    [422, 'OCCURS_LATER', 'occurredAt', sold(1, 9_000_000)],
    [404, 'ENTITY_NOT_FOUND', 'movements[0].to', lateTo(MUG.variantId)],
    [400, 'SAME_LOCATION', 'movements[0].to', lateTo(STORE)],
  ])('a late movement is refused with %i %s', async (status, errorType, propertyName, body) => {
    const { send } = await open();
    const answer = await send('POST', LATE, body);
    expect([answer.status, answer.body]).toMatchObject([status, { errorType, violations: [{ propertyName }] }]);
  });

  it.each([
    ['from', `${COUNTS}?from=x`],
    ['to', `${COUNTS}?to=-1`],
    ['limit', `${COUNTS}?limit=0`],
    ['cursor', `${COUNTS}?cursor=%C3%A9`],
    ['locationUuid', `/organizations/self/effective-balances/x/${MUG.variantId}`],
    ['variantUuid', `/organizations/self/effective-balances/${STORE}/x`],
    ['at', `/organizations/self/effective-balances/${STORE}/${MUG.variantId}?at=x`],
  ])('is not read with a wrong %s', async (propertyName, path) => {
    const { send } = await open();
    expect(await send('GET', path)).toMatchObject({ status: 400, body: { violations: [{ propertyName }] } });
  });
});

function lateTo(to: string) {
  const { occurredAt, movements } = sold(1, 120);
  return { occurredAt, movements: movements.map(movement => ({ ...movement, to })) };
}
