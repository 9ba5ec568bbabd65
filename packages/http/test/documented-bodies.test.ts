import { createLedger } from '@stockfold/core';
import { createHttpHandler } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';

type Body = Readonly<{ content: { 'application/json': { schema: object } } }>;
type Document = Readonly<{ paths: Record<string, Record<string, { requestBody?: Body }>> }>;

const ID = '65314d7e-5f0f-11ec-bf63-0242ac130002';
const INVENTORY = '/organizations/{organization}/inventory';

async function bodies(): Promise<Map<string, object>> {
  const ledger = createLedger({ store: createMemoryStore() });
  const handler = createHttpHandler({ ledgerFor: () => ledger, authenticate: () => null });
  const { paths } = (await (await handler(new Request('http://stock.test/openapi.json'))).json()) as Document;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => [`${method} ${path}`, requestBody] as const),
  );
  return new Map(all.flatMap(([name, body]) => (body ? [[name, body.content['application/json'].schema]] : [])));
}

test('what every request that has a body takes is documented', async () => {
  const ajv = new Ajv2020({ strict: true }).addFormat('uuid', true).addFormat('date-time', true);
  for (const [name, schema] of await bodies()) {
    expect(Object.keys(schema), name).not.toEqual([]);
    expect(ajv.compile(schema)(undefined), `${name} takes nothing`).toBe(false);
  }
});

test('the document of a PUT takes a movement, and neither words for an amount nor one without a variant', async () => {
  const schema = (await bodies()).get(`put ${INVENTORY}`) ?? {};
  const takes = new Ajv2020({ strict: true }).addFormat('uuid', true).addFormat('date-time', true).compile(schema);
  const change = { productUuid: ID, variantUuid: ID, fromLocationUuid: ID, toLocationUuid: ID, change: 1 };
  expect(takes({ changes: [change, { ...change, change: '1.25' }] })).toBe(true);
  expect(takes({ changes: [{ ...change, change: 'half' }] })).toBe(false);
  expect(takes({ changes: [{ ...change, variantUuid: undefined }] })).toBe(false);
  expect(takes({ changes: [] })).toBe(false);
});
