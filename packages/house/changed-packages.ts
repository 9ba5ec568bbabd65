import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Package, packagesOf } from './repository.ts';

// What a build reads beside the package itself.
const SHARED = ['package.json', 'pnpm-lock.yaml', 'tsup.config.ts', 'tsconfig.base.json'];
const NO_SOURCES = /(^|\/)(node_modules|dist|test)(\/|$)|\.md$/;

/** A package that is to be built, and what to call when it has been. */
export type Outdated = Readonly<{ name: string; keep: () => void }>;

/**
 * The packages that some packages are built of, themselves included, whose build is older than what it is made of: their
 * files, or those of a package that they depend on. A build that somebody else has touched counts as older.
 *
 * @param names - Of packages.
 */
export function outdatedOf(root: string, names: readonly string[]): readonly Outdated[] {
  const all = new Map(packagesOf(root).map(entry => [entry.manifest.name, entry]));
  return [...withDependencies(all, names)].flatMap(name => {
    const made = all.get(name) as Package;
    if (made.manifest.scripts?.build === undefined) return [];
    const state = () => `${sourcesOf(root, all, name)} ${hashOf(join(root, made.directory), 'dist/**/*', stampOf)}`;
    const file = join(root, 'node_modules/.cache/builds', `${name.replace('/', '+')}.txt`);
    if (existsSync(file) && readFileSync(file, 'utf8') === state()) return [];
    const keep = () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, state());
    };
    return [{ name, keep }];
  });
}

type Packages = ReadonlyMap<string, Package>;

function withDependencies(all: Packages, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const other of inWorkspace(all, name)) visit(other);
  };
  for (const name of names) visit(name);
  return found;
}

function inWorkspace(all: Packages, name: string): readonly string[] {
  const { dependencies, devDependencies, peerDependencies } = (all.get(name) as Package).manifest;
  return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }).filter(other => all.has(other));
}

/** One text for all that a build is made of. */
function sourcesOf(root: string, all: Packages, name: string): string {
  const shared = SHARED.map(file => readFileSync(join(root, file), 'utf8'));
  const parts = [...withDependencies(all, [name])].sort().map(other => {
    const directory = join(root, (all.get(other) as Package).directory);
    return hashOf(directory, '**/*', path => readFileSync(path, 'base64'));
  });
  return digest([...shared, ...parts]);
}

/** Names and contents of files, as one text. */
function hashOf(directory: string, pattern: string, read: (path: string) => string): string {
  const isOutput = pattern.startsWith('dist');
  const files = globSync(pattern, {
    cwd: directory,
    // Whole folders are left out, and not looked into.
    exclude: path => !isOutput && NO_SOURCES.test(path),
  }).filter(path => statSync(join(directory, path)).isFile());
  return digest(files.sort().flatMap(path => [path, read(join(directory, path))]));
}

function stampOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
