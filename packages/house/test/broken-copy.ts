import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { packagesOf } from '../repository.ts';

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of the repository, to be broken, with the packages that are installed here. */
export function copyRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'stockfold-house-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of files.toString().trimEnd().split('\n'))
    if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const { directory } of packagesOf(ROOT))
    if (existsSync(join(ROOT, directory, 'node_modules')))
      symlinkSync(join(ROOT, directory, 'node_modules'), join(root, directory, 'node_modules'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  return root;
}

export type Change = readonly [file: string, change: (text: string) => string, complaint: string];

/** Puts a line before the others of a file. */
export const adding =
  (line: string) =>
  (text: string): string =>
    `${line}\n${text}`;

export const replacing =
  (from: string, to: string) =>
  (text: string): string =>
    text.replace(from, to);

/** Makes some changes in a copy, looks at it, and takes them back. */
export async function changed<T>(root: string, changes: readonly Change[], look: () => Promise<T>): Promise<T> {
  const before = new Map<string, string | null>();
  for (const [file, change] of changes) {
    const path = join(root, file);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : null;
    if (!before.has(path)) before.set(path, text);
    const after = change(text ?? '');
    expect(after, `nothing changed in ${file}`).not.toBe(text);
    writeFileSync(path, after);
  }
  try {
    return await look();
  } finally {
    for (const [path, text] of before) text === null ? rmSync(path) : writeFileSync(path, text);
  }
}
