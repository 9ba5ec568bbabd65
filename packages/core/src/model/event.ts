import type { ProductId } from './id.ts';
import type { JsonValue } from './json.ts';
import type { Location } from './location.ts';
import type { LowStockRule } from './low-stock.ts';
import type { MovementLine } from './movement.ts';
import type { NoteKey } from './note.ts';
import type { Policy } from './policy.ts';
import type { Provenance } from './provenance.ts';

/** What happened. A record holds the events of one command; stores keep them without reading them. */
export type LedgerEvent =
  | Readonly<{ kind: 'LocationOpened'; location: Location }>
  | Readonly<{ kind: 'PolicySet'; policy: Policy }>
  | Readonly<{ kind: 'TrackingStarted'; productId: ProductId }>
  | Readonly<{ kind: 'TrackingStopped'; productId: ProductId }>
  /** The movements of this record were allowed to break floors. */
  | Readonly<{ kind: 'FloorsOverridden'; reason: string }>
  | Readonly<{ kind: 'LowStockSet'; rules: readonly LowStockRule[] }>
  | Readonly<{ kind: 'MovementsRecorded'; lines: readonly MovementLine[] }>
  /** What the command was asked for, in the words of whoever made lines and notes of it. */
  | Readonly<{ kind: 'Requested'; request: JsonValue }>
  /** Where the command came from, where its caller said so. */
  | Readonly<{ kind: 'Attributed'; provenance: Provenance }>
  /** A body of null: the note was taken away. */
  | Readonly<{ kind: 'NotesWritten'; notes: readonly (NoteKey & Readonly<{ body: JsonValue }>)[] }>;
