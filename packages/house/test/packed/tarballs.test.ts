import { spawnSync } from 'node:child_process';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Packed, packInto, ROOT, temporaryDirectory } from '../../packed.ts';
import { namedFilesOf, publishedOf } from '../../repository.ts';

// What users get: the tarballs that `pnpm pack` makes of what was built.

const ATTW = fileURLToPath(new URL('../../node_modules/.bin/attw', import.meta.url));
const directory = temporaryDirectory('tarballs');
let packages: readonly Packed[];

beforeAll(() => {
  packages = packInto(directory.path);
});
afterAll(directory.remove);

describe.each(publishedOf(ROOT).map(({ manifest }) => manifest.name))('%s as it is packed', name => {
  const packed = () => packages.find(candidate => candidate.name === name) as Packed;

  it('has nothing that publint would suggest', async () => {
    const { messages, pkg } = await publint({ pkgDir: packed().directory, pack: false, strict: true });
    expect(messages.map(message => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types that are right for Node and for bundlers', () => {
    const { status, stdout } = spawnSync(ATTW, [packed().tarball, '--profile', 'esm-only', '--no-color'], {
      encoding: 'utf8',
    });
    expect(status, stdout).toBe(0);
  });

  it('brings its page, its licence, its changes and what was built, and nothing else', () => {
    const others = packed().files.filter(file => !/^dist\/([\w/-]+([.]js|[.]js[.]map|[.]d[.]ts)|page\/.+)$/.test(file));
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  it('is built to what it names: its exports, its program, and what these import', () => {
    const named = namedFilesOf(packed().manifest);
    const built = scriptsOf(packed());
    expect(built).toEqual([...reachedFrom(packed(), named)].sort());
  });

  it('runs nothing at install, and asks for versions that a registry has', () => {
    const { scripts = {}, dependencies = {}, peerDependencies = {} } = packed().manifest;
    expect(Object.keys(scripts).filter(script => /install|prepare|publish/.test(script))).toEqual([]);
    for (const version of Object.values({ ...dependencies, ...peerDependencies }))
      expect(version).toMatch(/^(\^|>=)\d/);
  });

  it('can be read: nothing was made small, and the sources are in the maps', () => {
    for (const file of packed().files.filter(candidate => candidate.endsWith('.js'))) {
      const text = packed().read(file);
      expect(text.length / text.split('\n').length, `characters in a line of ${file}`).toBeLessThan(80);
    }
    for (const file of scriptsOf(packed())) {
      const { sourcesContent } = JSON.parse(packed().read(`${file}.map`));
      expect(sourcesContent.length, file).toBeGreaterThan(0);
    }
  });
});

/** Its JavaScript, without that of a page which it hands out as it is. */
const scriptsOf = ({ files }: Packed) => files.filter(file => file.endsWith('.js') && !file.startsWith('dist/page/'));

/** These files and all that they import of the package itself. */
function reachedFrom({ read }: Packed, files: readonly string[], reached = new Set<string>()): ReadonlySet<string> {
  for (const file of files) {
    if (reached.has(file)) continue;
    reached.add(file);
    const imports = [...read(file).matchAll(/(?:from |import\()["'](\.{1,2}\/[^"']+)["']/g)].map(
      ([, path = '']) => path,
    );
    reachedFrom(
      { read } as Packed,
      imports.map(path => normalize(join(dirname(file), path))),
      reached,
    );
  }
  return reached;
}
