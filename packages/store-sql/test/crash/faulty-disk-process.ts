import { copyFileSync, existsSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type CommandInput,
  createLedger,
  type Ledger,
  restock,
  type StoreFault,
  sale,
  startTracking,
} from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { FLOOR, MUG } from './shelf.ts';

// Tells a short story on a new file again and again, under `disk-shim.c`, with a fault at one call to the disk: at the
// first, then at the second, until the story ends before the fault comes. `node faulty-disk-process.ts <folder>
// <EIO | ENOSPC> <once | on> <alone | shared> <first> <step>`. Prints what it has seen as one line of JSON.

const [folder = '', error = '', duration, company, first, step] = process.argv.slice(2);
const control = openSync(process.env.SHIM_FAULTS ?? '', 'r+');
const isShared = company === 'shared';

const ids = [1, 2, 3].map(number => `00000000-0000-4000-8000-00000000000${number}`);
const lines = [restock('STORE', MUG, 10), sale('STORE', MUG, 3), sale('STORE', MUG, 4)];
const story: readonly CommandInput[] = ids.map((id, index) => ({
  kind: 'RecordMovements',
  id,
  tracking: [startTracking(MUG.productId)],
  lines: lines.slice(index, index + 1),
}));

const seen: Record<string, number> = {};
const wrong: string[] = [];
let placements = 0;
let faults = 0;

for (let at = Number(first); await tell(at); at += Number(step)) placements += 1;
console.log(JSON.stringify({ placements, seen, wrong }));

/** Lets so many calls through and fails the next one, or all that follow. */
function arm(until: number): void {
  const code = constants.errno[error as 'EIO' | 'ENOSPC'];
  writeSync(control, new BigInt64Array([until, duration === 'on' ? -1 : 1, code, 0].map(BigInt)), 0, 32, 0);
}

/** Ends the faults. */
function heal(): void {
  const now = new BigInt64Array(4);
  readSync(control, now, 0, 32, 0);
  faults += Number(now[3]);
  writeSync(control, new BigInt64Array(4), 0, 32, 0);
}

/** The story with a fault at one call; false when it was over before. */
async function tell(at: number): Promise<boolean> {
  const path = join(folder, `${at}.db`);
  const ledger = createLedger({ store: createSqliteStore({ path, busyTimeoutMs: 0 }), policy: FLOOR });
  faults = 0;
  arm(at);
  const complain = (what: string) => wrong.push(`call ${at}: ${what}`);
  let neighbour: DatabaseSync | undefined;
  for (const command of story) {
    await send(ledger, command, path, complain);
    // With another one on the file it is not tidied up when the ledger's connection is closed.
    if (isShared) neighbour ??= openNeighbour(path);
  }
  heal();
  for (const command of story) (await ledger.execute(command))._unsafeUnwrap();
  const { items } = (await ledger.journal())._unsafeUnwrap();
  if (items.map(item => item.commandId).join() !== ids.join()) complain('not every command stands in the journal once');
  if (!(await ledger.verify())._unsafeUnwrap().ok) complain('the books are wrong');
  await ledger.close();
  neighbour?.close();
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
  return faults > 0;
}

/** Another one on the same file; none while the fault meets it too. */
function openNeighbour(path: string): DatabaseSync | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    db.prepare('select count(*) from sqlite_schema').get();
    return db;
  } catch {
    db?.close();
    return undefined;
  }
}

/** Sends a command until it is recorded; the fault goes away after some attempts. */
async function send(
  ledger: Ledger,
  command: CommandInput,
  path: string,
  complain: (what: string) => void,
): Promise<void> {
  let wasUnknown = false;
  for (let attempts = 1; attempts <= 10; attempts++) {
    if (attempts === 4) heal();
    const result = await ledger.execute(command);
    if (result.isOk()) return;
    const fault = result.error as StoreFault;
    count(fault.kind);
    wasUnknown ||= fault.kind === 'OutcomeUnknown';
    if (!isUnderstandable(fault)) complain(`${fault.kind} ${fault.message} ${String(fault.cause)}`);
    const isThere = await isRecorded(command.id, path);
    if (isThere && !wasUnknown) complain(`${fault.kind}, and it was recorded`);
    if (isThere) count('OutcomeUnknown and recorded');
    if (fault.kind !== 'StoreFull' || command.id === ids[0]) continue;
    if ((await ledger.balances()).isOk()) count('read on a full disk');
    else complain('no read on a full disk');
  }
  complain('never recorded');
}

/** Sending the command again must be right; but SQLite itself takes a read that ends in EIO for a damaged file. */
function isUnderstandable({ kind, retry, message }: StoreFault): boolean {
  return retry === 'same-command' || (error === 'EIO' && kind === 'StoreFailed' && message.includes('damaged'));
}

function count(what: string): void {
  seen[what] = (seen[what] ?? 0) + 1;
}

/** Whether the command would be in the journal, if the process ended now: looked up in a copy of the files. */
async function isRecorded(id: string, path: string): Promise<boolean> {
  const copy = join(process.env.SHIM_COPIES ?? '', 'copy.db');
  for (const end of ['', '-wal', '-journal']) {
    rmSync(copy + end, { force: true });
    if (existsSync(path + end)) copyFileSync(path + end, copy + end);
  }
  rmSync(`${copy}-shm`, { force: true });
  if (!existsSync(copy)) return false;
  const ledger = createLedger({ store: createSqliteStore({ path: copy }) });
  const { items } = (await ledger.journal())._unsafeUnwrap();
  await ledger.close();
  return items.some(item => item.commandId === id);
}
