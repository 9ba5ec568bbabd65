import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { remark } from 'remark';
import remarkValidateLinks from 'remark-validate-links';
import ts from 'typescript';
import { engine, type Options as Settings } from 'unified-engine';

/** A rule of the house: why it is one, and what breaks it in the repository at `root`. */
export type Rule = Readonly<{ reason: string; broken: (root: string) => Promise<readonly string[]> }>;

/** All rules that types and the linter cannot hold. Each is shown to fail once, in `test/rules.test.ts`. */
export const RULES: Readonly<Record<string, Rule>> = {
  arrows: {
    reason: 'model ◀ rules ◀ ledger ◀ capabilities, and every other package on core: what is below can be read without what is above',
    broken: brokenArrows,
  },
  documented: {
    reason: 'a public name without a sentence is a name that a stranger has to guess',
    broken: undocumentedExports,
  },
  dependencies: {
    reason: 'users install what we depend on: core brings immer and neverthrow, and nothing runs at install',
    broken: wrongDependencies,
  },
  exportsMap: {
    reason: 'an entry of the exports map without a source is a package that cannot be imported',
    broken: exportsWithoutSource,
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
  standsAlone: {
    reason: 'the repository names no machine and no registry: it is built wherever it is cloned',
    broken: machineNames,
  },
};

const CORE = '^packages/core/src/';
const ARROWS: IForbiddenRuleType[] = [
  { name: 'no cycle', from: {}, to: { circular: true } },
  { name: 'model imports model', from: { path: `${CORE}model/` }, to: { path: `${CORE}(rules|ledger|capabilities)/` } },
  { name: 'rules import model', from: { path: `${CORE}rules/` }, to: { path: `${CORE}(ledger|capabilities)/` } },
  { name: 'the ledger knows no capability', from: { path: `${CORE}ledger/` }, to: { path: `${CORE}capabilities/` } },
  { name: 'core imports no package', from: { path: CORE }, to: { path: '^packages/(?!core/)' } },
  {
    name: 'adapters import core alone',
    from: { path: '^packages/([^/]+)/src/', pathNot: '^packages/(cli|bench)/' },
    to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/core/'] },
  },
  {
    name: 'packages meet at their index',
    from: { path: '^packages/([^/]+)/src/' },
    to: { path: '^packages/', pathNot: ['^packages/$1/src/', '/index[.]ts$'] },
  },
].map(rule => ({ severity: 'error', ...rule }));

async function brokenArrows(root: string): Promise<readonly string[]> {
  const tsConfig = join(root, 'tsconfig.base.json');
  const found = await cruise(
    ['packages'],
    {
      baseDir: root,
      ruleSet: { forbidden: ARROWS },
      validate: true,
      includeOnly: '^packages/[^/]+/src/',
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

/** The public entries of the packages: `[package, source]`. */
function entriesOf(root: string): readonly (readonly [string, string])[] {
  return published(root).flatMap(({ directory, manifest }) =>
    Object.values(manifest.exports ?? {}).flatMap(entry => {
      const built = typeof entry === 'string' ? entry : entry.default;
      if (!built.endsWith('.js')) return [];
      return [[directory, join(directory, built.replace('./dist/', 'src/').replace(/[.]js$/, '.ts'))] as const];
    }),
  );
}

async function exportsWithoutSource(root: string): Promise<readonly string[]> {
  return entriesOf(root)
    .filter(([, source]) => !existsSync(join(root, source)) && !existsSync(join(root, `${source}x`)))
    .map(([directory, source]) => `${directory} exports what ${source} should be built to`);
}

async function undocumentedExports(root: string): Promise<readonly string[]> {
  const config = ts.readConfigFile(join(root, 'tsconfig.src.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const sources = entriesOf(root).map(([, source]) => join(root, source));
  const program = ts.createProgram(sources, options);
  const checker = program.getTypeChecker();
  return sources.flatMap(source => {
    const file = program.getSourceFile(source);
    const entry = file && checker.getSymbolAtLocation(file);
    if (entry === undefined) return [`${source} could not be read`];
    return (
      checker
        .getExportsOfModule(entry)
        .map(symbol => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
        // A namespace is the names in it.
        .filter(symbol => !(symbol.flags & ts.SymbolFlags.ValueModule))
        .filter(symbol => symbol.getDocumentationComment(checker).length === 0)
        .map(symbol => `${symbol.name} of ${relative(root, source)} has no documentation`)
    );
  });
}

type Manifest = Readonly<{
  name: string;
  private?: boolean;
  license?: string;
  scripts?: Readonly<Record<string, string>>;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
  exports?: Readonly<Record<string, string | Readonly<{ types?: string; default: string }>>>;
}>;

function manifests(root: string): readonly Readonly<{ directory: string; manifest: Manifest }>[] {
  return readdirSync(join(root, 'packages'))
    .map(name => `packages/${name}`)
    .filter(directory => existsSync(join(root, directory, 'package.json')))
    .map(directory => ({
      directory,
      manifest: JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as Manifest,
    }));
}

const published = (root: string) => manifests(root).filter(({ manifest }) => manifest.private !== true);

const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];

async function wrongDependencies(root: string): Promise<readonly string[]> {
  return manifests(root).flatMap(({ directory, manifest }) => {
    const { dependencies = {}, devDependencies = {}, scripts = {}, license } = manifest;
    const wrong: string[] = [];
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      if (!/^(catalog|workspace):/.test(version)) wrong.push(`${name} has a version of its own: ${version}`);
    for (const script of INSTALL_SCRIPTS) if (script in scripts) wrong.push(`a script runs at install: ${script}`);
    if (license !== 'MIT') wrong.push('the license is missing');
    const names = Object.keys(dependencies).sort().join(' ');
    if (directory === 'packages/core' && names !== 'immer neverthrow') wrong.push(`core depends on ${names}`);
    return wrong.map(complaint => `${directory}: ${complaint}`);
  });
}

async function unlistedDecisions(root: string): Promise<readonly string[]> {
  const index = readFileSync(join(root, 'docs/adr/README.md'), 'utf8');
  const listed = [...index.matchAll(/^- \[(.+)\]\((.+)\)$/gm)].map(([, title, file]) => ({ title, file }));
  const files = readdirSync(join(root, 'docs/adr')).filter(file => /^\d{4}-/.test(file));
  return [
    ...files.filter(file => !listed.some(entry => entry.file === file)).map(file => `${file} is not in the index`),
    ...files.flatMap(file => {
      const [heading = ''] = readFileSync(join(root, 'docs/adr', file), 'utf8').split('\n');
      const entry = listed.find(candidate => candidate.file === file);
      return entry === undefined || heading === `# ${entry.title}` ? [] : [`${file} has another title in the index`];
    }),
    ...listed.filter(({ file = '' }) => !files.includes(file)).map(({ file }) => `${file} is in the index alone`),
  ];
}

/** The words of the glossary's second table, each with the one that stands for it. */
async function wordsForWhichThereIsAnother(root: string): Promise<readonly string[]> {
  const glossary = readFileSync(join(root, 'docs/GLOSSARY.md'), 'utf8');
  const [, second = ''] = glossary.split('## Not said');
  const words = [...second.matchAll(/^\| ([\w ]+) \| ([\w ]+) \|$/gm)].map(([, not = '', say = '']) => ({ not, say }));
  const banned = words.filter(({ not }) => not !== 'not');
  if (banned.length === 0) return ['docs/GLOSSARY.md has no table of words that are not said'];
  const files = (await trackedFiles(root)).filter(file =>
    /^(packages\/[^/]+\/src\/|docs\/|README|packages\/[^/]+\/README)/.test(file),
  );
  return files
    .filter(file => /[.](ts|tsx|md|sql)$/.test(file) && file !== 'docs/GLOSSARY.md')
    .flatMap(file => {
      const text = readFileSync(join(root, file), 'utf8');
      return banned
        .filter(({ not }) => new RegExp(`\\b${not}s?\\b`, 'i').test(text))
        .map(({ not, say }) => `${file} says “${not}” for ${say}`);
    });
}

async function deadLinks(root: string): Promise<readonly string[]> {
  const files = (await trackedFiles(root)).filter(file => file.endsWith('.md'));
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
    engine(settings, (error, _, context) => {
      for (const file of context?.files ?? [])
        for (const message of file.messages) complaints.push(`${file.path}:${message.line}: ${message.reason}`);
      if (error) reject(error);
      else resolve();
    });
  });
  return complaints;
}

const MACHINE = [
  /\/(home|root|Users|work)\/[\w.-]+/,
  /registry[.]\w+[.]\w+/,
  /\b(?:https?:)?\/\/[\w.-]*npmjs[.]\w+\/[\w@/-]+\.tgz/,
];

async function machineNames(root: string): Promise<readonly string[]> {
  return (await trackedFiles(root))
    .filter(file => lstatSync(join(root, file)).size < 1_000_000 && !/[.](png|jpg|ico|woff2)$/.test(file))
    .flatMap(file => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n');
      return lines.flatMap((line, index) => (MACHINE.some(name => name.test(line)) ? [`${file}:${index + 1}`] : []));
    });
}

async function trackedFiles(root: string): Promise<readonly string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 2 ** 26 });
  return stdout
    .trimEnd()
    .split('\n')
    .filter(file => existsSync(join(root, file)) && lstatSync(join(root, file)).isFile());
}
