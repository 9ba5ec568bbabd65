import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type OrganizationId, parseUuid } from '../model/id.ts';
import type { StoredRecord } from '../model/journal.ts';
import type { Rejection } from '../model/rejection.ts';
import { canonicalJson } from '../rules/canonical-json.ts';
import { occursLater } from '../rules/decide.ts';
import { workingCopy } from '../rules/evolve.ts';
import { plan } from '../rules/plan.ts';
import { isPlainObject } from '../rules/reader.ts';
import { type Recalled, recall, redecide } from '../rules/redecide.ts';
import { type Slice, touchesAll } from '../rules/slice.ts';
import { JOURNAL_FORMAT_VERSION, type JournalHeader } from './export-journal.ts';
import type { StoreFault } from './fault.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { LedgerStore } from './store.ts';

/** What is imported, and where to. */
export type ImportOptions = Readonly<{
  store: LedgerStore;
  /** Lines of {@link exportJournal}, each with its line feed or without. */
  lines: AsyncIterable<string> | Iterable<string>;
  /** Called with the last sequence that is in the store, now and then. */
  onProgress?: ((sequence: number) => void) | undefined;
}>;

/** What an import has come to. */
export type Imported = Readonly<{
  organizationId: OrganizationId;
  /** The last sequence of the journal. */
  sequence: number;
  /** How many records were written; the others had been there. */
  written: number;
}>;

/** Why an import has ended at a line. What came before is in the store, whole; it goes on from there when it is run again. */
export type ImportRejected = Readonly<{
  kind: 'ImportRejected';
  retry: 'never';
  reason: /** It is no JSON, or not a header and records. */
    | 'LineInvalid'
    /** A newer version of this library wrote it. */
    | 'VersionUnknown'
    /** It does not follow on the record before: 1, 2, 3 … up to the one that the header names, and no time goes back. */
    | 'SequenceNotDense'
    /** The store has another record in this place, or the command in another. */
    | 'RecordDiffers'
    /** No command makes such a record. */
    | 'RecordInvalid'
    /** The rules refuse it, with `rejection`. */
    | 'Refused'
    /** It ends before the record that its header names: the text was cut off. */
    | 'Incomplete'
    /** Somebody else writes to the organization. */
    | 'Contended';
  /** From 1. */
  line: number;
  /** The last sequence that is in the store. */
  applied: number;
  rejection?: Rejection | undefined;
}>;

/**
 * Brings a journal into a store, each record through the rules once more, under its own id and time: what no ledger would
 * have recorded is refused. A store that holds the beginning of the journal already is taken on from there, and compared so
 * far. The text that is exported from it afterwards is the same, byte for byte.
 *
 * Memory does not grow with the journal. Every commit is whole: nothing is applied by halves.
 *
 * @returns How far it has got; `ImportRejected` for a line, or a fault of the store.
 */
export function importJournal(options: ImportOptions): ResultAsync<Imported, ImportRejected | StoreFault> {
  return new ResultAsync(new Import(options).run());
}

type Step = Promise<Result<void, ImportRejected | StoreFault>>;
type Header = Readonly<Partial<Record<keyof JournalHeader, unknown>>>;
type Line = Recalled & Readonly<{ line: number; record: StoredRecord }>;

/** Null for a record that is accepted; `twice` for a command that stands in the batch already. */
type Verdict = ReturnType<typeof redecide> | 'twice';

// As many as a ledger takes into one group; and no more when they move so many balances.
const BATCH_MAX = 256;
const MOVES_MAX = 2_000;

