import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outdatedOf } from '../changed-packages.ts';

/** A workspace of a library, a program that is made of it, and one that is not. */
let root: string;

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const addPackage = (name: string, dependencies: Record<string, string> = {}) => {
  put(`packages/${name}/package.json`, JSON.stringify({ name, scripts: { build: 'tsup' }, dependencies }));
  put(`packages/${name}/src/index.ts`, '1');
  put(`packages/${name}/dist/index.js`, '1');
};
/** What is outdated, which is then built. */
const build = (...names: readonly string[]) => {
  const outdated = outdatedOf(root, names);
  for (const { name, keep } of outdated) {
    put(`packages/${name}/dist/index.js`, `${Math.random()}`);
    keep();
  }
  return outdated.map(({ name }) => name);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stockfold-builds-'));
  for (const file of ['package.json', 'pnpm-lock.yaml', 'tsup.config.ts', 'tsconfig.base.json']) put(file, '');
  mkdirSync(join(root, 'examples'));
  addPackage('library');
  addPackage('program', { library: 'workspace:^' });
  addPackage('other');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a build', () => {
  it('is made once of a program and what it is made of, and not again', () => {
    expect(build('program')).toEqual(['program', 'library']);
    expect(build('program')).toEqual([]);
    expect(build('other')).toEqual(['other']);
  });

  it.each(['packages/library/src/index.ts', 'packages/library/src/new.ts', 'pnpm-lock.yaml'])(
    'is made again of everything when %s has changed',
    file => {
      build('program');
      put(file, 'another');
      expect(build('program')).toEqual(['program', 'library']);
      expect(build('program')).toEqual([]);
    },
  );

  it('is made again of the program alone when that has changed', () => {
    build('program');
    put('packages/program/src/index.ts', 'another');
    expect(build('program')).toEqual(['program']);
  });

  it('is not made again for a test or a page', () => {
    build('program');
    put('packages/library/test/index.test.ts', 'another');
    put('packages/library/README.md', 'another');
    expect(build('program')).toEqual([]);
  });

  it('is made again when it is gone, or is another one than was made', () => {
    build('program');
    rmSync(join(root, 'packages/library/dist'), { recursive: true });
    put('packages/program/dist/index.js', 'somebody else has built this');
    expect(build('program')).toEqual(['program', 'library']);
  });
});
