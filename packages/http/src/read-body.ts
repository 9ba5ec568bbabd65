import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import { type ApiViolation, type Problem, problem, VIOLATIONS_MAX } from './problem.ts';
import { readBytes } from './read-bytes.ts';
import { flawOf, type JsonFlaw } from './strict-json.ts';

/**
 * Reads a JSON body. The checks stand in their documented order: media type, encoding, length, text, JSON, depth and keys.
 *
 * @param platform - What the server gave to the handler beside the request.
 */
export async function readJson(request: Request, platform: unknown): Promise<Result<unknown, Problem>> {
  if (!isJson(request.headers.get('content-type') ?? ''))
    return err(problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body is application/json in UTF-8.'));
  const bytes = await readBytes(request, platform);
  if (bytes.isErr()) return err(bytes.error);
  const text = decode(bytes.value);
  if (text === null) return err(problem(400, 'INVALID_ENCODING', 'The body is not valid UTF-8.'));
  return parse(text);
}

/**
 * Holds a body against a schema, every field in the order of the schema.
 *
 * @returns The body; or the violations of the schema, 100 at most.
 */
export function readFields<T>(json: unknown, schema: v.GenericSchema<unknown, T>): Result<T, Problem> {
  const read = v.safeParse(schema, json);
  if (read.success) return ok(read.output);
  const violations = read.issues.slice(0, VIOLATIONS_MAX).map(toViolation);
  const errorType = violations[0]?.constraintType ?? 'INVALID_REQUEST';
  return err({ status: 400, errorType, developerMessage: messageOf(errorType), violations });
}

function isJson(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  return mediaType.trim() === 'application/json' && parameters.every(isUtf8);
}

function isUtf8(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=').map(part => part.trim().replaceAll('"', ''));
  return name !== 'charset' || value === 'utf-8' || value === 'utf8';
}

// One for all: without `stream`, each call begins anew.
const DECODER = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string | null {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): Result<unknown, Problem> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err(problem(400, 'MALFORMED_JSON', 'The body is not valid JSON.'));
  }
  const flaw = flawOf(text, json);
  return flaw === null ? ok(json) : err(problem(400, flaw, FLAWS[flaw]));
}

const FLAWS: Readonly<Record<JsonFlaw, string>> = {
  NESTING_TOO_DEEP: 'The body is nested more than 8 deep.',
  FORBIDDEN_KEY: 'The body has a key that no body may have.',
  DUPLICATE_KEY: 'An object of the body has a key twice.',
};

function toViolation(issue: v.BaseIssue<unknown>): ApiViolation {
  const path = issue.path ?? [];
  // A field that is absent or null is missing; a null in a list is of the wrong type.
  const isMissing = (issue.input === undefined || issue.input === null) && path.at(-1)?.type === 'object';
  const errorType = isMissing ? 'MISSING_FIELD' : issue.message;
  return { propertyName: propertyName(path), developerMessage: messageOf(errorType), constraintType: errorType };
}

function propertyName(path: readonly v.IssuePathItem[]): string {
  return path
    .map(({ key }, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

const MESSAGES: Readonly<Record<string, string>> = {
  MISSING_FIELD: 'This field is missing.',
  INVALID_LEVEL: 'This is not a whole number of smallest units from 0 to 1,000,000,000.',
  INVALID_NAME: 'A name has 1 to 256 characters.',
  INVALID_REASON: 'A reason has 1 to 256 characters.',
  TOO_MANY_PRODUCTS: 'There are more than 1,000 products.',
  INVALID_TYPE: 'This is of the wrong type.',
  INVALID_UUID: 'This is not a UUID.',
  INVALID_QUANTITY: 'This is not a whole number of smallest units from 1 to 1,000,000,000.',
  INVALID_ENUM: 'This is not one of the documented values.',
  SAME_LOCATION: 'A movement goes to another location.',
  EMPTY_CHANGES: 'There is nothing to change.',
  TOO_MANY_CHANGES: 'There are more than 1,000 changes.',
};

function messageOf(errorType: string): string {
  return MESSAGES[errorType] ?? 'The request is not valid.';
}
