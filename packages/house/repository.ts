import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the rules read of a `package.json`. */
export type Manifest = Readonly<{
  name: string;
  private?: boolean;
  scripts?: Readonly<Record<string, string>>;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
  peerDependencies?: Readonly<Record<string, string>>;
  exports?: Readonly<Record<string, string | Readonly<{ types?: string; default: string }>>>;
  bin?: Readonly<Record<string, string>>;
  [field: string]: unknown;
}>;

/** A package of the workspace; its directory is relative to the root. */
export type Package = Readonly<{ directory: string; manifest: Manifest }>;

/** All packages and examples. */
export function packagesOf(root: string): readonly Package[] {
  return ['packages', 'examples']
    .flatMap(folder => readdirSync(join(root, folder)).map(name => `${folder}/${name}`))
    .filter(directory => existsSync(join(root, directory, 'package.json')))
    .map(directory => ({ directory, manifest: manifestOf(join(root, directory)) }));
}

/** The packages that users install. */
export const publishedOf = (root: string): readonly Package[] =>
  packagesOf(root).filter(({ manifest }) => manifest.private !== true);

/** The `package.json` of a directory. */
export const manifestOf = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

/** The JavaScript that a package gives by name, in its exports map and as its programs: `dist/index.js`. */
export function namedFilesOf({ exports = {}, bin = {} }: Manifest): readonly string[] {
  const entries = Object.values(exports).map(entry => (typeof entry === 'string' ? entry : entry.default));
  return [...entries, ...Object.values(bin)].filter(file => file.endsWith('.js')).map(file => file.replace('./', ''));
}

/** The sources of what a package exports, relative to the root. */
export function entriesOf({ directory, manifest }: Package): readonly string[] {
  return namedFilesOf({ ...manifest, bin: {} }).map(built =>
    join(directory, built.replace('dist/', 'src/').replace(/[.]js$/, '.ts')),
  );
}

/** All files of the repository, without those that git ignores. */
export async function filesOf(root: string): Promise<readonly string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 2 ** 26 });
  return stdout
    .trimEnd()
    .split('\n')
    .filter(file => existsSync(join(root, file)) && lstatSync(join(root, file)).isFile());
}

/** The pages: every Markdown file of the repository. */
export const pagesOf = async (root: string): Promise<readonly string[]> =>
  (await filesOf(root)).filter(file => file.endsWith('.md'));
