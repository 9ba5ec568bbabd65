import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Call, checkHistory } from '@stockfold/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../testing/test/needs.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { openLedger, readRecords, readTold } from './history.ts';
import { type DiskEvent, RecordedDisk, readRecording } from './recorded-disk.ts';
import { PATIENCE_MS } from './shelf.ts';
import { compileShim, whyNoShim } from './shim.ts';
import { runTill } from './tills.ts';

const CUTS = rounds({ short: 120, long: 1_500 });
const CONTROL_CUTS = rounds({ short: 40, long: 300 });

// Where a disk is of memory the check of each cut waits for none; what is checked was recorded on a real one.
const MEMORY = '/dev/shm';
const workshop = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'stockfold-cuts-'));
const disk = mkdtempSync(join(tmpdir(), 'stockfold-disk-'));
afterAll(() => {
  for (const folder of [workshop, disk]) rmSync(folder, { recursive: true, force: true });
});

describe('power cuts on a recorded disk', needs(whyNoShim), () => {
  let shim = '';
  beforeAll(() => {
    shim = compileShim(workshop);
  }, PATIENCE_MS);

  it(
    `${CUTS} cuts: the file opens, the books are right, and nothing that was acknowledged is lost`,
    async () => {
      const events = await recordTills({ shim, isWeak: false });
      // The log of writes was begun by each till, and once more when it had been copied to the file: cuts meet that too.
      expect(events.filter(isLogBegun).length).toBeGreaterThanOrEqual(3);
      const outcome = await cutPower(events, CUTS);
      console.log(describeCuts(outcome));
      expect(outcome).toMatchObject({ cuts: CUTS, damaged: 0, lossy: 0, flawed: 0, flaws: new Set() });
    },
    PATIENCE_MS,
  );

  it(
    `${CONTROL_CUTS} cuts without waiting for the disk lose what was acknowledged, so the harness sees`,
    async () => {
      const outcome = await cutPower(await recordTills({ shim, isWeak: true }), CONTROL_CUTS);
      console.log(`synchronous = NORMAL: ${describeCuts(outcome)}`);
      expect(outcome.lossy).toBeGreaterThan(CONTROL_CUTS / 4);
      expect(outcome.damaged).toBe(0);
    },
    PATIENCE_MS,
  );
});

/** Two tills, one after the other, on a new file, and everything that they did to the disk. */
async function recordTills({ shim, isWeak }: { shim: string; isWeak: boolean }): Promise<readonly DiskEvent[]> {
  const folder = join(disk, isWeak ? 'normal' : 'full');
  mkdirSync(folder);
  const log = `${folder}.log`;
  const env = { LD_PRELOAD: shim, SHIM_FOLDER: folder, SHIM_LOG: log };
  const till = { path: join(folder, 'ledger.db'), told: join(folder, 'told'), sellers: 2, isWeak, env };
  await runTill({ ...till, seed: 1, turns: 250 });
  await runTill({ ...till, seed: 2, turns: 40 });
  return readRecording(readFileSync(log));
}

function isLogBegun({ kind, path, offset }: DiskEvent): boolean {
  return kind === 'write' && path.endsWith('-wal') && offset === 0;
}

type Cuts = {
  cuts: number;
  acknowledged: number;
  damaged: number;
  lossy: number;
  lostMax: number;
  flawed: number;
  flaws: Set<string>;
};

function describeCuts({ cuts, acknowledged, damaged, lossy, lostMax, flawed }: Cuts): string {
  return `${cuts} power cuts, up to ${acknowledged} commands acknowledged: ${damaged} damaged, ${flawed} flawed, ${lossy} lost what was acknowledged (${lostMax} at most)`;
}

/** Cuts the power at moments all over the recording, and looks at what is left. */
async function cutPower(events: readonly DiskEvent[], cuts: number): Promise<Cuts> {
  const random = randomFrom(20_261_124);
  const moments = Array.from({ length: cuts }, () => Math.floor(random() * events.length)).sort((a, b) => a - b);
  const recorded = new RecordedDisk(join(disk, basename(join(events[0]?.path ?? '', '..'))));
  const outcome: Cuts = { cuts, acknowledged: 0, damaged: 0, lossy: 0, lostMax: 0, flawed: 0, flaws: new Set() };
  let told = '';
  let at = 0;
  for (const moment of moments) {
    for (; at <= moment; at++) {
      const event = events[at] as DiskEvent;
      if (event.kind === 'say') told += event.data.toString();
      recorded.happen(event);
    }
    await lookAtWhatIsLeft(recorded.cut(random), told, outcome);
  }
  return outcome;
}

async function lookAtWhatIsLeft(files: ReadonlyMap<string, Buffer>, told: string, outcome: Cuts): Promise<void> {
  const folder = mkdtempSync(join(workshop, 'cut-'));
  for (const [path, contents] of files) writeFileSync(join(folder, basename(path)), contents);
  const path = join(folder, 'ledger.db');
  if (!isSound(path)) {
    outcome.damaged += 1;
    return;
  }
  const ledger = openLedger(path);
  const records = await readRecords(ledger);
  const flaws = checkHistory(records, callsIn(told));
  const lost = flaws.filter(flaw => 'promise' in flaw && flaw.promise === 'acknowledged stays').length;
  const { ok } = (await ledger.verify())._unsafeUnwrap();
  await ledger.close();
  if (lost > 0) outcome.lossy += 1;
  if (!ok || flaws.length > lost) outcome.flawed += 1;
  if (!ok) outcome.flaws.add('the books are wrong');
  for (const flaw of flaws) outcome.flaws.add('promise' in flaw ? flaw.promise : flaw.invariant);
  outcome.lostMax = Math.max(outcome.lostMax, lost);
  outcome.acknowledged = Math.max(outcome.acknowledged, records.length);
  rmSync(folder, { recursive: true });
}

/** What the till was told, and its attempts that were under way at the cut. */
function callsIn(told: string): readonly Call[] {
  const { calls, unanswered } = readTold(told);
  const attempts = unanswered.map(({ commandId, lines, sentAt }): Call => {
    const answeredAt = Number.POSITIVE_INFINITY;
    return { kind: 'execute', commandId, lines, sentAt, answeredAt, answer: { kind: 'unknown' } };
  });
  return [...calls, ...attempts];
}

function isSound(path: string): boolean {
  const db = new DatabaseSync(path);
  try {
    return db.prepare('pragma integrity_check').get()?.integrity_check === 'ok';
  } catch {
    return false;
  } finally {
    db.close();
  }
}

/** Numbers from 0 to 1, the same from the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
