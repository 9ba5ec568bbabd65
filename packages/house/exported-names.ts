import { join, relative } from 'node:path';
import ts from 'typescript';
import { entriesOf, type Package } from './repository.ts';

/** Something that a user can name: an export, a member of an exported type, or a parameter of an exported function. */
export type ExportedName = Readonly<{
  /** `parseUuid`, `Ledger.execute`, `restock(quantity)`. */
  name: string;
  /** `packages/core/src/model/id.ts:12`. */
  place: string;
  /** What its docstring says, the tags too. */
  doc: string;
  /** What the docstring of the type or the function says that it belongs to. */
  ownerDoc: string;
  /** Whether it stands in the exports of a package by itself. */
  isExport: boolean;
  /** Whether it is, gives or takes a number that has no name of its own, as `Quantity` has. */
  isNumber: boolean;
  /** The errors of a call that gives a `Result`; undefined when it gives none. */
  errors: readonly ErrorKind[] | undefined;
  /** Whether it is a function that throws by itself. */
  throws: boolean;
}>;

/** A kind of error, and its retry class; undefined where the type leaves it open. */
export type ErrorKind = Readonly<{ kind: string; retry: string | undefined }>;

/** All names that the packages give to their users, as the compiler sees them. */
export function exportedNamesOf(root: string, packages: readonly Package[]): readonly ExportedName[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.src.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const entries = packages.flatMap(entriesOf).map(source => join(root, source));
  const program = ts.createProgram(entries, options);
  const reader = createReader(root, program.getTypeChecker());
  return entries.flatMap(entry => {
    const file = program.getSourceFile(entry);
    if (file === undefined) throw new Error(`${entry} could not be read`);
    return reader(file);
  });
}

function createReader(root: string, checker: ts.TypeChecker): (entry: ts.SourceFile) => readonly ExportedName[] {
  const seen = new Set<ts.Declaration>();

  function docOf(symbol: ts.Symbol): string {
    const tags = symbol.getJsDocTags(checker).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`);
    return [ts.displayPartsToString(symbol.getDocumentationComment(checker)), ...tags].join(' ').trim();
  }

  /** The name itself, and the parameters when it is a function. */
  function namesOf(symbol: ts.Symbol, type: ts.Type, path: string, ownerDoc?: string): readonly ExportedName[] {
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined || seen.has(declaration)) return [];
    seen.add(declaration);
    const file = declaration.getSourceFile();
    const place = `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1}`;
    if (!/^packages\/[^/]+\/src\//.test(place)) return [];
    const calls = checker.getNonNullableType(type).getCallSignatures();
    const doc = docOf(symbol);
    const name: ExportedName = {
      name: path,
      place,
      doc,
      ownerDoc: ownerDoc ?? '',
      isExport: ownerDoc === undefined,
      isNumber: isNumber(type) || calls.some(call => isNumber(call.getReturnType())),
      errors: calls.map(call => errorsOf(call.getReturnType())).find(errors => errors !== undefined),
      throws: bodyOf(declaration) !== undefined && throwsItself(bodyOf(declaration) as ts.Node),
    };
    const parameters = calls.flatMap(call =>
      call.parameters.flatMap(parameter =>
        namesOf(parameter, checker.getTypeOfSymbol(parameter), `${path}(${parameter.name})`, doc),
      ),
    );
    return [name, ...parameters];
  }

  const isNumber = (type: ts.Type) => checker.typeToString(checker.getNonNullableType(type)) === 'number';

  /** The errors in `Result<T, E>`, `ResultAsync<T, E>`, and a promise of one. */
  function errorsOf(type: ts.Type): readonly ErrorKind[] | undefined {
    const text = checker.typeToString(type);
    const [first, error] = type.aliasTypeArguments ?? checker.getTypeArguments(type as ts.TypeReference);
    if (text.startsWith('Promise<') && first !== undefined) return errorsOf(first);
    if (!/^Result(Async)?</.test(text) || error === undefined) return undefined;
    return branchesOf(error).flatMap(branch => {
      const [retry, ...others] = literalsOf(branch, 'retry');
      return literalsOf(branch, 'kind').map(kind => ({ kind, retry: others.length > 0 ? undefined : retry }));
    });
  }

  const branchesOf = (type: ts.Type) => (type.isUnion() ? type.types : [type]);

  function literalsOf(type: ts.Type, property: string): readonly string[] {
    const symbol = checker.getPropertyOfType(type, property);
    if (symbol === undefined) return [];
    return branchesOf(checker.getTypeOfSymbol(symbol)).map(branch => String((branch as ts.LiteralType).value));
  }

  function membersOf(symbol: ts.Symbol): readonly ExportedName[] {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    return (type.isUnion() ? type.types : [type])
      .flatMap(branch => branch.getProperties())
      .flatMap(member =>
        namesOf(member, checker.getTypeOfSymbol(member), `${symbol.name}.${member.name}`, docOf(symbol)),
      );
  }

  return entry => {
    const symbol = checker.getSymbolAtLocation(entry);
    if (symbol === undefined) return [];
    return checker
      .getExportsOfModule(symbol)
      .map(exported => (exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported))
      .flatMap(exported => {
        // A namespace is the names in it.
        if (exported.flags & ts.SymbolFlags.ValueModule) return [];
        const isType = (exported.flags & ts.SymbolFlags.Type) !== 0;
        const type = isType ? checker.getDeclaredTypeOfSymbol(exported) : checker.getTypeOfSymbol(exported);
        return [...namesOf(exported, type, exported.name), ...(isType ? membersOf(exported) : [])];
      });
  };
}

/** The body of a function, however it is written. */
function bodyOf(declaration: ts.Declaration): ts.Node | undefined {
  const written = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  return written !== undefined && ts.isFunctionLike(written) && 'body' in written
    ? (written.body as ts.Node | undefined)
    : undefined;
}

/** Whether there is a `throw` in it, not counting the functions in it. */
function throwsItself(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, child => throwsItself(child) || undefined) ?? false;
}
