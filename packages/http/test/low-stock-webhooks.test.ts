import { restock, sale } from '@stockfold/core';
import { LOW_STOCK_EVENT, type WebhookRequest } from '@stockfold/http';
import { describe, expect, it } from 'vitest';
import { bulk, type Hooked, openHooked, SUBSCRIPTIONS, sell, settle, subscribe, UUID } from './hooked-world.ts';
import { BOWL, MUG, ORGANIZATION, SOLD, STORE } from './world.ts';

/** A shop with 238 mugs that are few below 230. */
async function openWatched(answer?: (request: WebhookRequest, index: number) => number, change: object = {}) {
  const world = await openHooked(answer);
  await subscribe(world, { eventNames: [LOW_STOCK_EVENT], ...change });
  await level(world, 230);
  return world;
}

const level = ({ ledger }: Hooked, units: number | null, alert = true) =>
  ledger.execute({
    kind: 'SetLowStock',
    id: ledger.newId(),
    rules: [{ ...MUG, locationId: 'STORE', level: units, alert }],
  });
const restockMugs = ({ ledger }: Hooked, quantity: number) =>
  ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [restock('STORE', MUG, quantity)] });
const told = (world: Hooked) => world.sent.slice(1).map(({ message }) => JSON.parse(message.payload));

describe('a low-stock level', () => {
  it('is told of when it is crossed, each way, and not in between', async () => {
    const world = await openWatched();
    for (const pieces of [5, 5, 5]) await sell(world, pieces, UUID);
    await restockMugs(world, 10);
    await restockMugs(world, 10);
    await settle(world);
    expect(world.names()).toEqual([LOW_STOCK_EVENT, LOW_STOCK_EVENT]);
    const about = {
      organizationUuid: ORGANIZATION,
      locationUuid: STORE,
      productUuid: MUG.productId,
      variantUuid: MUG.variantId,
      level: '230',
    };
    expect(told(world)).toMatchObject([
      { ...about, status: 'LOW', balanceBefore: '233', balanceAfter: '228', externalUuid: UUID },
      { ...about, status: 'RECOVERED', balanceBefore: '223', balanceAfter: '233', externalUuid: null },
    ]);
    const [sale] = (await world.ledger.journal({ after: 3, limit: 1 }))._unsafeUnwrap().items;
    expect(told(world)[0].updated.timestamp).toBe(new Date(sale?.recordedAt ?? 0).toISOString().replace('Z', '+0000'));
  });

  it('is told of when it is set above what there is, and when it is taken away', async () => {
    const world = await openWatched();
    await level(world, 500);
    await level(world, null);
    await settle(world);
    expect(told(world)).toMatchObject([
      { status: 'LOW', level: '500', balanceBefore: '238', balanceAfter: '238' },
      { status: 'RECOVERED', level: null, balanceBefore: '238', balanceAfter: '238' },
    ]);
  });

  it('is nothing that somebody wants to be told of, without an alert', async () => {
    const world = await openWatched();
    await level(world, 230, false);
    await sell(world, 50);
    await settle(world);
    expect(world.names()).toEqual([]);
  });

  it('is no news for those who did not name its event', async () => {
    const world = await openWatched(undefined, { eventNames: [] });
    await sell(world, 50);
    await settle(world);
    expect(world.names()).toEqual(['InventoryBalanceChanged']);
  });

  it('is told of once, when another one of its record has to be told again behind what nobody wants', async () => {
    // The test message, one crossing, and the other one that is not taken at first; the balances come before them.
    const world = await openWatched((_, index) => (index === 2 ? 500 : 200));
    await world.ledger.execute({
      kind: 'SetLowStock',
      id: world.ledger.newId(),
      rules: [{ ...BOWL, locationId: 'STORE', level: 12_030, alert: true }],
    });
    const lines = [sale('STORE', MUG, 10), sale('STORE', BOWL, 10)];
    await world.ledger.execute({ kind: 'RecordMovements', id: world.ledger.newId(), lines });
    await settle(world);
    world.next();
    await settle(world);
    expect(told(world).map(({ variantUuid }) => variantUuid)).toEqual([MUG, BOWL, BOWL].map(of => of.variantId));
  });

  it('is told of again, with the same message, until somebody has taken it', async () => {
    const world = await openWatched((_, index) => (index === 1 ? 500 : 200));
    await sell(world, 10);
    await settle(world);
    await level(world, 100);
    world.next();
    await settle(world);
    const [failed, taken, recovered] = world.sent.slice(1).map(({ message }) => message);
    expect(taken).toEqual(failed);
    expect(JSON.parse(recovered?.payload ?? '')).toMatchObject({ status: 'RECOVERED', level: '100' });
    expect(world.sent).toHaveLength(4);
  });
});

it('a subscription that names other events in the middle of a record misses none of them', async () => {
  const world = await openHooked((_, index) => (index === 2 ? 500 : 200));
  await subscribe(world, { eventNames: ['InventoryTrackingStarted', 'InventoryBalanceChanged'] });
  const movement = { variantUuid: MUG.variantId, fromLocationUuid: STORE, toLocationUuid: SOLD, change: 1 };
  await world.send('POST', '/organizations/self/v2/inventory/bulk', bulk('START_TRACKING', movement));
  await settle(world);
  await world.send('PUT', `${SUBSCRIPTIONS}/${UUID}`, { eventNames: ['InventoryBalanceChanged'] });
  world.next();
  await settle(world);
  expect(world.names()).toEqual(['InventoryTrackingStarted', 'InventoryBalanceChanged', 'InventoryBalanceChanged']);
});
