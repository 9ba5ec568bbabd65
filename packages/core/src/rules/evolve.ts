import { type Draft, enableMapSet, produce } from 'immer';
import type { LedgerEvent } from '../model/event.ts';
import type { MovementLine } from '../model/movement.ts';
import type { Slice } from './slice.ts';

enableMapSet();

/**
 * The slice after some events: the same rows, moved on. What no event touches is shared with the slice before.
 *
 * One draft for all events: a draft per line is quadratic (659 ms against 8 ms for 1,000 lines).
 */
export function evolve(slice: Slice, events: readonly LedgerEvent[]): Slice {
  if (events.length === 0) return slice;
  return produce(slice, draft => {
    for (const event of events) apply(draft, event);
  });
}

function apply(draft: Draft<Slice>, event: LedgerEvent): void {
  switch (event.kind) {
    case 'LocationOpened':
      draft.locations.set(event.location.id, event.location);
      return;
    case 'PolicySet':
      draft.policy = event.policy;
      return;
    case 'TrackingStarted':
      draft.tracked.add(event.productId);
      return;
    case 'TrackingStopped':
      draft.tracked.delete(event.productId);
      return;
    case 'MovementsRecorded':
      for (const line of event.lines) move(draft, line);
  }
}

function move(draft: Draft<Slice>, line: MovementLine): void {
  draft.productOf.set(line.variantId, line.productId);
  const balances = draft.onHand.get(line.variantId) ?? new Map();
  balances.set(line.from, (balances.get(line.from) ?? 0) - line.quantity);
  balances.set(line.to, (balances.get(line.to) ?? 0) + line.quantity);
  draft.onHand.set(line.variantId, balances);
}
