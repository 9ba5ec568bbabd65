import { LOCATIONS, ORGANIZATION } from './world.ts';

// What clients of the mirrored API say and are told, one conversation after the other: the shapes are those that the API
// documents or that its clients are known to send; the shop, its goods and its numbers are made up.

const { STORE, SUPPLIER, SOLD, BIN } = LOCATIONS;

const uuid = (group: string, number: number) => `${group}00000${number}-77aa-11ec-90d6-0242ac120003`;
/** Ids of products, variants and whatever a client makes up. */
export const TEAPOT = { productId: uuid('a1', 1), variantId: uuid('b1', 1) } as const;
export const RED_TEAPOT = { productId: uuid('a1', 1), variantId: uuid('b1', 2) } as const;
export const KETTLE = { productId: uuid('a1', 2), variantId: uuid('b1', 3) } as const;
export const LADLE = { productId: uuid('a1', 3), variantId: uuid('b1', 4) } as const;
const FRESH = uuid('c1', 1);

type Variant = typeof TEAPOT | typeof RED_TEAPOT | typeof KETTLE | typeof LADLE;

/** One request, and what is answered to it: the status and, unless there is none, the body. */
export type Exchange = Readonly<{ method: string; path: string; body?: unknown; status: number; answer?: unknown }>;

export type Conversation = Readonly<{
  name: string;
  /** What STORE holds before, and what of it is not tracked any more. */
  opening?: readonly (readonly [Variant, number])[];
  stopped?: readonly Variant[];
  exchanges: readonly Exchange[];
}>;

const row = (variant: Variant, balance: number, locationUuid: string = STORE) => ({
  locationUuid,
  locationType: Object.entries(LOCATIONS).find(([, id]) => id === locationUuid)?.[0],
  productUuid: variant.productId,
  variantUuid: variant.variantId,
  balance,
});
const change = (variant: Variant, fromLocationUuid: string, toLocationUuid: string, quantity: number | string) => ({
  productUuid: variant.productId,
  variantUuid: variant.variantId,
  fromLocationUuid,
  toLocationUuid,
  change: quantity,
});
const bulkChange = (...args: Parameters<typeof change>) => {
  const { productUuid: _, ...rest } = change(...args);
  return rest;
};
const short = (...variants: readonly object[]) => ({ locationUuid: STORE, variants });
const list = (tracked: readonly Variant[], variants: readonly object[], locationUuid: string = STORE) => ({
  locationUuid,
  trackedProducts: [...new Set(tracked.map(variant => variant.productId))],
  variants,
  latest: 0,
});
const problem = (errorType: string, propertyName: string) => ({
  errorType,
  violations: [{ propertyName, constraintType: errorType }],
});

const SELF = '/organizations/self';
const OWN = `/organizations/${ORGANIZATION}`;
const BULK = `${SELF}/v2/inventory/bulk`;
const AT_STORE = `${SELF}/inventory/locations/${STORE}`;
const LOW = `/custom-low-stock/locations/${STORE}`;
const READ_LOW = `/custom-low-stock/v2/locations/${STORE}`;

const both = [TEAPOT, KETTLE];
const full = list(both, [row(TEAPOT, 42), row(KETTLE, 1337)]);
const reading = (method: string, path: string, body?: unknown, answer: unknown = full): Exchange => ({
  method,
  path,
  body,
  status: 200,
  answer,
});

const location = (uuid: string, type: string) => ({
  uuid,
  type,
  name: type,
  description: 'System generated location',
  default: type === 'STORE',
});

