import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** A block of code in a page. */
export type CodeBlock = Readonly<{
  /** Where it begins in the page, from 1. */
  line: number;
  /** The word behind the fence, and what follows it: `ts`, `ts continued`, `ts no-run`, `sh`. */
  info: string;
  code: string;
  /** What it prints, line by line: what stands behind `// →` in it. */
  prints: readonly string[];
}>;

/** The blocks of code in a page, in order. */
export function codeBlocksOf(page: string): readonly CodeBlock[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: info = '', 2: code = '' }) => ({
    line: page.slice(0, index).split('\n').length,
    info,
    code,
    prints: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line),
  }));
}

/** The programs in a page: its blocks, each with those that say `continued` after it, as one. */
export function programsOf(page: string): readonly CodeBlock[] {
  const programs: CodeBlock[] = [];
  for (const block of codeBlocksOf(page)) {
    const before = programs.at(-1);
    if (block.info !== 'ts continued' || before?.info !== 'ts') programs.push(block);
    else
      programs.splice(-1, 1, {
        ...before,
        code: before.code + block.code,
        prints: [...before.prints, ...block.prints],
      });
  }
  return programs;
}

/** What went wrong when a block ran; null when it did all that it says. */
export async function complaintOf({ code, prints }: CodeBlock, options: { cwd: string; flags?: readonly string[] }) {
  const args = [...(options.flags ?? []), '--input-type=module-typescript', '--eval', code];
  const ran = await new Promise<{ error: Error | null; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, args, { cwd: options.cwd, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    );
  });
  if (ran.error !== null || ran.stderr !== '') return ran.stderr.trim() || `${ran.error}`;
  const printed = ran.stdout.trimEnd();
  return prints.length === 0 || printed === prints.join('\n') ? null : `it prints “${printed}”`;
}

/** Does something with each item, as many at once as the machine has processors. */
export async function inTurns<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
