import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { rounds } from '../../../testing/test/rounds.ts';
import { temporaryFile } from '../../../testing/test/stores.ts';
import { expectHistory, openLedger, readTold } from './history.ts';
import { PATIENCE_MS } from './shelf.ts';
import { runTill } from './tills.ts';

const PROCESSES = 3;
const SELLERS = 6;

it(
  'three processes trade in one variant with a floor: every answer is true, and nobody is turned away as busy',
  async () => {
    const turns = rounds({ short: 75, long: 750 });
    const { path, remove } = temporaryFile();
    // Keeps the file open, so that the log is still there when the tills have closed it.
    const watcher = new DatabaseSync(path);
    watcher.exec('pragma journal_mode = wal; select count(*) from sqlite_schema');
    const tills = Array.from({ length: PROCESSES }, (_, seed) => runTill({ path, seed, sellers: SELLERS, turns }));
    const calls = readTold((await Promise.all(tills)).join('')).calls;
    const kinds = calls.map(call => (call.kind === 'read' ? 'read' : call.answer.kind));
    const count = (kind: string) => kinds.filter(other => other === kind).length;
    const operations = `${calls.length} operations: ${count('recorded')} recorded, ${count('short')} short, ${count('read')} reads`;
    const logSize = statSync(`${path}-wal`).size;
    console.log(`${operations}; a log of ${Math.round(logSize / 1024)} KiB`);
    // Readers that overlap without end could keep the log from being begun anew; these do not.
    expect(logSize).toBeLessThan(64 * 1024 * 1024);
    watcher.close();
    expect(calls.length).toBeGreaterThanOrEqual(PROCESSES * SELLERS * turns);
    // A shelf that is never empty shows nothing.
    expect(count('short')).toBeGreaterThan(calls.length / 50);
    const ledger = openLedger(path);
    await expectHistory(ledger, calls);
    await ledger.close();
    remove();
  },
  PATIENCE_MS,
);
