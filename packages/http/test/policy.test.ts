import { restock } from '@stockfold/core';
import { describe, expect, it } from 'vitest';
import { BOWL, LOCATIONS, MUG, openStockedWorld, openWorld, SOLD, STORE, saleOf } from './world.ts';

const POLICY = '/organizations/self/policy';
const INVENTORY = '/organizations/self/inventory';

describe('a policy over HTTP', () => {
  it('is empty until it is set, and is then all that was set last', async () => {
    const { send } = await openStockedWorld();
    const none = { floors: {}, locations: {}, variants: {}, holds: false };
    expect((await send('GET', POLICY)).body).toEqual(none);
    const variants = { [MUG.variantId.toUpperCase()]: null };
    const policy = { floors: { STORE: 0 }, locations: { STORE: 2 }, variants, holds: true };
    const stands = {
      floors: { STORE: 0 },
      locations: { [STORE]: 2 },
      variants: { [MUG.variantId]: null },
      holds: true,
    };
    expect(await send('PUT', POLICY, policy)).toMatchObject({ status: 200, body: stands });
    expect((await send('GET', POLICY)).body).toEqual(stands);
    expect((await send('PUT', POLICY, {})).body).toEqual(none);
  });

  it('is kept, and a sale that is short says of each balance what it is short of', async () => {
    const { send, state } = await openStockedWorld();
    await send('PUT', POLICY, { floors: { STORE: 0 }, variants: { [MUG.variantId]: 200 } });
    const before = await state();
    const { status, body } = await send('PUT', INVENTORY, { changes: [saleOf(MUG, 39), saleOf(BOWL, 1)] });
    const message = 'The balance would fall below its floor.';
    expect([status, body]).toEqual([
      422,
      {
        developerMessage: message,
        errorType: 'INSUFFICIENT_STOCK',
        violations: [
          { propertyName: 'changes[0].change', developerMessage: message, constraintType: 'INSUFFICIENT_STOCK' },
        ],
        shortages: [
          { locationUuid: STORE, variantUuid: MUG.variantId, onHand: 238, reserved: 0, requested: 39, floor: 200 },
        ],
      },
    ]);
    expect(await state()).toBe(before);
  });

  it.each([
    ['a floor of no type', { floors: { SHOP: 0 } }, 'floors', 'FieldUnknown'],
    ['a floor that is no whole number', { floors: { STORE: 0.5 } }, 'floors.STORE', 'FloorInvalid'],
    ['a floor in text', { variants: { [MUG.variantId]: '1' } }, `variants.${MUG.variantId}`, 'TypeInvalid'],
    ['a variant that is no id', { variants: { mug: 1 } }, 'variants', 'UuidInvalid'],
    ['a field that no policy has', { limits: {} }, '', 'FieldUnknown'],
  ])('is refused with %s, and stays as it was', async (_, policy, propertyName, constraintType) => {
    const { send, state } = await openStockedWorld();
    const before = await state();
    const { status, body } = await send('PUT', POLICY, policy);
    expect([status, body]).toMatchObject([400, { violations: [{ propertyName, constraintType }] }]);
    expect(await state()).toBe(before);
  });

  it('is refused for a place that is not there, and when it is a list', async () => {
    const { send } = await openStockedWorld();
    expect(await send('PUT', POLICY, { locations: { [MUG.variantId]: 0 } })).toMatchObject({
      status: 404,
      body: { errorType: 'ENTITY_NOT_FOUND', violations: [{ propertyName: `locations.${MUG.variantId}` }] },
    });
    expect(await send('PUT', POLICY, [])).toMatchObject({ status: 400, body: { errorType: 'INVALID_TYPE' } });
  });

  it('is set once under a key', async () => {
    const { send, ledger } = await openStockedWorld();
    const key = { 'idempotency-key': 'policy-1' };
    const first = await send('PUT', POLICY, { floors: { STORE: 0 } }, key);
    const again = await send('PUT', POLICY, { floors: { STORE: 0 } }, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await send('PUT', POLICY, { floors: { STORE: 1 } }, key)).body).toMatchObject({
      errorType: 'IDEMPOTENCY_KEY_REUSED',
      violations: [{ propertyName: 'floors.STORE' }],
    });
    expect((await ledger.journal())._unsafeUnwrap().asOf).toBe(2);
  });
});

describe('an override over HTTP', () => {
  const override = { floors: true, reason: 'handed over the counter' };
  const requests = [
    ['PUT', INVENTORY, { changes: [saleOf(MUG, 300)] }],
    [
      'POST',
      '/organizations/self/v2/inventory/bulk',
      { productChanges: [{ productUuid: MUG.productId, variantChanges: [saleOf(MUG, 300)] }] },
    ],
    ['POST', '/v3/movements', { movements: [{ ...takenMugs(), change: 300 }] }],
  ] as const;

  it.each(requests)('of %s %s breaks floors, and stands in the journal', async (method, path, body) => {
    const { send, ledger } = await openStockedWorld(undefined, { policy: { floors: { STORE: 0 } } });
    expect((await send(method, path, body)).status).toBe(422);
    expect((await send(method, path, { ...body, override })).status).toBeLessThan(300);
    const { body: page } = await send('GET', '/organizations/self/movements?after=1');
    expect(page).toMatchObject({ items: [{ movements: [{ change: 300 }], override }] });
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it.each([
    ['no reason', { floors: true }, 'override.reason', 'MISSING_FIELD'],
    ['an empty reason', { floors: true, reason: '' }, 'override.reason', 'INVALID_REASON'],
    ['a reason that is too long', { floors: true, reason: 'x'.repeat(257) }, 'override.reason', 'INVALID_REASON'],
    ['a reason that no store keeps', { floors: true, reason: '\0' }, 'override.reason', 'ReasonInvalid'],
    ['nothing that it overrides', { reason: 'so' }, 'override.floors', 'MISSING_FIELD'],
    ['a text', 'so', 'override', 'INVALID_TYPE'],
  ])('is refused with %s', async (_, bad, propertyName, constraintType) => {
    const { send, state } = await openStockedWorld();
    const before = await state();
    const { status, body } = await send('PUT', INVENTORY, { changes: [saleOf(MUG, 1)], override: bad });
    expect([status, body]).toMatchObject([400, { violations: [{ propertyName, constraintType }] }]);
    expect(await state()).toBe(before);
  });
});

it('the journal shows the policy that an organization was founded with', async () => {
  const { send, ledger } = openWorld(undefined, { policy: { floors: { STORE: 0 } } });
  const tracking = [{ kind: 'StartTracking', productId: MUG.productId }] as const;
  await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines: [restock('STORE', MUG, 1)] });
  const { body } = await send('GET', '/organizations/self/movements');
  expect(body).toMatchObject({ items: [{ policy: { floors: { STORE: 0 }, locations: {}, variants: {} } }] });
});

function takenMugs() {
  return { productUuid: MUG.productId, variantUuid: MUG.variantId, from: LOCATIONS.STORE, to: SOLD };
}
