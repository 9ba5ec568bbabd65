import { createLedger, type LedgerStore, restock, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONVERSATIONS, KETTLE, LADLE, RED_TEAPOT, TEAPOT } from './conversations.ts';
import { CANARY, type HostileRequest, hostileRequest } from './hostile-requests.ts';
import { LOCATIONS, ORGANIZATION, openWorld } from './world.ts';

const REQUESTS = 20_000;

/** A store that counts what was applied, and a shop on it that has something of everything. */
async function openCounted() {
  const inner = createMemoryStore();
  const counted = { applied: 0 };
  const store: LedgerStore = {
    ...inner,
    commit: commit =>
      inner.commit(commit).map(answer => {
        if (answer.kind === 'committed') counted.applied += 1;
        return answer;
      }),
  };
  const founder = createLedger({ store, organizationId: ORGANIZATION, systemLocations: LOCATIONS });
  const all = [TEAPOT, RED_TEAPOT, KETTLE, LADLE];
  const tracking = all.map(variant => startTracking(variant.productId));
  const lines = all.map(variant => restock('STORE', variant, 1_000_000));
  await founder.execute({ kind: 'RecordMovements', id: founder.newId(), tracking, lines });
  return { world: openWorld(store), counted };
}

const asInit = ({ method, body, headers }: HostileRequest): RequestInit => ({
  method,
  headers: { authorization: 'Bearer writer', 'content-type': 'application/json', ...headers },
  ...(body === undefined || method === 'GET' ? {} : { body }),
});

it(`for any of ${REQUESTS} broken requests, none fails, none changes anything by halves, none is echoed`, async () => {
  let { world, counted } = await openCounted();
  const seen = { refused: 0, done: 0 };
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(hostileRequest, async request => {
      // What was done piles up: a shop is left before it has grown old.
      if (asked % 500 === 0) ({ world, counted } = await openCounted());
      const before = counted.applied;
      const response = await world.handler(new Request(`http://stock.test${request.path}`, asInit(request)));
      const text = await response.text();
      expect(response.status).toBeLessThan(500);
      // The name of a location that was opened is the one thing of a client's that is ever shown again.
      expect(text.replace(/"name":"(?:[^"\\]|\\.)*"/g, '')).not.toContain(CANARY);
      expect(JSON.stringify([...response.headers])).not.toContain(CANARY);
      const isRefused = response.status >= 400;
      seen[isRefused ? 'refused' : 'done'] += 1;
      // A request that is refused has applied nothing, and one that is done applies once at most.
      expect(counted.applied - before).toBeLessThanOrEqual(isRefused ? 0 : 1);
      asked += 1;
      // All that is stored is compared for one in a hundred: it is read whole.
      if (asked % 100 === 0 && isRefused) {
        const state = await world.state();
        await world.handler(new Request(`http://stock.test${request.path}`, asInit(request)));
        expect(await world.state()).toBe(state);
      }
    }),
    { numRuns: REQUESTS },
  );
  // Most of them were broken indeed, and some were not, so that both kinds were looked at.
  expect(seen.refused).toBeGreaterThan(REQUESTS / 2);
  expect(seen.done).toBeGreaterThan(REQUESTS / 100);
  expect((await world.ledger.verify())._unsafeUnwrap().ok).toBe(true);
  expect(({} as Record<string, unknown>)[CANARY]).toBeUndefined();
}, 180_000);

const goodRequest = fc.constantFrom(...CONVERSATIONS.flatMap(({ exchanges }) => exchanges));
const step = fc.record({
  by: fc.constantFrom('writer', 'other'),
  request: goodRequest,
  hostile: fc.option(hostileRequest),
  // The same few keys in both organizations.
  key: fc.option(fc.constantFrom('order-1', 'order-2')),
});

/** Everything that the first organization is answered, to the letter. */
async function answersTo(steps: readonly Readonly<{ by: string; request: HostileRequest }>[]): Promise<string> {
  let ids = 0;
  const newId = () => `0000000${ids % 10}-0000-4000-8000-${String(ids++).padStart(12, '0')}`;
  // Ids and time are the first organization's own: those of the other are made elsewhere.
  const world = openWorld(createMemoryStore(), { clock: () => 1_000, newId });
  const answers: unknown[] = [];
  for (const { by, request } of steps) {
    const idsBefore = ids;
    const init = asInit({ ...request, headers: { ...request.headers, authorization: `Bearer ${by}` } });
    const response = await world.handler(new Request(`http://stock.test${request.path}`, init));
    const answer = [response.status, [...response.headers], await response.text()];
    if (by === 'writer') answers.push(answer);
    else ids = idsBefore;
  }
  return JSON.stringify([answers, await world.state()]);
}

it('for any requests of another organization, the first one is answered the same to the letter', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async drafts => {
      const steps = drafts.map(({ by, request: { method, path, body }, hostile, key }) => ({
        by,
        request: hostile ?? {
          method,
          path,
          headers: key === null ? {} : { 'idempotency-key': key },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
      }));
      const alone = await answersTo(steps.filter(({ by }) => by === 'writer'));
      expect(await answersTo(steps)).toBe(alone);
    }),
    { numRuns: 300 },
  );
}, 120_000);
