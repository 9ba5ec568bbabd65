import type { HttpHandler } from '@stockfold/http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Schema = Readonly<Record<string, unknown>>;
type Documented = Readonly<{ description?: string; content?: { 'application/json': { schema: Schema } } }>;
type OperationDoc = Readonly<{ responses: Readonly<Record<string, Documented>> }>;
type Document = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, OperationDoc>>>>;
  components: { responses: { Problem: Documented } };
}>;

/** One request and what came back. */
export type Exchange = Readonly<{ method: string; path: string; status: number; text: string }>;

/** Says what is wrong with an answer by what `/openapi.json` says of it; null when nothing is. */
export type Contract = (exchange: Exchange) => string | null;

const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const compiled = new Map<string, ValidateFunction>();
const covered = new Set<string>();

/** The operations, with their status, of which an answer has been checked. */
export function coveredAnswers(): ReadonlySet<string> {
  return covered;
}

/** Every operation of a document with each status that it names. */
export function documentedAnswers({ paths }: Document): readonly string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.keys(responses).map(status => `${method} ${path} ${status}`),
    ),
  );
}

/** The document that a handler serves; it is the same for every handler of a kind, and asked for once. */
export function readContract(handler: HttpHandler, kind = 'alone'): Promise<Document> {
  const document = documents.get(kind) ?? fetchContract(handler);
  documents.set(kind, document);
  return document;
}

const documents = new Map<string, Promise<Document>>();

async function fetchContract(handler: HttpHandler): Promise<Document> {
  return (await (await handler(new Request('http://stock.test/openapi.json'))).json()) as Document;
}

/** The contract of a document. */
export function contractOf({ paths, components }: Document): Contract {
  const routes = Object.entries(paths).map(([path, methods]) => ({
    path,
    methods,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`),
    // Where two match, the one that spells more out is meant.
    spelled: path.replace(/\{\w+\}/g, '').length,
  }));
  return ({ method, path, status, text }) => {
    const [pathname = ''] = path.split('?');
    const matching = routes.filter(({ pattern }) => pattern.test(pathname)).sort((a, b) => b.spelled - a.spelled);
    const operation = matching[0]?.methods[method.toLowerCase()];
    const documented = operation?.responses[status];
    if (documented === undefined && status < 400) return `${method} ${path}: ${status} is not documented`;
    if (operation !== undefined)
      covered.add(`${method.toLowerCase()} ${matching[0]?.path} ${documented === undefined ? 'default' : status}`);
    const schema = (documented ?? components.responses.Problem).content?.['application/json'].schema;
    if (schema === undefined) return text === '' ? null : `${method} ${path}: ${status} has no body`;
    return errorsOf(schema, JSON.parse(text), `${method} ${path} ${status}`);
  };
}

function errorsOf(schema: Schema, body: unknown, what: string): string | null {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile(schema);
  compiled.set(key, validate);
  return validate(body) ? null : `${what}: ${ajv.errorsText(validate.errors)}`;
}
