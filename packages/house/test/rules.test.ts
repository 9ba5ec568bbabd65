import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RULES } from '../rules.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let root: string;

/** A copy of the repository, to be broken. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'stockfold-house-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of files.toString().trimEnd().split('\n'))
    if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'packages')))
    if (existsSync(join(ROOT, 'packages', name, 'node_modules')))
      symlinkSync(join(ROOT, 'packages', name, 'node_modules'), join(root, 'packages', name, 'node_modules'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What a rule says of the repository with one file changed. */
async function complaintsAbout(rule: string, file: string, change: (text: string) => string): Promise<string> {
  const path = join(root, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  const after = change(before ?? '');
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  try {
    return (await RULES[rule]?.broken(root))?.join('\n') ?? 'there is no such rule';
  } finally {
    if (before === null) rmSync(path);
    else writeFileSync(path, before);
  }
}

const adding = (line: string) => (text: string) => `${line}\n${text}`;
const replacing = (from: string, to: string) => (text: string) => text.replace(from, to);

const BREAKS = [
  ['arrows', 'packages/core/src/model/id.ts', adding("import '../rules/tally.ts';"), 'model imports model'],
  ['arrows', 'packages/core/src/rules/tally.ts', adding("import '../ledger/fault.ts';"), 'rules import model'],
  ['arrows', 'packages/core/src/model/policy.ts', adding("import './balance.ts';\nimport './policy.ts';"), 'no cycle'],
  ['arrows', 'packages/core/src/index.ts', adding("import '@stockfold/store-memory';"), 'core imports no package'],
  ['arrows', 'packages/http/src/index.ts', adding("import '@stockfold/store-memory';"), 'adapters import core alone'],
  [
    'arrows',
    'packages/http/src/index.ts',
    adding("import '../../core/src/rules/tally.ts';"),
    'packages meet at their index',
  ],
  ['documented', 'packages/core/src/model/id.ts', adding('export const undocumented: number = 1;'), 'undocumented'],
  ['dependencies', 'packages/core/package.json', replacing('"immer": "catalog:"', '"left-pad": "^1"'), 'left-pad'],
  ['dependencies', 'packages/core/package.json', replacing('"build":', '"postinstall":'), 'at install: postinstall'],
  ['exportsMap', 'packages/core/package.json', replacing('dist/index.js', 'dist/gone.js'), 'src/gone.ts'],
  ['decisions', 'docs/adr/0001-load-only-the-slice.md', replacing('# 0001', '# 0002'), 'another title'],
  ['decisions', 'docs/adr/0099-forget-the-index.md', adding('# 0099 Forget the index'), 'not in the index'],
  ['decisions', 'docs/adr/README.md', adding('- [0098 Nothing](0098-nothing.md)'), 'in the index alone'],
  ['glossary', 'README.md', adding('Every warehouse has a shelf.'), 'says “warehouse” for location'],
  ['links', 'README.md', adding('[more](docs/gone.md)'), 'README.md:1'],
  ['links', 'README.md', adding('[more](docs/ARCHITECTURE.md#gone)'), 'README.md:1'],
  ['standsAlone', 'README.md', adding(`See ${['', 'home', 'me'].join('/')}.`), 'README.md:1'],
] as const;

it.each(BREAKS)(
  '%s is broken by a change of %s',
  async (rule, file, change, complaint) => {
    expect(await complaintsAbout(rule, file, change)).toContain(complaint);
  },
  60_000,
);

it('every rule is among them', () => {
  expect(new Set(BREAKS.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
});

it.each(Object.entries(RULES))(
  '%s holds here',
  async (_, { broken }) => {
    expect(await broken(root)).toEqual([]);
  },
  60_000,
);
