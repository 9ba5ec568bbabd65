import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { remark } from 'remark';
import remarkValidateLinks from 'remark-validate-links';
import { engine, type Options as Settings } from 'unified-engine';
import { complaintOf, inTurns, programsOf } from './code-blocks.ts';
import { type ExportedName, exportedNamesOf } from './exported-names.ts';
import { makeReference, REFERENCE } from './reference.ts';
import { entriesOf, filesOf, manifestOf, namedFilesOf, packagesOf, pagesOf, publishedOf } from './repository.ts';

/** A rule of the house: why it is one, and what breaks it in the repository at `root`. */
export type Rule = Readonly<{ reason: string; broken: (root: string) => Promise<readonly string[]> }>;

/** All rules that types and the linter cannot hold. Each is shown to fail once, in `test/rules.test.ts`. */
export const RULES: Readonly<Record<string, Rule>> = {
  arrows: {
    reason: 'what is below can be read without what is above; docs/ARCHITECTURE.md draws the order of the rooms',
    broken: brokenArrows,
  },
  rooms: {
    reason: 'a room that the drawing does not have is one that nobody finds',
    broken: roomsThatAreNotDrawn,
  },
  invariants: {
    reason: 'an invariant is worth the test that holds it, and that test is worth a bug with which it was seen to fail',
    broken: invariantsWithoutTest,
  },
  documented: {
    reason:
      'a public name is used by somebody who reads its docstring alone: what it does, in which unit, how it fails, whose word it is; and what to do then is in docs/guides/handle-errors.md',
    broken: undocumentedNames,
  },
  dependencies: {
    reason:
      'users install what we depend on: core brings immer and neverthrow, nothing runs at install, fixes get through',
    broken: wrongDependencies,
  },
  manifests: {
    reason:
      'a package is found by its manifest, and bundled by it; it names no repository, since it is at home in none',
    broken: incompleteManifests,
  },
  exportsMap: {
    reason: 'what is built and not named is shipped for nobody; what is named and not built cannot be imported',
    broken: exportsThatAreNotBuilt,
  },
  guides: {
    reason: 'a guide that the index does not have is one that nobody finds',
    broken: unlistedGuides,
  },
  decisions: {
    reason: 'the index is how a decision is found, and its title is the decision',
    broken: unlistedDecisions,
  },
  glossary: {
    reason: 'one word for one thing: a second one makes a reader look for the difference',
    broken: wordsForWhichThereIsAnother,
  },
  links: {
    reason: 'a dead link ends the afternoon in which somebody wanted to understand us',
    broken: deadLinks,
  },
  reference: {
    reason: 'a reference that is older than the docstrings says what was once so',
    broken: referenceThatIsOld,
  },
  packedPages: {
    reason: 'the README of a package is read where there is no repository around it',
    broken: linksOutOfPackages,
  },
  blocks: {
    reason: 'code in a page is copied: it runs, and prints what the page says',
    broken: blocksThatDoNotRun,
  },
  commands: {
    reason: 'a command that a page tells to type is typed',
    broken: commandsThatAreNone,
  },
  standsAlone: {
    reason: 'the repository names no machine and no registry: it is built wherever it is cloned',
    broken: machineNames,
  },
};

const read = (root: string, file: string) => readFileSync(join(root, file), 'utf8');

// --- arrows, rooms

/** The rooms inside core, the lowest first: `model ◀ rules ◀ ledger`. */
function drawnRooms(root: string): readonly string[] {
  const [, drawing = ''] = /`([\w-]+(?: ◀ [\w-]+)+)` inside core/.exec(read(root, 'docs/ARCHITECTURE.md')) ?? [];
  return drawing.split(' ◀ ');
}

const CORE = '^packages/core/src/';

