import type { CommandId, JournalRecord, LedgerEvent, StoredRecord } from '@stockfold/core';
import { Column } from './column.ts';
import { CommandIds } from './command-ids.ts';
import type { Ids } from './ids.ts';
import { Lines } from './lines.ts';

type Moved = LedgerEvent & { kind: 'MovementsRecorded' };

/** A record without what stands in columns: its id, and of its movements all but how many there are. */
type Rest = Omit<JournalRecord, 'commandId' | 'events'> & Readonly<{ events: readonly RestOfEvent[] }>;
type RestOfEvent = Exclude<LedgerEvent, Moved> | (Omit<Moved, 'lines'> & Readonly<{ lines: number }>);

/** All records in order, that of sequence n in row n − 1: ids and movements in columns, what else there is as it came. */
export class Journal {
  readonly #commandIds = new CommandIds();
  readonly #recordedAt = new Column(Float64Array);
  readonly #firstLine = new Column(Int32Array);
  readonly #lines: Lines;
  /** Of records that are more than some movements. */
  readonly #rests = new Map<number, Rest>();

  constructor(ids: Ids) {
    this.#lines = new Lines(ids);
  }

  /** The last sequence. */
  get length(): number {
    return this.#recordedAt.length;
  }

  push(record: JournalRecord, recordedAt: number): void {
    this.#commandIds.push(record.commandId);
    this.#firstLine.push(this.#lines.length);
    const row = this.#recordedAt.push(recordedAt);
    for (const event of record.events)
      if (event.kind === 'MovementsRecorded') for (const line of event.lines) this.#lines.push(line);
    if (!isPlain(record)) this.#rests.set(row, restOf(record));
  }

  /** The records of those commands that are here. */
  find(commandIds: readonly CommandId[]): readonly StoredRecord[] {
    const records: StoredRecord[] = [];
    for (const id of commandIds) {
      const row = this.#commandIds.find(id);
      if (row >= 0) records.push(this.at(row + 1));
    }
    return records;
  }

  /** The record of a sequence, copied: what a caller does with it cannot reach the journal. */
  at(sequence: number): StoredRecord {
    const row = sequence - 1;
    let line = this.#firstLine.at(row);
    const end = sequence < this.length ? this.#firstLine.at(sequence) : this.#lines.length;
    const { events, ...rest } = structuredClone(this.#rests.get(row)) ?? plainRest(end - line);
    const whole = (event: RestOfEvent): LedgerEvent => {
      if (event.kind !== 'MovementsRecorded') return event;
      const first = line;
      line += event.lines;
      return { ...event, lines: this.#lines.read(first, line) };
    };
    return {
      commandId: this.#commandIds.at(row),
      sequence,
      recordedAt: this.#recordedAt.at(row),
      ...rest,
      events: events.map(whole),
    };
  }
}

/** Whether a record is one list of movements, and has nothing that {@link plainRest} does not give. */
function isPlain(record: JournalRecord): boolean {
  const [event] = record.events;
  if (record.events.length !== 1 || event?.kind !== 'MovementsRecorded' || record.externalUuid !== null) return false;
  return Object.keys(event).length === 2 && Object.keys(record).length === 3;
}

function plainRest(lines: number): Rest {
  return { externalUuid: null, events: [{ kind: 'MovementsRecorded', lines }] };
}

function restOf({ commandId: _, events, ...rest }: JournalRecord): Rest {
  const shortened = events.map(event =>
    event.kind === 'MovementsRecorded' ? { ...event, lines: event.lines.length } : event,
  );
  return { ...rest, events: shortened };
}
