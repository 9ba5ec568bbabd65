import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { type BrowserProcess, startBrowser } from '../../testing/test/browser/browser-process.ts';
import { findChromium } from '../../testing/test/browser/find-chromium.ts';
import { type PostgresServer, startPostgres } from '../../testing/test/postgres/server.ts';

/** How long to measure. */
export type Size = Readonly<{
  /** Of each side, in turn; 5 or more. */
  repetitions: number;
  /** Of one repetition of one side, in milliseconds. */
  ms: number;
  /** Of the history that is read as of its sequences, and verified. */
  movements: number;
}>;

/** What a contest stands on: how long to measure, and fresh places to keep things. */
export type Ground = Readonly<{
  size: Size;
  /** The address of an empty database, on a server that flushes every commit to the disk. */
  newDatabase: () => Promise<string>;
  /** An empty folder. */
  newFolder: () => Promise<string>;
  /** A page at an address, in a browser on a profile of its own. */
  newPage: (address: string) => Promise<Page>;
  /** Takes everything away again. */
  clear: () => Promise<void>;
}>;

// As a server comes, but for the size of its log: a checkpoint in the middle would hit one side only.
const SETTINGS = { fsync: 'on', shared_buffers: '128MB', max_wal_size: '8GB', checkpoint_timeout: '1h' };

/** Starts nothing before it is asked for. */
export function openGround(size: Size): Ground {
  let server: Promise<PostgresServer> | undefined;
  let browser: Promise<BrowserProcess> | undefined;
  const folders: string[] = [];
  const newFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stockfold-bench-'));
    folders.push(folder);
    return folder;
  };
  return {
    size,
    newDatabase: async () => {
      server ??= startPostgres(SETTINGS);
      return (await server).newDatabase();
    },
    newFolder,
    newPage: async address => {
      browser ??= newFolder().then(async profile => startBrowser(profile, await findChromium()));
      const page = await (await browser).context.newPage();
      await page.goto(address);
      return page;
    },
    clear: async () => {
      await (await browser)?.close();
      await (await server)?.stop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}
