import { type LedgerEvent, linesOf, type Provenance, type StoredRecord } from '@stockfold/core';
import type { MovementRow } from './answers.ts';
import { toLocationBody } from './inventory.ts';
import { toPolicyBody } from './policy.ts';

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
    ...Object.assign({}, ...events.map(settingOf)),
  };
}

function trackingChangesOf(event: LedgerEvent): MovementRow['trackingChanges'] {
  if (event.kind === 'TrackingStarted')
    return [{ productUuid: event.productId, trackingStatusChange: 'START_TRACKING' }];
  if (event.kind === 'TrackingStopped')
    return [{ productUuid: event.productId, trackingStatusChange: 'STOP_TRACKING' }];
  return [];
}

/** What a record sets, says of itself, or is allowed, once: absent from most rows. */
function settingOf(event: LedgerEvent): Partial<MovementRow> {
  if (event.kind === 'Attributed') return { provenance: provenanceOf(event.provenance) };
  if (event.kind === 'FloorsOverridden') return { override: { floors: true, reason: event.reason } };
  return event.kind === 'PolicySet' ? { policy: toPolicyBody(event.policy) } : {};
}

function provenanceOf({ occurredAt, ...rest }: Provenance): NonNullable<MovementRow['provenance']> {
  return occurredAt === undefined ? rest : { ...rest, occurredAt: new Date(occurredAt).toISOString() };
}
