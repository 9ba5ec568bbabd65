import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../testing/test/needs.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { PATIENCE_MS } from './shelf.ts';
import { compileShim, whyNoShim } from './shim.ts';

const PROCESS = fileURLToPath(new URL('faulty-disk-process.ts', import.meta.url));
const STEP = rounds({ short: 7, long: 1 });

const MEMORY = '/dev/shm';
const workshop = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'stockfold-faults-'));
afterAll(() => rmSync(workshop, { recursive: true, force: true }));

type Seen = Readonly<{ placements: number; seen: Readonly<Record<string, number>>; wrong: readonly string[] }>;

/** Runs the story with faults of one kind in a process of its own. */
async function tellWith(shim: string, error: string, duration: string, company: string): Promise<Seen> {
  const name = join(workshop, `${error}-${duration}-${company}`);
  const [folder, copies, faults] = [join(name, 'files'), join(name, 'copies'), join(name, 'faults')];
  for (const each of [folder, copies]) mkdirSync(each, { recursive: true });
  writeFileSync(faults, Buffer.alloc(32));
  const env = { ...process.env, LD_PRELOAD: shim, SHIM_FOLDER: folder, SHIM_COPIES: copies, SHIM_FAULTS: faults };
  const args = [PROCESS, folder, error, duration, company, '0', String(STEP)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const seen = JSON.parse(stdout) as Seen;
  console.log(`${error} ${duration}, ${company}: ${seen.placements} placements, ${JSON.stringify(seen.seen)}`);
  return seen;
}

describe('a fault at every call to the disk', needs(whyNoShim), () => {
  let shim = '';
  beforeAll(() => {
    shim = compileShim(workshop);
  }, PATIENCE_MS);

  it.each([
    ['once', 'alone'],
    ['once', 'shared'],
    ['on', 'alone'],
    ['on', 'shared'],
  ])(
    'an I/O error, %s, on a file %s: each answer is true, and the ledger goes on',
    async (duration, company) => {
      const { placements, seen, wrong } = await tellWith(shim, 'EIO', duration, company);
      expect(wrong).toEqual([]);
      expect(placements).toBeGreaterThan(100 / STEP);
      expect(Object.keys(seen)).toEqual(expect.arrayContaining(['StoreUnavailable', 'OutcomeUnknown']));
    },
    PATIENCE_MS,
  );

  it.each([
    ['once', 'alone'],
    ['on', 'shared'],
  ])(
    'a full disk, %s, on a file %s: each answer is true, reads go on, and so does the ledger',
    async (duration, company) => {
      const { placements, seen, wrong } = await tellWith(shim, 'ENOSPC', duration, company);
      expect(wrong).toEqual([]);
      expect(placements).toBeGreaterThan(100 / STEP);
      expect(Object.keys(seen)).toEqual(expect.arrayContaining(['StoreFull', 'read on a full disk']));
    },
    PATIENCE_MS,
  );
});
