import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestOf } from '../repository.ts';
import { adding, type Change, changed, copyRepository, ROOT } from './broken-copy.ts';

let root: string;
beforeAll(() => {
  root = copyRepository();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const scripts = manifestOf(ROOT).scripts ?? {};

/** What `pnpm check` calls, one after the other; the first that fails ends it. */
const PARTS = `${scripts['check:types']} && ${scripts.check}`
  .split(' && ')
  .filter(part => part !== 'pnpm --silent check:types');

const MODEL = 'packages/core/src/model/json.ts';
const wrong = adding("export const wrong: number = 'one';");
const NUMBER = "Type 'string' is not assignable to type 'number'";

/** What breaks each part, by what it is known by, and what it says then. */
const BREAKS: readonly (readonly [what: string, part: string, change: Change])[] = [
  ['a type that is wrong in core', '-p packages/core', [MODEL, wrong, NUMBER]],
  [
    'core that calls a platform',
    '-p packages/core',
    [MODEL, adding('export const title: string = document.title;'), "Cannot find name 'document'"],
  ],
  ['a type that is wrong in the console', '-p packages/console', ['packages/console/src/index.ts', wrong, NUMBER]],
  ['a type that is wrong in another package', '-p tsconfig.src.json', ['packages/http/src/index.ts', wrong, NUMBER]],
  ['a type that is wrong in a test', 'tests.tsbuildinfo', ['packages/core/test/shop.ts', wrong, NUMBER]],
  [
    'a rule of the house',
    'house/check.ts',
    ['README.md', adding('Every warehouse has a shelf.'), 'glossary: one word'],
  ],
  [
    'a page that loads too much',
    'test/size.ts',
    [
      'packages/core/src/ledger/create-ledger.ts',
      adding(`console.log('${randomBytes(20_000).toString('hex')}');`),
      'MORE THAN',
    ],
  ],
  ['a line of another format', 'biome ci', [MODEL, adding('export const a: string="a"'), 'File content differs']],
  ['what the linter forbids', 'biome ci', [MODEL, adding('export const a: any = 1;'), 'noExplicitAny']],
  [
    'what the linter only warns of',
    'biome ci',
    [
      'packages/core/test/shop.ts',
      adding('export const a = (b: string): string => `a`;'),
      'noUnusedFunctionParameters',
    ],
  ],
];

describe('pnpm check fails for', () => {
  it.each(BREAKS)(
    '%s',
    async (_, part, change) => {
      const command = PARTS.find(candidate => candidate.includes(part)) ?? 'there is no such part';
      const { code, output } = await changed(root, [change], () => run(command));
      expect(output).toContain(change[2]);
      expect(code).toBeGreaterThan(0);
    },
    300_000,
  );

  it('each of its parts', () => {
    expect(PARTS.filter(command => !BREAKS.some(([, part]) => command.includes(part)))).toEqual([]);
    expect(PARTS).toHaveLength(7);
  });
});

/** Runs a part in the copy, which keeps nothing for the next time: what is installed is shared with the repository. */
async function run(part: string): Promise<Readonly<{ code: number; output: string }>> {
  const command = part.replace(/-i --tsBuildInfoFile \S+/, '');
  const env = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` };
  const ended = promisify(execFile)('sh', ['-c', command], { cwd: root, env, maxBuffer: 2 ** 26 });
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}
