import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Manifest, manifestOf, publishedOf } from './repository.ts';

/** The root of this repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** A package as it would be published. */
export type Packed = Readonly<{
  name: string;
  tarball: string;
  /** Where it is unpacked. */
  directory: string;
  manifest: Manifest;
  /** What is in it, by path: `dist/index.js`. */
  files: readonly string[];
  read: (file: string) => string;
}>;

/** A directory of its own; `remove` takes it away. */
export function temporaryDirectory(name: string): Readonly<{ path: string; remove: () => void }> {
  const path = mkdtempSync(join(tmpdir(), `stockfold-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Packs every package that is published, as it was built at the root, into a directory; gives the paths of the tarballs. */
export function tarballsInto(directory: string, root: string = ROOT): readonly string[] {
  const filters = publishedOf(root).map(({ manifest }) => `--filter=${manifest.name}`);
  pnpm([...filters, 'pack', '--pack-destination', directory], root);
  return readdirSync(directory)
    .filter(file => file.endsWith('.tgz'))
    .map(file => join(directory, file));
}

/** The same, unpacked beside the tarballs. */
export const packInto = (directory: string, root: string = ROOT): readonly Packed[] =>
  tarballsInto(directory, root).map(unpack);

function unpack(tarball: string): Packed {
  const into = mkdtempSync(`${tarball}-`);
  execFileSync('tar', ['-xzf', tarball, '-C', into]);
  const directory = join(into, 'package');
  const manifest = manifestOf(directory);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
  return {
    name: manifest.name,
    tarball,
    directory,
    manifest,
    files,
    read: file => readFileSync(join(directory, file), 'utf8'),
  };
}

/** Runs pnpm at the root of a copy: the one that runs us, or the one that the README names. */
export function pnpm(args: readonly string[], root: string): void {
  const [, version = ''] = /pnpm@([\d.]+)/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const runsUs = process.env.npm_config_user_agent?.startsWith('pnpm/') === true;
  const [command, ...first] = runsUs ? ['pnpm'] : ['npx', '--yes', `pnpm@${version}`];
  execFileSync(command as string, [...first, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
