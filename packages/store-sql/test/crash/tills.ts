import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const TILL = fileURLToPath(new URL('till-process.ts', import.meta.url));

/** How to run a till. */
export type TillOptions = Readonly<{
  path: string;
  seed: number;
  sellers: number;
  turns: number;
  /** Kills the process, with SIGKILL, once it has been answered so often. */
  killAfter?: number | undefined;
  /** Where the till says what it does; on its standard output when absent. */
  told?: string | undefined;
  /** Whether SQLite does not wait for the disk. */
  isWeak?: boolean | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}>;

/** Runs a till in a process of its own, to its end or until it is killed, and gives what it has said. */
export async function runTill(options: TillOptions): Promise<string> {
  const { path, seed, sellers, turns, killAfter, told: output = '-', isWeak = false, env } = options;
  const args = [TILL, path, seed, sellers, turns, output, isWeak ? 'normal' : 'full'].map(String);
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let told = '';
  let answers = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    answers += text.split('"answer":').length - 1;
    if (killAfter !== undefined && answers >= killAfter) child.kill('SIGKILL');
  });
  await expectEnd(child, killAfter !== undefined);
  return told;
}

async function expectEnd(child: ChildProcess, mayBeKilled: boolean): Promise<void> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && !(mayBeKilled && signal === 'SIGKILL')) throw new Error(`a till ended with ${code ?? signal}`);
}
