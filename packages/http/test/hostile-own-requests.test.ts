import { createMemoryWebhookStore, createWebhooks } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CANARY, hostileTo } from './hostile-requests.ts';
import { OWN_REQUESTS } from './own-requests.ts';
import { openStockedWorld, type World } from './world.ts';

const REQUESTS = 3_000;

async function open(): Promise<World> {
  const allow = ['https://hooks.shop.example'];
  const webhooks = createWebhooks({ store: createMemoryWebhookStore(), allow, send: async () => 200 });
  return openStockedWorld(createMemoryStore(), {}, { webhooks });
}

it(`for any of ${REQUESTS} broken requests beyond the mirrored API, none fails, and what is refused changes and echoes nothing`, async () => {
  let world = await open();
  const seen = { refused: 0, done: 0 };
  await fc.assert(
    fc.asyncProperty(hostileTo(OWN_REQUESTS), async ({ method, path, body, headers }) => {
      if ((seen.refused + seen.done) % 300 === 299) world = await open();
      const before = await world.state();
      const response = await world.handler(
        new Request(`http://stock.test${path}`, {
          method,
          headers: { authorization: 'Bearer writer', 'content-type': 'application/json', ...headers },
          ...(body === undefined || method === 'GET' ? {} : { body }),
        }),
      );
      expect(response.status).toBeLessThan(500);
      const isRefused = response.status >= 400;
      seen[isRefused ? 'refused' : 'done'] += 1;
      if (!isRefused) return response.body?.cancel();
      expect(await response.text()).not.toContain(CANARY);
      expect(await world.state()).toBe(before);
    }),
    { numRuns: REQUESTS },
  );
  expect(Math.min(seen.refused, seen.done)).toBeGreaterThan(REQUESTS / 20);
  expect((await world.ledger.verify())._unsafeUnwrap().ok).toBe(true);
}, 120_000);