export const CONVERSATIONS: readonly Conversation[] = [
  {
    name: 'the four locations',
    exchanges: [
      {
        method: 'GET',
        path: `${OWN}/locations/`,
        status: 200,
        answer: Object.entries(LOCATIONS).map(([type, id]) => location(id, type)),
      },
    ],
  },
  {
    name: 'two variants leave STORE, and no location to return is named',
    opening: [
      [TEAPOT, 50],
      [RED_TEAPOT, 900],
    ],
    exchanges: [
      {
        method: 'PUT',
        path: `${SELF}/inventory`,
        body: { changes: [change(TEAPOT, STORE, SOLD, 8), change(RED_TEAPOT, STORE, SOLD, 250)] },
        status: 200,
        answer: short(row(TEAPOT, 42), row(RED_TEAPOT, 650)),
      },
    ],
  },
  {
    name: 'a product is tracked and filled in one bulk request',
    exchanges: [
      {
        method: 'POST',
        path: BULK,
        body: {
          returnBalanceForLocationUuid: STORE,
          productChanges: [
            {
              productUuid: TEAPOT.productId,
              trackingStatusChange: 'START_TRACKING',
              variantChanges: [bulkChange(TEAPOT, SUPPLIER, STORE, 42), bulkChange(RED_TEAPOT, SUPPLIER, STORE, 1337)],
            },
          ],
        },
        status: 200,
        answer: short(row(TEAPOT, 42), row(RED_TEAPOT, 1337)),
      },
    ],
  },
  {
    name: 'tracking starts alone, in a bulk request without movements, and stops',
    exchanges: [
      {
        method: 'POST',
        path: `${SELF}/inventory`,
        body: { productUuid: TEAPOT.productId },
        status: 200,
        answer: short(),
      },
      {
        method: 'POST',
        path: BULK,
        body: {
          returnBalanceForLocationUuid: STORE,
          productChanges: [{ productUuid: KETTLE.productId, trackingStatusChange: 'START_TRACKING' }],
        },
        status: 200,
        answer: short(),
      },
      { method: 'DELETE', path: `${SELF}/inventory/products/${TEAPOT.productId}`, status: 204 },
      reading('GET', '/inventory', undefined, list([KETTLE], [])),
      {
        method: 'POST',
        path: BULK,
        body: {
          productChanges: [
            { productUuid: KETTLE.productId, trackingStatusChange: 'STOP_TRACKING', variantChanges: [] },
          ],
        },
        status: 200,
        answer: short(),
      },
      reading('GET', '/inventory', undefined, list([], [])),
    ],
  },
  {
    name: 'stopping hides what is held, and starting shows it again',
    opening: [
      [TEAPOT, 42],
      [RED_TEAPOT, 0],
      [KETTLE, 1337],
    ],
    exchanges: [
      { method: 'DELETE', path: `${SELF}/inventory/products/${TEAPOT.productId}/`, status: 204 },
      reading('GET', AT_STORE, undefined, list([KETTLE], [row(KETTLE, 1337)])),
      {
        method: 'GET',
        path: `${AT_STORE}/products/${TEAPOT.productId}`,
        status: 422,
        answer: problem('PRODUCT_NOT_TRACKED', 'productUuid'),
      },
      {
        method: 'DELETE',
        path: `${SELF}/inventory/products/${TEAPOT.productId}`,
        status: 422,
        answer: problem('PRODUCT_NOT_TRACKED', 'productUuid'),
      },
      {
        method: 'PUT',
        path: `${SELF}/inventory`,
        body: { changes: [change(TEAPOT, STORE, SOLD, 1)] },
        status: 422,
        answer: problem('PRODUCT_NOT_TRACKED', 'changes[0].productUuid'),
      },
      {
        method: 'POST',
        path: `${SELF}/inventory`,
        body: { productUuid: TEAPOT.productId },
        status: 200,
        answer: short(row(TEAPOT, 42)),
      },
      reading('GET', AT_STORE),
    ],
  },
  {
    name: 'every way to read balances',
    opening: [
      [TEAPOT, 42],
      [KETTLE, 1337],
      [RED_TEAPOT, 0],
    ],
    exchanges: [
      reading('GET', '/inventory'),
      reading('GET', '/inventory/?since=2024-01-01'),
      reading('GET', `${SELF}/inventory`),
      reading('GET', `${OWN.toUpperCase().replace('ORGANIZATIONS', 'organizations')}/inventory`),
      reading('GET', AT_STORE),
      reading('GET', `${AT_STORE}/`),
      reading('GET', `${OWN}/inventory/locations/${STORE.toUpperCase()}`),
      reading('GET', `${SELF}/inventory/locations/?type=STORE`),
      reading('GET', `${OWN}/inventory/locations?type=store`),
      reading('GET', `${SELF}/inventory/locations?type=bin`, undefined, list(both, [], BIN)),
      reading(
        'GET',
        `${SELF}/inventory/locations/?type=SUPPLIER`,
        undefined,
        list(both, [row(TEAPOT, -42, SUPPLIER), row(KETTLE, -1337, SUPPLIER)], SUPPLIER),
      ),
      reading('POST', `${SELF}/inventory/products`, {
        locationType: 'STORE',
        productUuids: [TEAPOT.productId, KETTLE.productId],
      }),
      reading(
        'POST',
        `${SELF}/inventory/products/`,
        { locationType: 'STORE', productUuids: [KETTLE.productId, LADLE.productId] },
        list([KETTLE], [row(KETTLE, 1337)]),
      ),
      reading('POST', `${SELF}/inventory/products`, { locationType: 'STORE', productUuids: [] }, list([], [])),
      reading('POST', `${SELF}/inventory/products`, { locationType: 'STORE' }),
      reading('GET', `${AT_STORE}/products/${TEAPOT.productId}`, undefined, short(row(TEAPOT, 42))),
      reading('GET', '/inventory?asOf=0', undefined, list(both, [])),
    ],
  },
  {
    name: 'a purchase as text with a correlation id, then a level that is read, subtracted and moved',
    opening: [[TEAPOT, 31]],
    exchanges: [
      {
        method: 'PUT',
        path: `${SELF}/inventory`,
        body: { changes: [change(TEAPOT, STORE, SOLD, '1')], externalUuid: FRESH },
        status: 200,
        answer: short(row(TEAPOT, 30)),
      },
      {
        method: 'PUT',
        path: `${SELF}/inventory`,
        body: { changes: [change(TEAPOT, STORE, SOLD, 10)] },
        status: 200,
        answer: short(row(TEAPOT, 20)),
      },
      {
        method: 'PUT',
        path: `${SELF}/inventory`,
        body: { changes: [change(TEAPOT, SUPPLIER, STORE, 20)], returnBalanceForLocationUuid: STORE },
        status: 200,
        answer: short(row(TEAPOT, 40)),
      },
      {
        method: 'PUT',
        path: `${SELF}/inventory`,
        body: { changes: [change(TEAPOT, STORE, BIN, 50)] },
        status: 200,
        answer: short(row(TEAPOT, -10)),
      },
    ],
  },
  {
    name: 'a full sync: STORE is read, and one bulk request starts some products and moves others',
    opening: [
      [TEAPOT, 3],
      [KETTLE, 3],
      [LADLE, 1],
    ],
    stopped: [LADLE],
    exchanges: [
      reading('GET', `${AT_STORE}/`, undefined, list(both, [row(TEAPOT, 3), row(KETTLE, 3)])),
      {
        method: 'POST',
        path: `${BULK}/`,
        body: {
          returnBalanceForLocationUuid: STORE,
          externalUuid: FRESH,
          productChanges: [
            {
              productUuid: TEAPOT.productId,
              trackingStatusChange: 'NO_CHANGE',
              variantChanges: [change(TEAPOT, STORE, SOLD, 1), change(RED_TEAPOT, SUPPLIER, STORE, 2)],
            },
            { productUuid: KETTLE.productId, variantChanges: [change(KETTLE, STORE, SOLD, 1)] },
            {
              productUuid: LADLE.productId,
              trackingStatusChange: 'START_TRACKING',
              variantChanges: [change(LADLE, SUPPLIER, STORE, 2)],
            },
          ],
        },
        status: 200,
        answer: short(row(TEAPOT, 2), row(RED_TEAPOT, 2), row(KETTLE, 2), row(LADLE, 3)),
      },
      {
        method: 'POST',
        path: `${SELF}/inventory/bulk`,
        body: { productChanges: [{ productUuid: LADLE.productId, variantChanges: [change(LADLE, STORE, BIN, 3)] }] },
        status: 200,
        answer: short(row(LADLE, 0)),
      },
    ],
  },
  {
    name: 'the same change under v1 and v3',
    opening: [[TEAPOT, 10]],
    exchanges: [
      {
        method: 'PUT',
        path: `${OWN}/inventory`,
        body: {
          changes: [change(TEAPOT, SUPPLIER, STORE, 4)],
          returnBalanceForLocationUuid: STORE,
          externalUuid: FRESH,
        },
        status: 200,
        answer: short(row(TEAPOT, 14)),
      },
      {
        method: 'POST',
        path: '/v3/movements',
        body: {
          identifier: FRESH,
          movements: [
            { productUuid: TEAPOT.productId, variantUuid: TEAPOT.variantId, from: STORE, to: SOLD, change: 4 },
          ],
        },
        status: 204,
      },
      {
        method: 'POST',
        path: '/v3/products/status',
        body: [LADLE.productId, TEAPOT.productId],
        status: 200,
        answer: [
          { productUuid: LADLE.productId, enabled: false },
          { productUuid: TEAPOT.productId, enabled: true },
        ],
      },
      {
        method: 'POST',
        path: '/v3/custom-low-stock',
        body: [
          {
            productUuid: TEAPOT.productId,
            variantUuid: TEAPOT.variantId,
            inventoryUuid: STORE,
            lowStockLevel: 1,
            lowStockAlert: true,
          },
        ],
        status: 204,
      },
      {
        method: 'GET',
        path: `/v3/stock/${STORE}/products/${TEAPOT.productId}`,
        status: 200,
        answer: [
          {
            organizationUuid: ORGANIZATION,
            inventoryUuid: STORE,
            productUuid: TEAPOT.productId,
            variantUuid: TEAPOT.variantId,
            balance: 10,
            lowStockLevel: 1,
            lowStockAlert: true,
          },
        ],
      },
    ],
  },
  {
    name: 'low stock: set one, set many, read, read one product, delete one, delete many',
    opening: [
      [TEAPOT, 1],
      [KETTLE, 1],
    ],
    exchanges: [
      { method: 'PUT', path: LOW, body: rule(TEAPOT, { lowStockLevel: 10, lowStockAlert: true }), status: 204 },
      {
        method: 'POST',
        path: LOW,
        body: {
          requests: [
            rule(RED_TEAPOT, { lowStockLevel: 8.0, lowStockAlert: true }),
            rule(KETTLE, { lowStockAlert: true }),
            rule(LADLE, { lowStockLevel: 3, lowStockAlert: false }),
          ],
        },
        status: 204,
      },
      {
        method: 'GET',
        path: READ_LOW,
        status: 200,
        answer: {
          organizationUuid: ORGANIZATION,
          locationUuid: STORE,
          customLowStockLevelsForProducts: [
            productRules(TEAPOT.productId, [TEAPOT, 10, true], [RED_TEAPOT, 8, true]),
            productRules(KETTLE.productId, [KETTLE, null, true]),
            productRules(LADLE.productId, [LADLE, 3, false]),
          ],
        },
      },
      {
        method: 'GET',
        path: `${READ_LOW}/products/${TEAPOT.productId}/`,
        status: 200,
        answer: productRules(TEAPOT.productId, [TEAPOT, 10, true], [RED_TEAPOT, 8, true]),
      },
      // What says nothing deletes the rule.
      { method: 'PUT', path: LOW, body: rule(KETTLE, { lowStockLevel: null, lowStockAlert: false }), status: 204 },
      {
        method: 'DELETE',
        path: `${LOW}/products/${TEAPOT.productId}/variants/${TEAPOT.variantId}`,
        status: 202,
      },
      { method: 'POST', path: `${LOW}/delete`, body: { requests: [rule(RED_TEAPOT), rule(LADLE)] }, status: 202 },
      {
        method: 'GET',
        path: READ_LOW,
        status: 200,
        answer: { organizationUuid: ORGANIZATION, locationUuid: STORE, customLowStockLevelsForProducts: [] },
      },
    ],
  },
  {
    name: 'v3: the inventories, another one, and products by name of their tracking',
    opening: [[TEAPOT, 5]],
    exchanges: [
      {
        method: 'GET',
        path: `/v3/inventories/${STORE}`,
        status: 200,
        answer: {
          inventoryUuid: STORE,
          inventoryType: 'STORE',
          name: 'STORE',
          description: 'System generated location',
          defaultInventory: true,
        },
      },
      { method: 'POST', path: '/v3/inventories', body: { name: 'Market stall', description: 'Fridays' }, status: 201 },
      {
        method: 'POST',
        path: '/v3/products',
        body: [
          { productUuid: KETTLE.productId, tracking: 'enable' },
          { productUuid: TEAPOT.productId, tracking: 'disable' },
        ],
        status: 204,
      },
      {
        method: 'GET',
        path: '/v3/products',
        status: 200,
        answer: [{ productUuid: KETTLE.productId, enabled: true }],
      },
      { method: 'GET', path: '/v3/stock', status: 200, answer: [] },
      { method: 'GET', path: `/v3/stock/${STORE}`, status: 200, answer: [] },
    ],
  },
];

function rule(variant: Variant, setting: object = {}): object {
  return { productUuid: variant.productId, variantUuid: variant.variantId, ...setting };
}

function productRules(productUuid: string, ...rules: readonly (readonly [Variant, number | null, boolean])[]): object {
  return {
    productUuid,
    customLowStockLevelForVariants: rules.map(([{ variantId }, customLowStockLevel, lowStockAlert]) => ({
      variantUuid: variantId,
      customLowStockLevel,
      lowStockAlert,
    })),
  };
}