function arrows(root: string): IForbiddenRuleType[] {
  const rooms = drawnRooms(root);
  const upwards = rooms.slice(0, -1).map((room, index) => ({
    name: `${room} imports nothing above it`,
    from: { path: `${CORE}${room}/` },
    to: { path: `${CORE}(${rooms.slice(index + 1).join('|')})/` },
  }));
  const others = [
    { name: 'no cycle', from: {}, to: { circular: true } },
    { name: 'core imports no package', from: { path: CORE }, to: { path: '^packages/(?!core/)' } },
    {
      name: 'adapters import core alone',
      from: { path: '^packages/([^/]+)/src/', pathNot: '^packages/(cli|bench)/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/core/'] },
    },
    {
      name: 'no deep import of a package',
      from: { path: '^(packages|examples)/([^/]+)/src/' },
      to: { path: '^packages/', pathNot: ['^$1/$2/src/', '/index[.]ts$'] },
    },
    { name: 'nobody imports an example', from: { path: '^packages/' }, to: { path: '^examples/' } },
  ];
  return [...upwards, ...others].map(rule => ({ severity: 'error', ...rule }));
}

async function brokenArrows(root: string): Promise<readonly string[]> {
  const tsConfig = join(root, 'tsconfig.base.json');
  const found = await cruise(
    ['packages', 'examples'],
    {
      baseDir: root,
      ruleSet: { forbidden: arrows(root) },
      validate: true,
      includeOnly: '^(packages|examples)/[^/]+/src/.*[.]tsx?$',
      tsPreCompilationDeps: true,
      tsConfig: { fileName: tsConfig },
    },
    undefined,
    { tsConfig: extractTSConfig(tsConfig) },
  );
  if (typeof found.output === 'string') throw new Error(found.output);
  if (found.output.summary.totalCruised < 50) return ['the sources were not found'];
  return found.output.summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`);
}

async function roomsThatAreNotDrawn(root: string): Promise<readonly string[]> {
  const drawn = drawnRooms(root);
  const rooms = readdirSync(join(root, 'packages/core/src'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  const page = read(root, 'docs/ARCHITECTURE.md');
  return [
    ...rooms.filter(room => !drawn.includes(room)).map(room => `packages/core/src/${room} is not drawn`),
    ...drawn.filter(room => !rooms.includes(room)).map(room => `${room} is drawn, and there is no such room in core`),
    ...packagesOf(root)
      .filter(({ directory }) => !page.includes(`\`${directory}`))
      .map(({ directory }) => `${directory} is not in the table of rooms`),
    ...packageArrowsThatAreNotDrawn(root, page),
  ];
}

/** The drawing of the packages against what they depend on. */
function packageArrowsThatAreNotDrawn(root: string, page: string): readonly string[] {
  const [, drawing = ''] = /```mermaid\ngraph ([\s\S]*?)```/.exec(page) ?? [];
  const drawn = [...drawing.matchAll(/^ *([\w-]+) --> ([\w-]+)$/gm)].map(([, from, to]) => `${from} → ${to}`);
  const real = publishedOf(root).flatMap(({ directory, manifest: { dependencies, peerDependencies } }) =>
    Object.keys({ ...dependencies, ...peerDependencies })
      .filter(name => name.startsWith('@stockfold/'))
      .map(name => `${directory.replace('packages/', '')} → ${name.replace('@stockfold/', '')}`),
  );
  return [
    ...real.filter(arrow => !drawn.includes(arrow)).map(arrow => `${arrow} is not drawn`),
    ...drawn.filter(arrow => !real.includes(arrow)).map(arrow => `${arrow} is drawn, and there is no such dependency`),
  ];
}

// --- invariants

/** Each predicate has its section under its number, with a law and a planted bug; a quotation stands in the file named next. */
async function invariantsWithoutTest(root: string): Promise<readonly string[]> {
  const page = read(root, 'docs/invariants.md');
  const table = read(root, 'docs/ARCHITECTURE.md');
  const stated = /\/\*\*(?:\n \*)? (\d+)[.] [\s\S]*?\*\/\nexport function (\w+)/g;
  const predicates = [...read(root, 'packages/core/src/rules/audit.ts').matchAll(stated)].map(
    ([, number = '', name = '']) => ({ number, name }),
  );
  const sections = page.split(/^## /m).slice(1);
  const quoted = [...page.matchAll(/“([^”]+)”\s+in\s+`([^`]+)`/g)].map(([, test = '', file = '']) => ({ test, file }));
  return [
    ...predicates.flatMap(({ number, name }) => {
      const section = sections.find(text => text.startsWith(`${number}. \`${name}\``));
      return [
        ...(section === undefined ? [`docs/invariants.md has no section “${number}. \`${name}\`”`] : []),
        ...(section !== undefined && !/^- Law: “[\s\S]*^- Planted bug: “/m.test(section)
          ? [`${name} has no law, or no planted bug`]
          : []),
        ...(table.includes(`| ${number} | \`${name}\` |`)
          ? []
          : [`docs/ARCHITECTURE.md does not list ${number}, ${name}`]),
      ];
    }),
    ...(predicates.length === sections.length ? [] : ['docs/invariants.md has another number of invariants']),
    ...quoted
      .filter(({ test, file }) => !existsSync(join(root, file)) || !read(root, file).includes(test))
      .map(({ test, file }) => `“${test}” is not in ${file}`),
  ];
}

