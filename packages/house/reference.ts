import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Application,
  Converter,
  IntersectionType,
  ReferenceType,
  ReflectionKind,
  type Type,
  type TypeDocOptions,
  UnionType,
} from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { entriesOf, publishedOf } from './repository.ts';

/** Where the reference is, from the root. */
export const REFERENCE = 'docs/reference';

const OPTIONS: TypeDocOptions & PluginOptions = {
  plugin: ['typedoc-plugin-markdown', nameByPackage, unwrapReadonly, tellAllInTables],
  readme: 'none',
  // Types are held by `tsc`, docstrings by the rule `documented`.
  skipErrorChecking: true,
  validation: false,
  logLevel: 'Error',
  disableSources: true,
  githubPages: false,
  sort: ['source-order'],
  router: 'module',
  flattenOutputFiles: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  hideGenerator: true,
  useHTMLAnchors: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  expandParameters: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
};

/** The pages of the reference, made of the docstrings of what the packages give to their users; by file name. */
export async function makeReference(root: string): Promise<ReadonlyMap<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'stockfold-reference-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      ...OPTIONS,
      basePath: root,
      name: 'Reference',
      tsconfig: join(root, 'tsconfig.src.json'),
      entryPoints: publishedOf(root)
        .flatMap(entriesOf)
        .map(entry => join(root, entry)),
      out,
    });
    const project = await app.convert();
    if (project === undefined) throw new Error('TypeDoc could not read the sources');
    await app.generateOutputs(project);
    const files = readdirSync(out).filter(file => file.endsWith('.md'));
    return new Map(files.map(file => [file, readFileSync(join(out, file), 'utf8')]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A page is called by what is imported, `core` or `store-sql-sqlite`; an entry that exports nothing has none. */
function nameByPackage(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of [...(project.children ?? [])]) {
      if (module.children === undefined) project.removeReflection(module);
      else module.name = module.name.replace(/^packages\/(.+?)\/src/, '$1').replace('/', '-');
    }
  });
}

/** TypeDoc shows the members of a type literal with what they say, but not those of one in `Readonly`: so it goes. */
function unwrapReadonly(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections))
      if ('type' in reflection && reflection.type !== undefined) reflection.type = unwrapped(reflection.type as Type);
  });
}

/** A table shows the first sentences of a member alone: what it takes, returns and throws goes behind them. */
function tellAllInTables(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const { comment, parent } of Object.values(project.reflections)) {
      if (comment === undefined || parent?.kindOf(ReflectionKind.TypeLiteral) !== true) continue;
      for (const { tag, name = '', content } of comment.blockTags)
        comment.summary.push({ kind: 'text', text: ` *${[tag.slice(1), name].join(' ').trim()}:* ` }, ...content);
      comment.blockTags = [];
    }
  });
}

function unwrapped(type: Type): Type {
  if (type instanceof ReferenceType && type.name === 'Readonly' && type.typeArguments?.[0] !== undefined)
    return unwrapped(type.typeArguments[0]);
  if (type instanceof UnionType || type instanceof IntersectionType)
    type.types = type.types.map(unwrapped) as typeof type.types;
  return type;
}
