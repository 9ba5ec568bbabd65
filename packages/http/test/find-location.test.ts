import type { LedgerStore } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { expect, it } from 'vitest';
import { INVENTORY, mug } from './bad-input.ts';
import { openStockedWorld, openWorld } from './world.ts';

function counted() {
  const store = createMemoryStore();
  const calls = { locations: 0 };
  const locations: LedgerStore['locations'] = organizationId => {
    calls.locations += 1;
    return store.locations(organizationId);
  };
  return { store: { ...store, locations }, calls };
}

it('asks the store for a location once, and then moves stock without asking, also under a key', async () => {
  const { store, calls } = counted();
  const { send } = await openStockedWorld(store);
  calls.locations = 0;
  for (const key of ['one', 'two', 'three'])
    for (const headers of [{}, { 'idempotency-key': key }])
      expect((await send('PUT', INVENTORY, { changes: [mug] }, headers)).status).toBe(200);
  expect(calls.locations).toBe(1);
});

it('finds a location that was opened elsewhere in the meantime', async () => {
  const { store } = counted();
  const [here, there] = [await openStockedWorld(store), openWorld(store)];
  expect((await here.send('PUT', INVENTORY, { changes: [mug] })).status).toBe(200);
  const opened = await there.send('POST', '/v3/inventories', { name: 'Market stall' });
  const stall = opened.headers.get('location')?.split('/').at(-1);
  const change = { changes: [mug], returnBalanceForLocationUuid: stall };
  expect(await here.send('PUT', INVENTORY, change)).toMatchObject({ status: 200, body: { locationUuid: stall } });
});