// --- documented

async function undocumentedNames(root: string): Promise<readonly string[]> {
  const words = glossaryOf(root);
  const names = exportedNamesOf(root, publishedOf(root));
  const undocumented = names.flatMap(name => {
    const missing = [
      ...(name.isExport && name.doc === '' ? ['has no docstring'] : []),
      ...(name.isNumber && !hasUnit(name, words) ? ['does not say what it counts'] : []),
      ...(tellsHowItFails(name) ? [] : ['does not say how it fails']),
      ...(name.isExport && hasAuthority(name, words) && !name.doc.includes('@see') ? ['does not name its source'] : []),
    ];
    return missing.map(complaint => `${name.place}: ${name.name} ${complaint}`);
  });
  return [...undocumented, ...errorsThatAreNotExplained(root, names)];
}

/**
 * A number is explained by a sentence; by its name, as milliseconds (`…Ms`, `…At`), bytes, a limit or a count (a plural);
 * or by the glossary: `sequence`, `onHand`.
 */
function hasUnit({ name, doc, ownerDoc }: ExportedName, words: readonly Word[]): boolean {
  const [last = ''] = /\w+(?=\)?$)/.exec(name) ?? [];
  const spoken = wordsOf(last);
  return (
    doc !== '' ||
    /smallest\s+units|counted\s+from/.test(ownerDoc) ||
    /(^ms|Ms|At|Max|[^u]s)$/.test(last) ||
    words.some(({ word }) => ` ${spoken}`.endsWith(` ${word}`))
  );
}

/** By a kind of error that it names, or by the words for them; a type may say it once for all of its members. */
function tellsHowItFails({ doc, ownerDoc, errors, throws }: ExportedName): boolean {
  const said = `${doc} ${ownerDoc}`;
  if (throws && !doc.includes('@throws')) return false;
  return (
    errors === undefined ||
    [...errors.map(({ kind }) => kind), 'faults?', 'rejection', 'problem'].some(kind =>
      new RegExp(`\\b${kind}\\b`).test(said),
    )
  );
}

const ERRORS_PAGE = 'docs/guides/handle-errors.md';

/** Every kind of error that a call can give has a row in the guide, with its retry class, and no other has. */
function errorsThatAreNotExplained(root: string, names: readonly ExportedName[]): readonly string[] {
  const given = names.flatMap(({ name, errors = [] }) => errors.map(error => ({ ...error, name })));
  const rows = [...read(root, ERRORS_PAGE).matchAll(/^\| `([A-Z]\w+)` \| ([\w-]*)/gm)].map(
    ([, kind = '', retry = '']) => ({ kind, retry }),
  );
  const missing = given.flatMap(({ kind, retry, name }) => {
    const row = rows.find(candidate => candidate.kind === kind);
    if (row === undefined) return [`${ERRORS_PAGE} has no row for ${kind}, which ${name} may give`];
    return retry === undefined || row.retry === retry
      ? []
      : [`${ERRORS_PAGE} has another retry than ${retry} for ${kind}`];
  });
  const gone = rows.filter(({ kind }) => !given.some(error => error.kind === kind));
  return [...new Set(missing), ...gone.map(({ kind }) => `${ERRORS_PAGE} has ${kind}, which no call gives`)];
}

