import { type LedgerEvent, linesOf, type StoredRecord } from '@stockfold/core';
import { type LocationBody, toLocationBody } from './inventory.ts';

/** A record of the journal, in the words of the mirrored API. */
export type MovementRow = Readonly<{
  /** 1, 2, 3 … without gap. */
  sequence: number;
  commandUuid: string;
  externalUuid: string | null;
  /** When it was recorded: ISO 8601, in UTC. */
  timestamp: string;
  trackingChanges: readonly Readonly<{
    productUuid: string;
    trackingStatusChange: 'START_TRACKING' | 'STOP_TRACKING';
  }>[];
  movements: readonly Readonly<{
    productUuid: string;
    variantUuid: string;
    fromLocationUuid: string;
    toLocationUuid: string;
    change: number;
  }>[];
  /** Locations that were opened: the system locations come with the first record. */
  locations: readonly LocationBody[];
}>;

/** Writes a record as a row. */
export function toMovementRow(record: StoredRecord): MovementRow {
  const { sequence, commandId, externalUuid, recordedAt, events } = record;
  return {
    sequence,
    commandUuid: commandId,
    externalUuid,
    timestamp: new Date(recordedAt).toISOString(),
    trackingChanges: events.flatMap(trackingChangesOf),
    movements: linesOf(record).map(({ productId, variantId, from, to, quantity }) => ({
      productUuid: productId,
      variantUuid: variantId,
      fromLocationUuid: from,
      toLocationUuid: to,
      change: quantity,
    })),
    locations: events.flatMap(event => (event.kind === 'LocationOpened' ? [toLocationBody(event.location)] : [])),
  };
}

function trackingChangesOf(event: LedgerEvent): MovementRow['trackingChanges'] {
  if (event.kind === 'TrackingStarted')
    return [{ productUuid: event.productId, trackingStatusChange: 'START_TRACKING' }];
  if (event.kind === 'TrackingStopped')
    return [{ productUuid: event.productId, trackingStatusChange: 'STOP_TRACKING' }];
  return [];
}
