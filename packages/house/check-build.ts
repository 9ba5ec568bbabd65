import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Packed, packInto, pnpm, ROOT, temporaryDirectory } from './packed.ts';
import { filesOf } from './repository.ts';

// `node check-build.ts`: builds a clean copy of the repository elsewhere and compares its tarballs with those of this tree,
// as it was built. What is published can then be made again by anybody, from the sources alone.

const work = temporaryDirectory('build');
try {
  const copy = join(work.path, 'copy');
  for (const file of await filesOf(ROOT)) cpSync(join(ROOT, file), join(copy, file));
  pnpm(['install', '--frozen-lockfile', '--prefer-offline'], copy);
  pnpm(['run', 'build'], copy);
  const here = hashesOf(packInto(made('here')));
  const there = hashesOf(packInto(made('there'), copy));
  const files = [...new Set([...here.keys(), ...there.keys()])];
  const different = files.filter(file => here.get(file) !== there.get(file));
  for (const file of different) console.error(`${file} is another one in a second build`);
  if (different.length > 0) process.exitCode = 1;
  else console.log(`${files.length} files of two builds are equal, tarballs included`);
} finally {
  work.remove();
}

function made(name: string): string {
  const path = join(work.path, name);
  mkdirSync(path);
  return path;
}

function hashesOf(packages: readonly Packed[]): ReadonlyMap<string, string> {
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return new Map(
    packages.flatMap(({ name, tarball, directory, files }) => [
      [`the tarball of ${name}`, hash(tarball)] as const,
      ...files.map(file => [`${name}/${file}`, hash(join(directory, file))] as const),
    ]),
  );
}
