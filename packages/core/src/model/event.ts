import type { ProductId } from './id.ts';
import type { Location } from './location.ts';
import type { LowStockRule } from './low-stock.ts';
import type { MovementLine } from './movement.ts';
import type { Policy } from './policy.ts';

/** What happened. A record holds the events of one command; stores keep them without reading them. */
export type LedgerEvent =
  | Readonly<{ kind: 'LocationOpened'; location: Location }>
  | Readonly<{ kind: 'PolicySet'; policy: Policy }>
  | Readonly<{ kind: 'TrackingStarted'; productId: ProductId }>
  | Readonly<{ kind: 'TrackingStopped'; productId: ProductId }>
  | Readonly<{ kind: 'LowStockSet'; rules: readonly LowStockRule[] }>
  | Readonly<{ kind: 'MovementsRecorded'; lines: readonly MovementLine[] }>;
