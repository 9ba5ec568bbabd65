import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { problemBody } from './answers.ts';
import type { Answer, AnySchema, Operation, Produced } from './routes/operation.ts';

/** An OpenAPI document: plain JSON. */
export type OpenApi = Readonly<{
  openapi: string;
  info: Readonly<{ title: string; version: string; description: string }>;
  paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  components: Readonly<Record<string, unknown>>;
}>;

/** One operation of the document, as far as its own page reads it. */
export type OpenApiOperation = Readonly<{
  operationId: string;
  tags: readonly string[];
  summary: string;
  description: string;
  parameters: readonly Readonly<{ name: string; in: string; required: boolean; description?: string }>[];
  requestBody?: unknown;
  responses: Readonly<Record<string, Readonly<{ description: string }>>>;
}>;

const PROBLEM = '#/components/responses/Problem';

/**
 * The OpenAPI 3.1 document of some operations, made of the very schemas that hold requests against them.
 *
 * @see OpenAPI Specification 3.1.1.
 */
export function openApiOf(operations: readonly Operation[]): OpenApi {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: toOpenApi(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Stockfold inventory API',
      version: '1.0.0',
      description: 'An inventory ledger in the shape of the Zettle Inventory API.',
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: { Problem: toResponse({ description: 'Nothing was changed, and why', schema: problemBody }) },
    },
  };
}

function toOpenApi(operation: Operation): OpenApiOperation {
  const { id, group, summary, description, scope, path, query = {}, body, answers, produces } = operation;
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: name === 'organization' ? '`self`, or the UUID of the organization of the token' : 'A UUID',
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, { required = false, schema, ...rest }]) => ({
    name,
    in: 'query',
    required,
    ...rest,
    schema: toJson(schema),
  }));
  const responses = Object.entries(answers).map(([status, answer]) => [status, toResponse(answer, produces)]);
  return {
    operationId: id,
    tags: [group],
    summary,
    description: [description, `Needs the scope ${scope}.`].filter(Boolean).join(' '),
    security: [{ token: [] }],
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: { ...Object.fromEntries(responses), default: { $ref: PROBLEM } },
  } as OpenApiOperation;
}

function toResponse({ description, schema, headers = {} }: Answer, produces?: Produced): object {
  const documented = Object.entries(headers).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(documented.length > 0 && { headers: Object.fromEntries(documented) }),
    ...(schema && { content: contentOf(schema, produces) }),
  };
}

function contentOf(schema: AnySchema, produces: Produced = 'application/json'): object {
  return { [produces]: { schema: toJson(schema) } };
}

/** A schema as JSON Schema. What it checks by a function says in its metadata what JSON Schema can say of it. */
function toJson(schema: AnySchema): JsonSchema {
  const pipes = pipesIn(schema);
  const { $schema: _, ...json } = toJsonSchema(schema as v.GenericSchema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
    // Metadata is read below, where it also counts behind a transformation; the converter writes it out as a keyword.
    overrideAction: ({ jsonSchema }) => {
      const {
        jsonSchema: _,
        amounts: __,
        ...rest
      } = jsonSchema as JsonSchema & { jsonSchema?: object; amounts?: object };
      return rest;
    },
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const whole = pipes.get(valibotSchema) ?? valibotSchema;
      const inner = innerOf(whole);
      const { jsonSchema: said } = v.getMetadata(whole as never) as { jsonSchema?: object };
      if (inner === null && said === undefined) return null;
      const base = inner === null ? jsonSchema : toJson(inner);
      return { ...(said !== undefined && 'anyOf' in said ? {} : base), ...said } as JsonSchema;
    },
  });
  return json;
}

/** The pipes in a schema by the schema they begin with: the converter shows only that one. The outermost counts. */
function pipesIn(schema: object, found: Map<object, object> = new Map()): Map<object, object> {
  const [first] = stepsOf(schema);
  if (first !== undefined && first !== schema && !found.has(first)) found.set(first, schema);
  for (const child of childrenOf(schema)) pipesIn(child, found);
  return found;
}

function childrenOf(schema: object): object[] {
  const { entries = {}, item, wrapped, options = [], pipe = [] } = schema as Record<string, object | undefined>;
  const all = [...Object.values(entries), item, wrapped, ...Object.values(options), ...Object.values(pipe)];
  return all.filter(child => typeof child === 'object' && child !== null && 'kind' in child && child.kind === 'schema');
}

/** Of a schema that first looks with a function, the one that says what is in it. */
function innerOf(schema: object): AnySchema | null {
  const [first, ...steps] = stepsOf(schema);
  if (first === undefined || !('type' in first) || first.type !== 'custom') return null;
  return (steps.find(step => 'kind' in step && step.kind === 'schema') as AnySchema | undefined) ?? null;
}

/** The steps of a pipe, those of pipes within it among them; a schema without one is its own only step. */
function stepsOf(schema: object): object[] {
  return 'pipe' in schema ? (schema.pipe as object[]).flatMap(stepsOf) : [schema];
}
