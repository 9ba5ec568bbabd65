import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DEFAULT_ORGANIZATION_ID, type Policy, parseUuid } from '@stockfold/core';
import type { Identity } from '@stockfold/http';
import * as v from 'valibot';
import { CliError } from './cli-error.ts';

const uuid = v.pipe(
  v.string(),
  v.check(input => parseUuid(input).isOk(), 'is not a UUID'),
);

// RFC 6750, section 2.1.
const BEARER_TOKEN = /^[\w\-.~+/]+=*$/;

const floor = v.exactOptional(v.pipe(v.number(), v.safeInteger('is not a whole number')));

const entry = v.strictObject({
  token: v.pipe(
    v.string(),
    v.minLength(16, 'has fewer than 16 characters'),
    v.regex(BEARER_TOKEN, 'has a character that no bearer token has'),
  ),
  organizationUuid: uuid,
  scopes: v.pipe(v.array(v.picklist(['READ:PRODUCT', 'WRITE:PRODUCT'])), v.minLength(1, 'allows nothing')),
  // For an organization that moves here from the mirrored API, so that its clients find the locations they know.
  systemLocations: v.optional(
    v.pipe(
      v.strictObject({ STORE: uuid, SUPPLIER: uuid, SOLD: uuid, BIN: uuid }),
      v.check(ids => new Set(Object.values(ids).map(id => id.toLowerCase())).size === 4, 'names a location twice'),
    ),
  ),
  floors: v.optional(
    v.strictObject({ STORE: floor, SUPPLIER: floor, SOLD: floor, BIN: floor, TRANSIT: floor, ADJUSTMENT: floor }),
  ),
});

const entries = v.pipe(
  v.array(entry),
  v.minLength(1, 'names no token'),
  v.check(list => new Set(list.map(({ token }) => token)).size === list.length, 'names a token twice'),
);

/** One entry of the tokens file. */
export type TokenEntry = {
  token: string;
  organizationUuid: string;
  scopes: ('READ:PRODUCT' | 'WRITE:PRODUCT')[];
  systemLocations?: { STORE: string; SUPPLIER: string; SOLD: string; BIN: string } | undefined;
  floors?: Policy['floors'] | undefined;
};

/** Reads the tokens file; the error says which entry is wrong, and never repeats a token. */
export async function readTokens(file: string): Promise<readonly TokenEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      `--tokens ${file}: it cannot be read (${error.code}). Give the path of a file, or leave --tokens out.`,
    );
  });
  const read = v.safeParse(entries, parseJson(file, text));
  if (read.success) return read.output;
  const [issue] = read.issues;
  const place = v.getDotPath(issue) ?? '';
  throw new CliError(`--tokens ${file}: entry ${place || '(the list)'} ${describe(issue)}.`);
}

/** The one token of a server that was given none. */
export function makeToken(): TokenEntry {
  const token = randomBytes(24).toString('base64url');
  return { token, organizationUuid: DEFAULT_ORGANIZATION_ID, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] };
}

/** Looks bearer tokens up by their hash, so that no comparison takes longer the more of a token was guessed. */
export function authenticator(entries: readonly TokenEntry[]): (request: Request) => Identity | null {
  const identities = new Map(
    entries.map(({ token, organizationUuid, scopes }) => [digest(token), { organizationId: organizationUuid, scopes }]),
  );
  return request => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    return token === undefined ? null : (identities.get(digest(token)) ?? null);
  };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`--tokens ${file}: it is not JSON.`);
  }
}

function describe(issue: v.BaseIssue<unknown>): string {
  return issue.kind === 'schema' ? `should be ${issue.expected ?? 'something else'}` : issue.message;
}
