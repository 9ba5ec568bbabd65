import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type ImportRejected, importJournal, type Rejection, type StoreFault } from '@stockfold/core';
import { CliError } from './cli-error.ts';
import { cliErrorOf } from './open-books.ts';
import { nameOf, openStore } from './open-store.ts';
import { startProgress } from './progress.ts';

// Something is wrong with the journal, and not with the command.
const WRONG = 2;

/** Brings a journal into a store, each record through the rules once more. */
export async function importBooks(file: string | undefined, options: Readonly<{ db: string }>): Promise<void> {
  const bytes = file === undefined ? null : sizeOf(file);
  const input = file === undefined ? process.stdin : createReadStream(file);
  const store = await openStore(options.db);
  const progress = bytes === null ? null : startProgress('bytes');
  const lines = countedLines(input, read => progress?.update(read, bytes ?? read));
  const imported = await importJournal({ store, lines });
  progress?.stop();
  await store.close();
  if (imported.isErr()) return fail(imported.error, options);
  const { organizationId, sequence, written } = imported.value;
  const before = sequence - written;
  const known = before === 0 ? '' : ` (${before} were there already)`;
  console.log(`${nameOf(options.db)} holds ${sequence} records of organization ${organizationId}${known}.`);
}

function fail(error: ImportRejected | StoreFault, options: Readonly<{ db: string }>): void {
  if (error.kind !== 'ImportRejected') throw cliErrorOf(options, error);
  console.error(`stockfold: ${explain(error)}`);
  process.exitCode = WRONG;
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) throw new CliError(`${file}: there is no such file.`);
  return stat.size;
}

async function* countedLines(input: Readable, onRead: (bytes: number) => void): AsyncGenerator<string> {
  let read = 0;
  // What a line holds as bytes is at least its characters: near enough for a bar.
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    read += line.length + 1;
    onRead(read);
    yield line;
  }
}

/** What is wrong with a line, how far the import has come, and what to do next. */
function explain({ reason, line, applied, rejection }: ImportRejected): string {
  const done = applied === 0 ? 'nothing was recorded' : `all up to record ${applied} is there`;
  return `line ${line} ${WRONGS[reason]}${reasonOf(rejection)}; ${done}. ${NEXT[reason] ?? AGAIN}`;
}

const WRONGS: Readonly<Record<ImportRejected['reason'], string>> = {
  LineInvalid: 'is no line of an exported journal',
  VersionUnknown: 'is of a later version of Stockfold',
  SequenceNotDense: 'does not follow on the record before it',
  RecordDiffers: 'is another record than the one that is there',
  RecordInvalid: 'is a record that no command makes',
  Refused: 'is refused by the rules',
  Incomplete: 'is the last one, before the journal is at its end: the text was cut off',
  Contended: 'came while somebody else wrote to the organization',
};

const AGAIN = 'Export the journal again, and run the same import: it goes on from there.';
const NEXT: Readonly<Partial<Record<ImportRejected['reason'], string>>> = {
  VersionUnknown: 'Import it with that version.',
  RecordDiffers: 'Import it into a database of its own.',
  Contended: 'Import it into a new database, and let nobody write there meanwhile.',
};

function reasonOf(rejection: Rejection | undefined): string {
  return rejection === undefined ? '' : ` (${rejection.kind})`;
}
