import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright';
import { CHROMIUM_ARGS, type Chromium, namedChromium } from './find-chromium.ts';

/** A Chromium of one's own on a profile of one's own, which can be killed. */
export type BrowserProcess = Readonly<{
  context: BrowserContext;
  /** SIGKILL to all of its processes at once. */
  kill: () => Promise<void>;
  /** Lets it end in order. */
  close: () => Promise<void>;
}>;

/** The Chromium that the tests were given, or undefined where none starts: then they are skipped, and loudly. */
export const CHROMIUM: Chromium | undefined = namedChromium(process.env);

const running = new Set<BrowserProcess>();

/** Kills the browsers that a test which failed has left behind. */
export async function killBrowsers(): Promise<void> {
  for (const browser of running) await browser.kill();
}

/** Starts Chromium on a profile. */
export async function startBrowser(
  profile: string,
  program: Chromium | undefined | null = CHROMIUM,
): Promise<BrowserProcess> {
  if (!program) throw new Error('no browser starts here');
  // What a killed browser leaves would make the next one look for it.
  for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
    rmSync(join(profile, lock), { force: true });
  const args = [
    ...CHROMIUM_ARGS,
    '--headless',
    '--no-zygote',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ];
  // In a group of its own, so that one signal reaches all of its processes.
  const child = spawn(program.path, [...args, 'about:blank'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its libraries are for it alone.
    env: { ...process.env, ...program.env },
  });
  const ended = once(child, 'exit');
  const browser = await chromium.connectOverCDP(await addressOf(child));
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('the browser has no context');
  const gone = async () => {
    await ended;
    await groupHasEnded(child.pid as number);
    await browser.close().catch(() => undefined);
    running.delete(started);
  };
  const started: BrowserProcess = {
    context,
    kill: async () => {
      process.kill(-(child.pid as number), 'SIGKILL');
      await gone();
    },
    close: async () => {
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.close').catch(() => undefined);
      await gone();
    },
  };
  running.add(started);
  return started;
}

/** Where the browser listens for commands: it says so on its standard error. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const address = /DevTools listening on (ws:\/\/\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error(`the browser ended: ${text}`)));
  });
}

/** Its last process may be a moment behind the first one; until then files are held. */
async function groupHasEnded(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
