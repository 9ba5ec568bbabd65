import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DEFAULT_ORGANIZATION_ID, parseUuid } from '@stockfold/core';
import type { Identity } from '@stockfold/http';
import * as v from 'valibot';
import { CliError } from './cli-error.ts';

const uuid = v.pipe(
  v.string(),
  v.check(input => parseUuid(input).isOk(), 'is not a UUID'),
);

const entry = v.strictObject({
  token: v.pipe(v.string(), v.minLength(16, 'has fewer than 16 characters')),
  organizationUuid: uuid,
  scopes: v.array(v.picklist(['READ:PRODUCT', 'WRITE:PRODUCT'])),
  // For an organization that moves here from the mirrored API, so that its clients find the locations they know.
  systemLocations: v.optional(v.strictObject({ STORE: uuid, SUPPLIER: uuid, SOLD: uuid, BIN: uuid })),
});

/** One line of the tokens file. */
export type TokenEntry = {
  token: string;
  organizationUuid: string;
  scopes: ('READ:PRODUCT' | 'WRITE:PRODUCT')[];
  systemLocations?: { STORE: string; SUPPLIER: string; SOLD: string; BIN: string } | undefined;
};

/** Reads the tokens file; the error says which entry is wrong, and never repeats a token. */
export async function readTokens(file: string): Promise<readonly TokenEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`--tokens ${file}: it cannot be read (${error.code}).`);
  });
  const read = v.safeParse(v.pipe(v.array(entry), v.minLength(1, 'names no token')), parseJson(file, text));
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
    const [, token] = /^Bearer +([\w\-.~+/]+=*) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
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