class Import {
  readonly #options: ImportOptions;
  #organizationId: OrganizationId | null = null;
  /** The last sequence by the header. */
  #end = 0;
  #line = 0;
  /** The last record that is in the store, or in the batch. */
  #last = { sequence: 0, recordedAt: Number.NEGATIVE_INFINITY };
  /** The last sequence in the store when the import began. */
  #known = 0;
  #page: readonly StoredRecord[] = [];
  #applied = 0;
  #written = 0;
  #batch: Line[] = [];

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  async run(): Promise<Result<Imported, ImportRejected | StoreFault>> {
    for await (const text of this.#options.lines) {
      this.#line += 1;
      if (text.trim() === '') continue;
      const taken = await this.#take(parse(text));
      if (taken.isErr()) return err(taken.error);
    }
    const flushed = await this.#flush();
    if (flushed.isErr()) return err(flushed.error);
    if (this.#organizationId === null) return this.#refuse('LineInvalid');
    if (this.#applied !== this.#end) return this.#refuse('Incomplete');
    return ok({ organizationId: this.#organizationId, sequence: this.#applied, written: this.#written });
  }

  #take(content: unknown): Step {
    if (this.#organizationId === null) return this.#begin(content);
    return isRecord(content) ? this.#takeRecord(content) : this.#stop('LineInvalid');
  }

  async #begin(content: unknown): Step {
    const { format, version, organizationId, sequence } = (content ?? {}) as Header;
    const id = parseUuid(organizationId).unwrapOr(null);
    if (format !== 'stockfold-journal' || id === null) return this.#refuse('LineInvalid');
    if (version !== JOURNAL_FORMAT_VERSION) return this.#refuse('VersionUnknown');
    if (!Number.isSafeInteger(sequence)) return this.#refuse('LineInvalid');
    this.#organizationId = id;
    this.#end = sequence as number;
    const head = await this.#options.store.journal({ organizationId: id, after: 0, limit: 1 });
    if (head.isErr()) return err(head.error);
    this.#known = head.value.asOf;
    return ok();
  }

  async #takeRecord(record: StoredRecord): Step {
    const { sequence, recordedAt } = record;
    const isNext = sequence === this.#last.sequence + 1 && sequence <= this.#end;
    if (!isNext || recordedAt < this.#last.recordedAt) return this.#stop('SequenceNotDense');
    this.#last = record;
    if (sequence <= this.#known) return this.#compare(record);
    const { sequence: _, recordedAt: at, ...content } = record;
    const recalled = recall(content);
    if (recalled === null) return this.#stop('RecordInvalid');
    const isFull = this.#batch.length >= BATCH_MAX || moveCount(this.#batch) >= MOVES_MAX;
    // What is written in one commit is of one time, and a handle brings what it brings with the first record of one.
    const isOther = at !== this.#batch[0]?.record.recordedAt || recalled.founding.length > 0;
    if (isFull || isOther) {
      const flushed = await this.#flush();
      if (flushed.isErr()) return flushed;
    }
    this.#batch.push({ ...recalled, record, line: this.#line });
    return ok();
  }

  /** A record that is in the store already. */
  async #compare(record: StoredRecord): Step {
    const { store } = this.#options;
    const organizationId = this.#organizationId as OrganizationId;
    if (record.sequence > (this.#page.at(-1)?.sequence ?? 0)) {
      const read = await store.journal({ organizationId, after: record.sequence - 1, limit: PAGE_LIMIT_MAX });
      if (read.isErr()) return err(read.error);
      this.#page = read.value.items;
    }
    const stored = this.#page.find(({ sequence }) => sequence === record.sequence);
    if (canonicalJson(stored) !== canonicalJson(record)) return this.#refuse('RecordDiffers');
    this.#applied = record.sequence;
    return ok();
  }

  /** Decides the records of the batch, one after the other, and commits those that are accepted. */
  async #flush(): Step {
    const batch = this.#batch;
    const [first] = batch;
    if (first === undefined) return ok();
    this.#batch = [];
    const organizationId = this.#organizationId as OrganizationId;
    const { store } = this.#options;
    const commands = batch.map(({ decided }) => decided.command);
    // Whether holds are kept, the records themselves say.
    const keys = touchesAll(commands, true);
    const loaded = await store.load(
      organizationId,
      keys,
      commands.map(({ id }) => id),
    );
    if (loaded.isErr()) return err(loaded.error);
    const { slice } = loaded.value;
    const rows = workingCopy(slice, keys);
    const accepted: Line[] = [];
    let verdict: Verdict = null;
    for (const line of batch) {
      verdict = isAmong(accepted, line)
        ? 'twice'
        : (occursLater(line.decided.command, line.record.recordedAt) ?? redecide(line, rows, line.record.recordedAt));
      if (verdict !== null) break;
      accepted.push(line);
    }
    if (accepted.length > 0) {
      const committed = await this.#commit(slice, accepted, first);
      if (committed.isErr()) return committed;
    }
    const { line } = batch[accepted.length] ?? first;
    if (verdict === 'unfounded') return this.#refuse('RecordInvalid', { line });
    if (verdict === 'twice') return this.#refuse('RecordDiffers', { line });
    return verdict === null ? ok() : this.#refuse('Refused', { line, rejection: verdict });
  }

  async #commit(slice: Slice, accepted: readonly Line[], { line, record }: Line): Step {
    const { store, onProgress } = this.#options;
    const organizationId = this.#organizationId as OrganizationId;
    const decided = accepted.map(each => each.decided);
    const answer = await store.commit(plan(slice, decided, { organizationId, at: record.recordedAt }));
    if (answer.isErr()) return err(answer.error);
    if (answer.value.kind === 'known') return this.#refuse('RecordDiffers', { line });
    if (answer.value.kind !== 'committed') return this.#refuse('Contended', { line });
    const { firstSequence, recordedAt } = answer.value;
    this.#applied = firstSequence + accepted.length - 1;
    this.#written += accepted.length;
    if (firstSequence !== record.sequence || recordedAt !== record.recordedAt)
      return this.#refuse('Contended', { line });
    onProgress?.(this.#applied);
    return ok();
  }

  /** Ends with a line, once those before it are in the store. */
  async #stop(reason: ImportRejected['reason']): Step {
    const line = this.#line;
    const flushed = await this.#flush();
    return flushed.isErr() ? flushed : this.#refuse(reason, { line });
  }

  #refuse(
    reason: ImportRejected['reason'],
    { line = this.#line, rejection }: Readonly<{ line?: number; rejection?: Rejection }> = {},
  ): Result<never, ImportRejected> {
    const refused = { kind: 'ImportRejected', retry: 'never', reason, line, applied: this.#applied } as const;
    return err(rejection === undefined ? refused : { ...refused, rejection });
  }
}

function isAmong(accepted: readonly Line[], { decided }: Line): boolean {
  return accepted.some(other => other.decided.command.id === decided.command.id);
}

function moveCount(batch: readonly Line[]): number {
  return batch.reduce((sum, { decided }) => sum + decided.moves.length, 0);
}

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The shape that reading a record relies on; the rules look at the rest. */
function isRecord(content: unknown): content is StoredRecord {
  if (typeof content !== 'object' || content === null) return false;
  const { sequence, recordedAt, events } = content as Partial<StoredRecord>;
  return (
    Number.isSafeInteger(sequence) && Number.isSafeInteger(recordedAt) && Array.isArray(events) && events.every(isEvent)
  );
}

function isEvent(event: unknown): boolean {
  if (!isPlainObject(event)) return false;
  return event.kind !== 'LocationOpened' || isPlainObject(event.location);
}