/** Whether the word is not ours: the glossary says whose it is. */
const hasAuthority = ({ name }: ExportedName, words: readonly Word[]) =>
  words.some(({ word, source }) => word === wordsOf(name) && /Zettle|GS1|RFC/.test(source));

// --- dependencies, manifests, exportsMap

const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];

async function wrongDependencies(root: string): Promise<readonly string[]> {
  const catalog = new Map(
    [...read(root, 'pnpm-workspace.yaml').matchAll(/^ {2}"?([@\w/.-]+)"?: (\S+)$/gm)].map(
      ([, name = '', version = '']) => [name, version] as const,
    ),
  );
  return packagesOf(root).flatMap(({ directory, manifest }) => {
    const { dependencies = {}, devDependencies = {}, scripts = {}, license } = manifest;
    const wrong: string[] = [];
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      if (!/^(catalog|workspace):/.test(version)) wrong.push(`${name} has a version of its own: ${version}`);
    for (const [name, version] of Object.entries(dependencies))
      if (manifest.private !== true && version === 'catalog:' && !catalog.get(name)?.startsWith('^'))
        wrong.push(`${name} is held at one version`);
    for (const script of INSTALL_SCRIPTS) if (script in scripts) wrong.push(`a script runs at install: ${script}`);
    if (license !== 'MIT') wrong.push('the license is missing');
    const names = Object.keys(dependencies).sort().join(' ');
    if (directory === 'packages/core' && names !== 'immer neverthrow') wrong.push(`core depends on ${names}`);
    return wrong.map(complaint => `${directory}: ${complaint}`);
  });
}

const NEEDED = ['description', 'keywords', 'license', 'type', 'sideEffects', 'files', 'engines', 'exports'];
const ELSEWHERE = ['repository', 'homepage', 'bugs'];

async function incompleteManifests(root: string): Promise<readonly string[]> {
  const node = manifestOf(join(root, 'packages/core')).engines;
  return publishedOf(root).flatMap(({ directory, manifest }) => {
    const typed = Object.entries(manifest.exports ?? {}).filter(
      ([, entry]) => typeof entry === 'string' || Object.keys(entry).join() !== 'types,default',
    );
    const wrong = [
      ...NEEDED.filter(field => !(field in manifest)).map(field => `has no ${field}`),
      ...ELSEWHERE.filter(field => field in manifest).map(field => `names a place: ${field}`),
      ...typed.map(([entry]) => `${entry} is not { types, default }, in this order`),
      ...(JSON.stringify(manifest.engines) === JSON.stringify(node) ? [] : ['has other engines than core']),
      ...(manifest.type === 'module' ? [] : ['is no ES module']),
    ];
    return wrong.map(complaint => `${directory}: ${complaint}`);
  });
}

/** What tsup is told to build, in the script `build`, against what is named; the packed files are held in `test/packed`. */
async function exportsThatAreNotBuilt(root: string): Promise<readonly string[]> {
  return publishedOf(root).flatMap(({ directory, manifest }) => {
    const built = [...(manifest.scripts?.build ?? '').matchAll(/\bsrc\/([\w/-]+)[.]tsx?\b/g)].map(
      ([, path]) => `dist/${path}.js`,
    );
    const named = namedFilesOf(manifest);
    const sources = entriesOf({ directory, manifest });
    return [
      ...named.filter(file => !built.includes(file)).map(file => `${directory} names ${file}, which is not built`),
      ...built.filter(file => !named.includes(file)).map(file => `${directory} builds ${file}, which is not named`),
      ...sources.filter(source => !existsSync(join(root, source))).map(source => `there is no ${source}`),
    ];
  });
}

// --- guides, decisions

async function unlistedGuides(root: string): Promise<readonly string[]> {
  const index = read(root, 'docs/README.md');
  return readdirSync(join(root, 'docs/guides'))
    .filter(file => !index.includes(`](guides/${file}`))
    .map(file => `docs/guides/${file} is not in docs/README.md`);
}

