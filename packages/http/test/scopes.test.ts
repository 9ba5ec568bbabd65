import { createMemoryWebhookStore, createWebhooks } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { describe, expect, it } from 'vitest';
import { ORGANIZATION, OTHER_ORGANIZATION, openStockedWorld } from './world.ts';

type Paths = Readonly<Record<string, Readonly<Record<string, Readonly<{ operationId: string }>>>>>;

const webhooks = createWebhooks({ store: createMemoryWebhookStore(), allow: [] });
const world = await openStockedWorld(createMemoryStore(), {}, { webhooks });
const document = await world.handler(new Request('http://stock.test/openapi.json'));
const { paths } = (await document.json()) as { paths: Paths };
const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId }]) => ({ path, method: method.toUpperCase(), operationId })),
);

// All that a token may do which may only read; whatever is not here takes a token that may write.
const READS: ReadonlySet<string> = new Set([
  ...OPERATIONS.filter(({ method }) => method === 'GET').map(({ operationId }) => operationId),
  // Pure reads whose question is a body.
  'postProductBalances',
  'postQueries',
  'postProductStatus',
  'previewMovements',
  'previewBulkInventory',
  // What a subscription tells may be read, as in the mirrored API.
  'postSubscription',
  'putSubscription',
  'deleteSubscription',
  'deleteSubscriptionByUuid',
]);

const ask = async (method: string, path: string, organization: string, token: string | null) => {
  const filled = path.replace('{organization}', organization).replace(/\{\w+\}/g, ORGANIZATION);
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  // A body that nothing takes: what is let through changes nothing.
  const init = { method, headers, ...(method === 'GET' ? {} : { body: '{' }) };
  const response = await world.handler(new Request(`http://stock.test${filled}`, init));
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const { errorType } = isStream || response.status < 400 ? { errorType: undefined } : await response.json();
  await response.body?.cancel().catch(() => undefined);
  return [response.status, errorType];
};

describe.each(OPERATIONS)('$method $path', ({ method, path, operationId }) => {
  it('is nothing for nobody', async () => {
    expect(await ask(method, path, 'self', null)).toEqual([401, 'UNAUTHORIZED']);
  });

  it('is for those who may read, if it changes no stock, and for those who may write otherwise', async () => {
    const [status, errorType] = await ask(method, path, 'self', 'reader');
    if (READS.has(operationId)) expect(errorType).not.toBe('INSUFFICIENT_SCOPE');
    else expect([status, errorType]).toEqual([403, 'INSUFFICIENT_SCOPE']);
  });
});

const OF_AN_ORGANIZATION = OPERATIONS.filter(({ path }) => path.includes('{organization}'));

it.each(OF_AN_ORGANIZATION)('$method $path is not for another organization', async ({ method, path }) => {
  expect(await ask(method, path, OTHER_ORGANIZATION, 'writer')).toEqual([403, 'FORBIDDEN']);
});
