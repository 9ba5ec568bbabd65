import type { HostileRequest } from './hostile-requests.ts';
import { MUG, SOLD, STORE } from './world.ts';

const ORGANIZATION = '/organizations/self';
const ID = 'd0000000-0000-4000-8000-000000000001';
const mug = { productUuid: MUG.productId, variantUuid: MUG.variantId };
const line = { ...MUG, from: 'STORE', to: 'SOLD', quantity: 1 };

const ask = (method: string, path: string, body?: unknown): HostileRequest => ({
  method,
  path: `${ORGANIZATION}${path}`,
  headers: {},
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});
const command = (kind: string, rest: object) =>
  ask('POST', '/ledger/commands', { commands: [{ kind, id: ID, ...rest }] });
const query = (kind: string, asked: object) => ask('POST', '/ledger/queries', { kind, query: asked });
const subscription = { transportName: 'WEBHOOK', eventNames: ['InventoryBalanceChanged'], contactEmail: 'a@b' };

/** Requests of the paths beyond the mirrored API. */
export const OWN_REQUESTS: readonly HostileRequest[] = [
  ask('POST', '/counts', { locationUuid: STORE, ...mug, counted: 3, observedAt: 1_000 }),
  ask('POST', '/late-movements', { occurredAt: 100, movements: [{ ...mug, from: STORE, to: SOLD, change: 1 }] }),
  ask('GET', '/counts?from=1&limit=2'),
  ask('GET', `/effective-balances/${STORE}/${MUG.variantId}?at=5`),
  ask('GET', '/policy'),
  ask('PUT', '/policy', { floors: { types: { STORE: -1_000_000_000 } }, holds: true }),
  ask('POST', '/holds', { owner: 'cart', holds: [{ holdUuid: ID, locationUuid: STORE, ...mug, quantity: 1 }] }),
  ask('GET', '/holds?limit=1'),
  ask('POST', `/holds/${ID}/post`, { quantity: 1 }),
  ask('POST', `/holds/${ID}/release`, {}),
  ask('GET', `/availability?location=${STORE}&variant=${MUG.variantId}`),
  ask('POST', '/movements/preview', {
    changes: [{ ...mug, fromLocationUuid: STORE, toLocationUuid: SOLD, change: 1 }],
  }),
  ask('POST', `/movements/${ID}/reversal`, { force: { reason: 'x' }, provenance: { source: 's' } }),
  ask('GET', '/movements?after=0&limit=2'),
  ask('GET', `/history/locations/${STORE}/variants/${MUG.variantId}?limit=2`),
  ask('GET', `/history/locations/${STORE}/variants/${MUG.variantId}/explanation?asOf=1`),
  ask('GET', '/diff?from=0&to=1'),
  ask('GET', '/ledger'),
  command('RecordMovements', { lines: [line], provenance: { source: 'a' }, notes: [{ kind: 'x', id: 'y', body: {} }] }),
  command('SetLowStock', { rules: [{ ...MUG, locationId: STORE, level: 1, alert: true }] }),
  command('SetPolicy', { policy: { floors: { types: { STORE: -5 } } } }),
  command('OpenLocation', { location: { id: ID, type: 'STORE', name: 'stall' } }),
  query('balances', { limit: 2 }),
  query('balanceAt', { locationId: 'STORE', variantId: MUG.variantId }),
  query('journal', { limit: 2 }),
  query('notes', { kind: 'count', prefix: 'a', limit: 2 }),
  query('records', { commandIds: [ID] }),
  query('postings', { locationId: STORE, variantId: MUG.variantId, limit: 2 }),
  query('preview', { kind: 'RecordMovements', id: ID, lines: [line] }),
  ask('POST', '/subscriptions', { uuid: ID, ...subscription, destination: 'https://hooks.shop.example/x' }),
  ask('PUT', `/subscriptions/${ID}`, { destination: 'https://hooks.shop.example/y', eventNames: [] }),
  ask('GET', '/subscriptions'),
];
