import type { LedgerEvent } from './event.ts';
import type { CommandId, Uuid } from './id.ts';
import type { MovementLine } from './movement.ts';
import type { Provenance } from './provenance.ts';

/** What one command did. */
export type JournalRecord = Readonly<{
  commandId: CommandId;
  externalUuid: Uuid | null;
  events: readonly LedgerEvent[];
}>;

/** A record with its place in the journal. */
export type StoredRecord = JournalRecord &
  Readonly<{
    /** 1, 2, 3 … without gap within an organization. */
    sequence: number;
    /** Milliseconds since 1970, never less than the record before; order comes from `sequence`. */
    recordedAt: number;
  }>;

/** How far an acknowledged command has got: memory of the process, this device's disk, or a server. */
export type Durability = 'memory' | 'device' | 'synced';

/** The proof that a command is in the journal. */
export type Receipt = Readonly<{
  commandId: CommandId;
  sequence: number;
  /** Milliseconds since 1970. */
  recordedAt: number;
  /** True when the command had been recorded before: nothing moved this time. */
  replayed: boolean;
  durability: Durability;
}>;

/** The movements of a record, in the order they were written. */
export function linesOf({ events }: JournalRecord): readonly MovementLine[] {
  const [first] = events;
  // Nearly always there is one list: the very list then, by which `tally` knows it again.
  if (events.length === 1 && first?.kind === 'MovementsRecorded') return first.lines;
  const lists = events.flatMap(event => (event.kind === 'MovementsRecorded' ? [event.lines] : []));
  return lists.length === 1 ? (lists[0] as readonly MovementLine[]) : lists.flat();
}

/** Where a record comes from; without fields when nobody said. An `externalUuid` is an id elsewhere too. */
export function provenanceOf(record: JournalRecord): Provenance {
  const given = attributionOf(record);
  const { externalUuid } = record;
  return externalUuid === null ? given : { externalId: externalUuid, ...given };
}

/** What the command of a record said of where it comes from, word for word. */
export function attributionOf({ events }: JournalRecord): Provenance {
  for (const event of events) if (event.kind === 'Attributed') return event.provenance;
  return {};
}

/** Whether a record came through a source. */
export function isFrom(record: JournalRecord, source: string): boolean {
  return attributionOf(record).source === source;
}

/** When what a record tells of happened, in milliseconds since 1970: when it was recorded, unless it says otherwise. */
export function occurredAtOf(record: StoredRecord): number {
  return attributionOf(record).occurredAt ?? record.recordedAt;
}
