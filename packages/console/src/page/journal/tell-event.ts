import type { LedgerEvent } from '@stockfold/core';
import { shortId } from '../ui/format.ts';

/** An event other than movements, in a few words. */
export function tellEvent(event: LedgerEvent): string {
  switch (event.kind) {
    case 'LocationOpened':
      return `location ${event.location.name} opened`;
    case 'TrackingStarted':
      return `tracking of product ${shortId(event.productId)} started`;
    case 'TrackingStopped':
      return `tracking of product ${shortId(event.productId)} stopped`;
    case 'PolicySet':
      return `floors set: ${Object.entries(event.policy.floors)
        .map(([type, floor]) => `${type} ${floor}`)
        .join(', ')}`;
    case 'LowStockSet':
      return `${event.rules.length} low-stock ${event.rules.length === 1 ? 'rule' : 'rules'} set`;
    default:
      // A newer server may record more than this page knows words for.
      return event.kind.replace(/(?<!^)[A-Z]/g, letter => ` ${letter.toLowerCase()}`).toLowerCase();
  }
}
