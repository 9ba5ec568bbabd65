import {
  type Balance,
  formatQuantity,
  type Ledger,
  type LedgerError,
  type LocationId,
  type LowStockCrossing,
  linesOf,
  type MovementLine,
  PAGE_LIMIT_MAX,
  type ProductId,
  type Scale,
  type StoredRecord,
  type VariantId,
} from '@stockfold/core';
import { ok, type Result, ResultAsync } from 'neverthrow';
import { hashToUuid } from '../hash-to-uuid.ts';
import { scaleOf } from '../scale-of.ts';
import { LOW_STOCK_EVENT, type WebhookEvent } from './webhook-store.ts';

/** One message as it goes out. Built from the journal alone: a message that is sent again is the same one. */
export type WebhookMessage = Readonly<{
  organizationUuid: string;
  messageUuid: string;
  eventName: string;
  messageId: string;
  /** JSON as a text: what the signature is over. */
  payload: string;
  timestamp: string;
}>;

/**
 * What a record has to tell: tracking that started or stopped, product by product, then the balances that changed,
 * those of STORE locations, as in all that is documented; and the low-stock levels that it has crossed, one by one.
 *
 * @param crossings - Those of the record; with none given, nothing is told of them.
 * @see Zettle Pusher API, "Event payloads".
 */
export async function messagesOf(
  ledger: Ledger,
  record: StoredRecord,
  crossings: readonly LowStockCrossing[] = [],
): Promise<Result<readonly WebhookMessage[], LedgerError>> {
  const { organizationId: organizationUuid } = ledger;
  const who = {
    uuid: organizationUuid,
    timestamp: payloadTime(record),
    userType: 'USER',
    clientUuid: organizationUuid,
  };
  const contents: Content[] = record.events.flatMap<Content>(event => {
    if (event.kind === 'TrackingStarted')
      return [['InventoryTrackingStarted', { organizationUuid, productUuid: event.productId, created: who }]];
    if (event.kind === 'TrackingStopped')
      return [['InventoryTrackingStopped', { organizationUuid, productUuid: event.productId, changeInformation: who }]];
    return [];
  });
  const changed = await changesOf(ledger, record);
  if (changed.isErr()) return changed.map(() => []);
  const scale = await scaleOf(ledger);
  if (scale.isErr()) return scale.map(() => []);
  if (changed.value.length > 0) {
    const rows = (side: 'before' | 'after') =>
      changed.value.map(({ locationId, productId, variantId, ...balance }) => ({
        organizationUuid,
        locationUuid: locationId,
        productUuid: productId,
        variantUuid: variantId,
        balance: formatQuantity(balance[side], scale.value),
      }));
    const { externalUuid } = record;
    const payload = {
      organizationUuid,
      updated: who,
      balanceBefore: rows('before'),
      balanceAfter: rows('after'),
      externalUuid,
    };
    contents.push(['InventoryBalanceChanged', payload]);
  }
  // Somebody wants to be told of those alone that have an alert.
  for (const crossing of crossings)
    if (crossing.alert)
      contents.push([LOW_STOCK_EVENT, { organizationUuid, updated: who, ...crossingBody(crossing, scale.value) }]);
  return ok(await Promise.all(contents.map((content, index) => envelope(ledger, record, content, index))));
}

function crossingBody(crossing: LowStockCrossing, scale: Scale) {
  const { kind, locationId, productId, variantId, level, before, onHand, record } = crossing;
  return {
    locationUuid: locationId,
    productUuid: productId,
    variantUuid: variantId,
    status: kind === 'StockBecameLow' ? 'LOW' : 'RECOVERED',
    level: level === null ? null : formatQuantity(level, scale),
    balanceBefore: formatQuantity(before, scale),
    balanceAfter: formatQuantity(onHand, scale),
    externalUuid: record.externalUuid,
  };
}

/** The message that a new subscription is tried with. */
export async function testMessage(ledger: Ledger, uuid: string, at: number): Promise<WebhookMessage> {
  const record = { sequence: 0, recordedAt: at, commandId: uuid };
  return envelope(ledger, record, ['TestMessage', { data: 'payload' }], 0);
}

type Content = readonly [eventName: WebhookEvent | 'TestMessage', payload: object];

async function envelope(
  { organizationId }: Ledger,
  { sequence, commandId, recordedAt }: Pick<StoredRecord, 'sequence' | 'recordedAt'> & Readonly<{ commandId: string }>,
  [eventName, payload]: Content,
  index: number,
): Promise<WebhookMessage> {
  const name = `${organizationId} ${sequence} ${commandId} ${index}`;
  return {
    organizationUuid: organizationId,
    messageUuid: await hashToUuid(`stockfold messageUuid ${name}`),
    eventName,
    messageId: await hashToUuid(`stockfold messageId ${name}`),
    payload: JSON.stringify(payload),
    timestamp: new Date(recordedAt).toISOString(),
  };
}

/** `2021-04-19T13:18:11.966+0000`: how times are written inside of payloads. */
function payloadTime({ recordedAt }: StoredRecord): string {
  return new Date(recordedAt).toISOString().replace('Z', '+0000');
}

type Changed = Readonly<{
  locationId: LocationId;
  productId: ProductId;
  variantId: VariantId;
  before: number;
  after: number;
}>;

/** Balances of STORE locations that the record changed. */
async function changesOf(ledger: Ledger, record: StoredRecord): Promise<Result<readonly Changed[], LedgerError>> {
  const lines = linesOf(record);
  if (lines.length === 0) return ok([]);
  const locations = await ledger.locations();
  if (locations.isErr()) return locations.map(() => []);
  const stores = locations.value.filter(location => location.type === 'STORE').map(location => location.id);
  const touched = stores.filter(id => lines.some(line => line.from === id || line.to === id));
  const read = touched.map(id => changesAt(ledger, id, record.sequence, lines));
  return ResultAsync.combine(read).map(found => found.flat());
}

function changesAt(
  ledger: Ledger,
  locationId: LocationId,
  asOf: number,
  lines: readonly MovementLine[],
): ResultAsync<readonly Changed[], LedgerError> {
  const deltas = new Map<VariantId, number>();
  for (const { variantId, from, to, quantity } of lines) {
    const delta = (to === locationId ? quantity : 0) - (from === locationId ? quantity : 0);
    if (delta !== 0) deltas.set(variantId, (deltas.get(variantId) ?? 0) + delta);
  }
  // A command has at most 1,000 lines, so that one page has them all.
  return ledger.balances({ locationId, variantIds: [...deltas.keys()], asOf, limit: PAGE_LIMIT_MAX }).map(({ items }) =>
    items.flatMap(({ productId, variantId, onHand }: Balance) => {
      const delta = deltas.get(variantId) ?? 0;
      return delta === 0 ? [] : [{ locationId, productId, variantId, before: onHand - delta, after: onHand }];
    }),
  );
}