async function unlistedDecisions(root: string): Promise<readonly string[]> {
  const index = read(root, 'docs/adr/README.md');
  const listed = [...index.matchAll(/^- \[(.+)\]\((.+)\)$/gm)].map(([, title, file]) => ({ title, file }));
  const files = readdirSync(join(root, 'docs/adr')).filter(file => /^\d{4}-/.test(file));
  return [
    ...files.filter(file => !listed.some(entry => entry.file === file)).map(file => `${file} is not in the index`),
    ...files.flatMap(file => {
      const [heading = ''] = read(root, `docs/adr/${file}`).split('\n');
      const entry = listed.find(candidate => candidate.file === file);
      return entry === undefined || heading === `# ${entry.title}` ? [] : [`${file} has another title in the index`];
    }),
    ...listed.filter(({ file = '' }) => !files.includes(file)).map(({ file }) => `${file} is in the index alone`),
    ...files
      .filter((file, index) => files.findIndex(other => other.slice(0, 4) === file.slice(0, 4)) !== index)
      .map(file => `${file} has the number of another one`),
  ];
}

// --- glossary

type Word = Readonly<{ word: string; source: string }>;

/** Words as they are spoken: `stockLevel`, `stock_level` and `stock-level` are `stock level`. */
const wordsOf = (text: string) =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase();

/** The first table of the glossary: every word, and whose it is. */
function glossaryOf(root: string): readonly Word[] {
  const [table = ''] = read(root, 'docs/GLOSSARY.md').split('## Not said');
  return [...table.matchAll(/^\| (.+?) \| .+ \| (.+) \|$/gm)].flatMap(([, words = '', source = '']) =>
    words.split(/, |` `/).map(word => ({ word: wordsOf(word.replaceAll('`', '')), source })),
  );
}

// The glossary itself, these rules, and the guides that say what others' words are here.
const SAY_OTHERS_WORDS = /^docs\/GLOSSARY|^packages\/house\/|^docs\/guides\/move-from-/;

/** The words of the glossary's second table, each with the one that stands for it. */
async function wordsForWhichThereIsAnother(root: string): Promise<readonly string[]> {
  const [, second = ''] = read(root, 'docs/GLOSSARY.md').split('## Not said');
  const rows = [...second.matchAll(/^\| ([\w -]+) \| ([\w -]+) \|$/gm)].map(([, not = '', say = '']) => ({ not, say }));
  const banned = rows
    .filter(({ not }) => not !== 'not' && !not.startsWith('---'))
    .map(({ not, say }) => ({ not, say, pattern: new RegExp(`\\b${wordsOf(not)}s?\\b`) }));
  if (banned.length === 0) return ['docs/GLOSSARY.md has no table of words that are not said'];
  const files = (await filesOf(root)).filter(file => /[.](ts|tsx|md|sql)$/.test(file) && !SAY_OTHERS_WORDS.test(file));
  // What the glossary says in several words is said: a low-stock level is no stock level.
  const said = glossaryOf(root).filter(({ word }) => word.includes(' '));
  return files.flatMap(file => {
    const text = said.reduce((left, { word }) => left.replaceAll(word, ''), wordsOf(read(root, file)));
    return banned.filter(({ pattern }) => pattern.test(text)).map(({ not, say }) => `${file} says “${not}” for ${say}`);
  });
}

/** The pages that somebody wrote. */
const writtenPagesOf = async (root: string) => (await pagesOf(root)).filter(file => !file.startsWith(`${REFERENCE}/`));

// --- links, reference, packedPages, blocks, commands

async function deadLinks(root: string): Promise<readonly string[]> {
  // The generator makes both ends of a link in the reference, with anchors that Markdown itself does not know.
  const files = await writtenPagesOf(root);
  const complaints: string[] = [];
  const settings = {
    processor: remark(),
    files,
    cwd: root,
    plugins: [[remarkValidateLinks, { repository: false, root }]] as Settings['plugins'],
    output: false,
    out: false,
    silentlyIgnore: true,
    streamError: new PassThrough(),
  } as const;
  await new Promise<void>((resolve, reject) => {
    engine({ ...settings, files: [...files] }, (error, _, context) => {
      for (const file of context?.files ?? [])
        for (const message of file.messages) complaints.push(`${file.path}:${message.line}: ${message.reason}`);
      if (error) reject(error);
      else resolve();
    });
  });
  return [...complaints, ...files.flatMap(file => pathsThatAreNone(root, file))];
}

