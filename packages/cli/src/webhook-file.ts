import { open, readFile, rename } from 'node:fs/promises';
import { type OrganizationId, parseUuid, type StoreFault, storeFault, type Uuid } from '@stockfold/core';
import { createMemoryWebhookStore, type StoredSubscription, type WebhookStore } from '@stockfold/http';
import { ResultAsync } from 'neverthrow';
import * as v from 'valibot';
import { CliError } from './cli-error.ts';

const uuid = v.custom<Uuid & OrganizationId>(input => parseUuid(input).unwrapOr(null) === input, 'is not a UUID');
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const entries = v.array(
  v.strictObject({
    subscription: v.strictObject({
      organizationId: uuid,
      uuid,
      eventNames: v.array(v.string()),
      destination: v.string(),
      exceptSource: v.optional(v.nullable(v.string())),
      contactEmail: v.string(),
      updated: count,
      signingKey: v.string(),
    }),
    progress: v.strictObject({ after: count, delivered: count, failures: count, retryAt: count }),
  }),
);

/**
 * Subscriptions and their progress in a JSON file, made when absent. Each change is written beside it, flushed, and put
 * in its place, so that a crash leaves the file as it was before or after. Only its owner can read it: it has the keys
 * that messages are signed with.
 */
export async function openWebhookFile(file: string): Promise<WebhookStore> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw new CliError(`--webhooks ${file}: it cannot be read (${error.code}).`);
  });
  const read = v.safeParse(entries, parseJson(text));
  if (!read.success) throw new CliError(`--webhooks ${file}: it is no file of subscriptions.`);
  const store = createMemoryWebhookStore(read.output, kept => keep(file, kept));
  // Now, so that a place that cannot be written to is found out before anything is served.
  const written = await keep(file, read.output);
  if (written.isErr()) throw new CliError(`--webhooks ${file}: it cannot be written.`);
  return store;
}

function keep(file: string, kept: readonly StoredSubscription[]): ResultAsync<void, StoreFault> {
  return ResultAsync.fromPromise(replace(file, `${JSON.stringify(kept, null, 2)}\n`), cause =>
    storeFault('StoreUnavailable', 'the file of subscriptions could not be written', cause),
  );
}

async function replace(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
