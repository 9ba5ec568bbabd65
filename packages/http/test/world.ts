import {
  createLedger,
  type Ledger,
  type LedgerOptions,
  type LedgerStore,
  restock,
  startTracking,
} from '@stockfold/core';
import { createHttpHandler, type HttpHandler, type HttpHandlerOptions, type Identity } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { contractOf, readContract } from './contract.ts';

export const ORGANIZATION = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002';
export const OTHER_ORGANIZATION = '7c1ad2a1-5f0f-11ec-bf63-0242ac130002';

/** The locations of the mirrored page. */
export const STORE = '89ac1e4a-5f0f-11ec-bf63-0242ac130002';
export const SOLD = '92646e02-5f0f-11ec-bf63-0242ac130002';
export const LOCATIONS = {
  STORE,
  SUPPLIER: '9a51f5de-5f0f-11ec-bf63-0242ac130002',
  SOLD,
  BIN: 'a1c6c4f2-5f0f-11ec-bf63-0242ac130002',
} as const;

export const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
} as const;
export const BOWL = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '7c6be742-5f0f-11ec-bf63-0242ac130002',
} as const;

const IDENTITIES: Readonly<Record<string, Identity>> = {
  writer: { organizationId: ORGANIZATION, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] },
  reader: { organizationId: ORGANIZATION, scopes: ['READ:PRODUCT'] },
  other: { organizationId: OTHER_ORGANIZATION, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] },
};

export type Sent = Readonly<{ status: number; headers: Headers; body: unknown }>;

/** A handler over one store, with two organizations and three tokens. */
export type World = Readonly<{
  handler: HttpHandler;
  ledger: Ledger;
  /** Sends JSON, or a text or bytes as they are, with the token of the writer unless another is named. */
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Sent>;
  /** Everything the first organization's ledger holds, as text. */
  state: () => Promise<string>;
}>;

export function openWorld(
  store: LedgerStore = createMemoryStore(),
  {
    balances,
    ...options
  }: Pick<LedgerOptions, 'policy' | 'clock' | 'newId'> & Pick<HttpHandlerOptions, 'balances'> = {},
  handling: Partial<HttpHandlerOptions> = {},
): World {
  const ledger = createLedger({ store, organizationId: ORGANIZATION, systemLocations: LOCATIONS, ...options });
  const other = createLedger({ store, organizationId: OTHER_ORGANIZATION, ...options });
  const handler = createHttpHandler({
    balances,
    ledgerFor: organizationId => (organizationId === ORGANIZATION ? ledger : other),
    authenticate: request => {
      const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
      return Object.hasOwn(IDENTITIES, token) ? (IDENTITIES[token] ?? null) : null;
    },
    ...handling,
  });
  const document = readContract(handler, handling.webhooks === undefined ? 'alone' : 'with webhooks').then(contractOf);
  const send: World['send'] = async (method, path, body, headers = {}) => {
    const response = await handler(
      new Request(`http://stock.test${path}`, {
        method,
        headers: { authorization: 'Bearer writer', 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: bodyOf(body) }),
      }),
    );
    const text = await response.text();
    // Every answer of the suite is held against what the OpenAPI document says of it.
    const broken = (await document)({ method, path, status: response.status, text });
    if (broken !== null) throw new Error(broken);
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
  const state = async () =>
    JSON.stringify([
      await ledger.journal({ limit: 1000 }),
      await ledger.balances({ limit: 1000 }),
      await ledger.trackedProducts({ limit: 1000 }),
      await ledger.lowStock({ limit: 1000 }),
      await ledger.locations(),
    ]);
  return { handler, ledger, send, state };
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body);
}

/** A world whose STORE holds 238 mugs and 12033 bowls, as before the mirrored page. */
export async function openStockedWorld(...args: Parameters<typeof openWorld>): Promise<World> {
  const world = openWorld(...args);
  const opening = await world.ledger.execute({
    kind: 'RecordMovements',
    id: world.ledger.newId(),
    tracking: [startTracking(MUG.productId)],
    lines: [restock('STORE', MUG, 238), restock('STORE', BOWL, 12_033)],
  });
  if (opening.isErr()) throw new Error(`the opening stock was refused: ${opening.error.kind}`);
  return world;
}

/** One movement of `PUT …/inventory`, out of the STORE into SOLD. */
export function saleOf(variant: Readonly<{ productId: string; variantId: string }>, change: unknown) {
  return {
    productUuid: variant.productId,
    variantUuid: variant.variantId,
    fromLocationUuid: STORE,
    toLocationUuid: SOLD,
    change,
  };
}