/** Paths in backticks are links too: `docs/guides/write-a-store.md`. */
function pathsThatAreNone(root: string, file: string): readonly string[] {
  const paths = [...read(root, file).matchAll(/`((?:docs|packages|examples)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  return paths
    .filter(path => !path.includes('/dist/') && !existsSync(join(root, path)))
    .map(path => `${file} names ${path}, and there is none`);
}

async function referenceThatIsOld(root: string): Promise<readonly string[]> {
  const pages = await makeReference(root);
  const kept = (await pagesOf(root)).filter(file => file.startsWith(`${REFERENCE}/`));
  const made = [...pages].map(([file, text]) => ({ file: `${REFERENCE}/${file}`, text }));
  const isKept = ({ file, text }: { file: string; text: string }) => kept.includes(file) && read(root, file) === text;
  return [
    ...made
      .filter(page => !isKept(page))
      .map(({ file }) => `${file} is not what the docstrings say: pnpm docs:reference`),
    ...kept.filter(file => !made.some(page => page.file === file)).map(file => `${file} is of nothing that there is`),
  ];
}

async function linksOutOfPackages(root: string): Promise<readonly string[]> {
  return publishedOf(root).flatMap(({ directory }) => {
    const page = join(directory, 'README.md');
    if (!existsSync(join(root, page))) return [`${directory} has no README.md`];
    return [...read(root, page).matchAll(/\]\((?!https?:|#)([^)]+)\)/g)]
      .map(([, link = '']) => link)
      .filter(link => !normalize(join(dirname(page), link)).startsWith(`${directory}/dist/`))
      .map(link => `${page} links to ${link}, which is not packed`);
  });
}

const ON_SOURCES = fileURLToPath(new URL('./on-sources.ts', import.meta.url));

/**
 * Every block of TypeScript runs on the sources, one that says `continued` with what is before it. Those that say `no-run` do
 * not, and those that say `built` need what is built, so `test/packed` runs them.
 */
async function blocksThatDoNotRun(root: string): Promise<readonly string[]> {
  // The blocks of the reference are declarations.
  const blocks = (await writtenPagesOf(root)).flatMap(file =>
    programsOf(read(root, file)).map(block => ({ file, block })),
  );
  const complaints: string[] = [];
  await inTurns(blocks, async ({ file, block }) => {
    const complaint =
      block.info === 'ts'
        ? await complaintOf(block, { cwd: root, flags: ['--import', ON_SOURCES] })
        : /^(tsx?|js|typescript|javascript)\b(?! (no-run|built)$)/.test(block.info)
          ? 'it is neither `ts` nor `no-run`'
          : null;
    if (complaint !== null) complaints.push(`${file}:${block.line}: ${complaint}`);
  });
  return complaints;
}

async function commandsThatAreNone(root: string): Promise<readonly string[]> {
  const scripts = { ...manifestOf(root).scripts, exec: '', install: '', pack: '' };
  return (await pagesOf(root)).flatMap(file =>
    [...read(root, file).matchAll(/(?:pnpm@[\d.]+|`pnpm)((?: --[\w-]+)*) ([\w:-]+)/g)]
      .map(([, , script = '']) => script)
      .filter(script => !(script in scripts))
      .map(script => `${file} says pnpm ${script}, and there is no such script`),
  );
}

// --- standsAlone

const MACHINE = [
  /\/(home|root|Users|work)\/[\w.-]+/,
  /registry[.]\w+[.]\w+/,
  /\b(?:https?:)?\/\/[\w.-]*npmjs[.]\w+\/[\w@/-]+\.tgz/,
];

async function machineNames(root: string): Promise<readonly string[]> {
  return (await filesOf(root))
    .filter(file => lstatSync(join(root, file)).size < 1_000_000 && !/[.](png|jpg|ico|woff2)$/.test(file))
    .flatMap(file => {
      const lines = read(root, file).split('\n');
      return lines.flatMap((line, index) => (MACHINE.some(name => name.test(line)) ? [`${file}:${index + 1}`] : []));
    });
}
