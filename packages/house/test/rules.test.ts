import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RULES } from '../rules.ts';
import { adding, type Change, changed, copyRepository, replacing } from './broken-copy.ts';

let root: string;
beforeAll(() => {
  root = copyRepository();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ID = 'packages/core/src/model/id.ts';
const MOVEMENT = 'packages/core/src/model/movement.ts';
const HANDLER = 'packages/http/src/create-http-handler.ts';
const ERRORS = 'docs/guides/handle-errors.md';
const CORE = 'packages/core/package.json';

/** What breaks each rule, and what it says then. The changes of a rule are made together. */
const BREAKS: Readonly<Record<string, readonly Change[]>> = {
  arrows: [
    [ID, adding("import '../rules/tally.ts';"), 'model imports nothing above it'],
    ['packages/core/src/rules/tally.ts', adding("import '../ledger/fault.ts';"), 'rules imports nothing above it'],
    [
      'packages/core/src/ledger/feed.ts',
      adding("import '../capabilities/reversal.ts';"),
      'ledger imports nothing above it',
    ],
    ['packages/core/src/model/policy.ts', adding("import './policy.ts';"), 'no cycle'],
    ['packages/core/src/index.ts', adding("import '@stockfold/store-memory';"), 'core imports no package'],
    ['packages/http/src/index.ts', adding("import '@stockfold/store-memory';"), 'adapters import core alone'],
    ['packages/react/src/index.ts', adding("import '../../core/src/rules/plan.ts';"), 'rules/plan.ts: no deep import'],
    ['examples/till/src/main.tsx', adding("import '../../../packages/core/src/rules/plan.ts';"), 'main.tsx → packages'],
    ['packages/store-sql/src/codec.ts', adding("import '../../../examples/till/src/main.tsx';"), 'nobody imports an'],
  ],
  rooms: [
    ['docs/ARCHITECTURE.md', replacing('`model ◀ rules ◀', '`cellar ◀ model ◀'), 'src/rules is not drawn'],
    ['docs/ARCHITECTURE.md', replacing('| `packages/http`', '| `packages/wire`'), 'packages/http is not in the table'],
    ['docs/ARCHITECTURE.md', adding(''), 'cellar is drawn'],
    ['docs/ARCHITECTURE.md', replacing('cli --> http', 'cli --> react'), 'cli → http is not drawn'],
    ['docs/ARCHITECTURE.md', adding(''), 'cli → react is drawn'],
  ],
  invariants: [
    ['docs/invariants.md', replacing('## 1. `conserves`', '## 1. `preserves`'), 'has no section “1. `conserves`”'],
    [
      'docs/invariants.md',
      replacing('- Planted bug: “a store that drops', '- “a store that drops'),
      'matchesJournal has no',
    ],
    ['docs/invariants.md', adding('## 13. `extra`'), 'another number of invariants'],
    ['docs/ARCHITECTURE.md', replacing('| 9 | `storesAgree`', '| 9 | `agree`'), 'does not list 9, storesAgree'],
    [
      'packages/testing/test/mutants.test.ts',
      replacing("'a store that tears commits'", "'another'"),
      'tears commits” is not in',
    ],
  ],
  documented: [
    [ID, adding('export const undocumented: string = "";'), 'undocumented has no docstring'],
    [ID, adding('export type Box = { width: number };'), 'Box.width does not say what it counts'],
    [ID, replacing('`UuidInvalid` for anything else.', 'Or not.'), 'parseUuid does not say how it fails'],
    [HANDLER, replacing('* @throws', '* Throws a'), 'createHttpHandler does not say how it fails'],
    [MOVEMENT, replacing('@see Zettle Inventory API, "Updating', '"Updating'), 'restock does not name its source'],
    [ERRORS, replacing('| `Contended` |', '| `Bored` |'), 'has no row for Contended, which Ledger.execute may give'],
    [ERRORS, adding('| `Tired` | never |'), 'has Tired, which no call gives'],
    [ERRORS, replacing('`BalanceStale` | after-refresh', '`BalanceStale` | never'), 'another retry than after-refresh'],
  ],
  dependencies: [
    [CORE, replacing('"immer": "catalog:"', '"left-pad": "^1"'), 'left-pad has a version of its own: ^1'],
    [CORE, replacing('"build":', '"postinstall":'), 'a script runs at install: postinstall'],
    [CORE, replacing('"license": "MIT",', ''), 'the license is missing'],
    ['pnpm-workspace.yaml', replacing('neverthrow: ^', 'neverthrow: '), 'core: neverthrow is held at one version'],
    ['packages/core/README.md', adding(''), 'core depends on left-pad neverthrow'],
  ],
  manifests: [
    [CORE, replacing('"keywords"', '"words"'), 'has no keywords'],
    [CORE, replacing('"license"', '"homepage": "https://stockfold.example", "license"'), 'names a place: homepage'],
    [CORE, replacing('"types": "./dist/index.d.ts",', ''), '. is not { types, default }'],
    [CORE, replacing('"type": "module"', '"type": "commonjs"'), 'is no ES module'],
    ['packages/http/package.json', replacing('>=22.18', '>=18'), 'has other engines than core'],
  ],
  exportsMap: [
    [CORE, replacing('dist/index.js', 'dist/gone.js'), 'names dist/gone.js, which is not built'],
    [CORE, replacing('tsup src/index.ts', 'tsup src/index.ts src/more.ts'), 'builds dist/more.js, which is not named'],
    ['packages/core/README.md', adding(''), 'there is no packages/core/src/gone.ts'],
  ],
  guides: [['docs/guides/hide.md', adding('# Hide'), 'docs/guides/hide.md is not in docs/README.md']],
  decisions: [
    ['docs/adr/0001-load-only-the-slice.md', replacing('# 0001', '# 0002'), 'another title'],
    ['docs/adr/0099-forget-the-index.md', adding('# 0099 Forget the index'), 'not in the index'],
    ['docs/adr/0001-forget-the-index.md', adding('# 0001 Forget the index'), 'has the number of another'],
    ['docs/adr/README.md', adding('- [0098 Nothing](0098-nothing.md)'), 'in the index alone'],
  ],
  glossary: [
    ['README.md', adding('Every warehouse has a shelf.'), 'README.md says “warehouse” for location'],
    [ID, adding('const stockLevels = 1;'), `${ID} says “stock level” for balance`],
  ],
  links: [
    ['README.md', adding('[more](docs/gone.md)'), 'Cannot find file `docs/gone.md`'],
    ['README.md', adding('[more](docs/ARCHITECTURE.md#gone)'), 'Cannot find heading for `#gone`'],
    ['README.md', adding('It is in `docs/lost.md`.'), 'README.md names docs/lost.md'],
  ],
  reference: [
    [
      ID,
      replacing('`UuidInvalid` for anything else.', '`UuidInvalid` for the rest.'),
      'docs/reference/core.md is not what',
    ],
    ['docs/reference/cellar.md', adding('# cellar'), 'docs/reference/cellar.md is of nothing that there is'],
  ],
  packedPages: [['packages/core/README.md', adding('[more](../../README.md)'), 'links to ../../README.md']],
  blocks: [
    ['docs/GLOSSARY.md', adding('```ts\nnull.stock;\n```\n'), 'Cannot read properties of null'],
    ['docs/GLOSSARY.md', adding('```ts\nconsole.log(1); // → 2\n```\n'), 'it prints “1”'],
    [
      'docs/GLOSSARY.md',
      adding('```ts\nconst a = 1;\n```\n```ts continued\nconsole.log(a); // → 3\n```\n'),
      'it prints “1”',
    ],
    ['docs/GLOSSARY.md', adding('```js\n```\n```ts continued\n```\n'), 'docs/GLOSSARY.md:4: it is neither'],
    ['docs/GLOSSARY.md', adding('```js\n```\n'), 'docs/GLOSSARY.md:1: it is neither `ts` nor `no-run`'],
  ],
  commands: [['README.md', adding('Type `pnpm sing`.'), 'pnpm sing']],
  standsAlone: [['README.md', adding(`See ${['', 'home', 'me'].join('/')}.`), 'README.md:1']],
};

it.each(Object.entries(RULES))(
  '%s is seen broken, and holds here',
  async (rule, { broken }) => {
    const complaints = (await changed(root, BREAKS[rule] ?? [], () => broken(root))).join('\n');
    for (const [, , complaint] of BREAKS[rule] ?? []) expect(complaints).toContain(complaint);
    expect(BREAKS[rule]?.length).toBeGreaterThan(0);
    expect(await broken(root)).toEqual([]);
    // Every block of every page is a process of its own.
  },
  300_000,
);
