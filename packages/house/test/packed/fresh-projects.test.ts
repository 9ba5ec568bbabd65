import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInChromium } from '../../../testing/test/browser/describe-in-chromium.ts';
import { type CodeBlock, codeBlocksOf, programsOf } from '../../code-blocks.ts';
import { type Packed, packInto, ROOT, temporaryDirectory } from '../../packed.ts';
import { type FreshProject, freshProject, lend } from './fresh-project.ts';
import { buildPage, printedBy } from './vite-page.ts';

// The packages as users get them, in projects that have installed the tarballs with npm and nothing else.

const [example] = codeBlocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8')).filter(({ info }) => info === 'ts');
if (example === undefined) throw new Error('README.md has no TypeScript');

/** Pages that are not packed, whose code a reader copies into a strict project. */
const TYPED_PAGES = ['README', 'docs/tutorial', 'docs/guides/handle-errors', 'docs/guides/choose-a-store']
  .concat(['zettle', 'medusa', 'a-stock-column'].map(place => `docs/guides/move-from-${place}`))
  .map(name => ({ name, blocks: programsOf(readFileSync(join(ROOT, `${name}.md`), 'utf8')) }));

const directory = temporaryDirectory('projects');
let packages: readonly Packed[];
let project: FreshProject;

beforeAll(() => {
  packages = packInto(directory.path);
  project = freshProject(join(directory.path, 'project'), tarballsOf(packages));
  lend(project, ['@types/node', '@types/pg', 'fake-indexeddb']);
  lend(project, ['@types/react'], join(ROOT, 'packages/react'));
}, 300_000);
afterAll(directory.remove);

const tarballsOf = (some: readonly Packed[]) => some.map(({ tarball }) => tarball);

it('core brings immer and neverthrow, and nothing else', () => {
  const alone = freshProject(
    join(directory.path, 'alone'),
    tarballsOf(packages.filter(({ name }) => name === '@stockfold/core')),
  );
  const { dependencies } = alone.npmLs('--omit=dev', '--all');
  expect(Object.keys(dependencies)).toEqual(['@stockfold/core']);
  expect(Object.keys(dependencies['@stockfold/core']?.dependencies ?? {}).sort()).toEqual(['immer', 'neverthrow']);
});

describe('the first TypeScript of the README', () => {
  it('embeds the ledger in 15 lines, without HTTP', () => {
    const lines = example.code.split('\n').filter(line => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(example.code).not.toMatch(/http|Request/i);
    expect(example.prints.length).toBeGreaterThan(0);
  });

  it('runs as a plain ES module', () => {
    const { stdout, stderr } = project.run(process.execPath, [project.write('shop.mjs', example.code)]);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual(example.prints);
  });

  it('runs in a worker of Node', () => {
    project.write('shop-worker.mjs', example.code);
    const main = `import { Worker } from 'node:worker_threads';
      new Worker(new URL('./shop-worker.mjs', import.meta.url));`;
    const { stdout, stderr } = project.run(process.execPath, [project.write('worker.mjs', main)]);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual(example.prints);
  });

  describeInChromium('with the store of the browser', () => {
    it('runs in a page that Vite has built, and in a worker of that page', async () => {
      const built = await buildPage(project, inBrowser(example.code));
      expect(await printedBy(built)).toEqual({ page: example.prints, worker: example.prints });
    });
  });
});

/** The example, with the store that a page can have. */
function inBrowser(code: string): string {
  const changed = code
    .replace(
      /import \{ createSqliteStore \} from .*/,
      `import { createIndexedDbStore } from '@stockfold/store-indexeddb';`,
    )
    .replace(/createSqliteStore\(.*?\)/, `createIndexedDbStore({ name: globalThis.constructor.name })`);
  expect(changed).not.toMatch(/sqlite/i);
  return changed;
}

describe('every page that is packed', () => {
  const pages = () => packages.map(({ name, read }) => ({ name, blocks: codeBlocksOf(read('README.md')) }));

  it('runs as printed', () => {
    for (const { name, blocks } of pages())
      for (const block of blocks.filter(({ info }) => /^ts( built)?$/.test(info)))
        expect(printed(block), name).toEqual(block.prints);
  });

  function printed({ code, prints }: CodeBlock): readonly string[] {
    const { status, stdout, stderr } = project.run(process.execPath, [project.write('block.mts', code)]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return prints.length === 0 ? [] : stdout.trimEnd().split('\n');
  }

  it.each(['bundler', 'nodenext'])('has types that TypeScript takes, strict, with moduleResolution %s', resolution => {
    for (const { name, blocks } of [...pages(), ...TYPED_PAGES])
      for (const { info, line, code } of blocks.filter(block => /^tsx?\b/.test(block.info)))
        project.write(`${resolution}/${name}/${line}.${info.split(' ')[0]}`, `${code}\nexport {};\n`);
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2023',
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      jsx: 'react-jsx',
      types: ['node'],
    };
    project.write(`${resolution}/tsconfig.json`, JSON.stringify({ compilerOptions }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = project.run(process.execPath, [tsc, '-p', resolution]);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

it('the command line runs its demo', () => {
  const { status, stderr } = project.run(join(project.path, 'node_modules/.bin/stockfold'), ['demo']);
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
