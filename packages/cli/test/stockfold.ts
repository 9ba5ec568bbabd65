import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const MAIN: string = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export type Ended = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** Runs the built command to its end. */
export async function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', chunk => {
    output.stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    output.stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...output };
}

export type Server = Readonly<{ child: ChildProcess; url: string; greeting: string }>;

/** Starts `stockfold serve` on a free port and waits until it listens. */
export async function serve(...args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let greeting = '';
  for await (const chunk of child.stdout) {
    greeting += chunk;
    const [url] = /http:\/\/\S+(?=\n)/.exec(greeting) ?? [];
    const isWhole = args.includes('--tokens') || /token of this run: \S+\n/.test(greeting);
    if (url !== undefined && isWhole) return { child, url, greeting };
  }
  throw new Error(`stockfold serve ended: ${greeting}`);
}

/** Ends a server and gives its exit code, or the signal that ended it. */
export async function end({ child }: Server, signal: NodeJS.Signals): Promise<number | string | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code, by] = await exited;
  return code ?? by;
}
