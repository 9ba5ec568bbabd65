import { ok, ResultAsync, safeTry } from 'neverthrow';
import type { StoredRecord } from '../model/journal.ts';
import type { NoteState } from '../model/note.ts';
import { canonicalJson } from '../rules/canonical-json.ts';
import { type StoreFault, storeFault } from './fault.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { Page } from './store.ts';

/** The digest of a journal up to a sequence, and of the whole blocks in it: from there another one can go on. */
export type JournalDigest = Readonly<{ through: number; digest: string; blocks: string }>;

/**
 * The digest that a note holds.
 *
 * @returns Null for what no seal has written: anybody may write a note, and one that names a far sequence would be hashed for ever.
 */
export function readDigest({ body, sequence }: NoteState): JournalDigest | null {
  const { through, digest, blocks } = body as Partial<JournalDigest>;
  const isSeal = isSequence(through) && through < sequence && typeof digest === 'string' && typeof blocks === 'string';
  return isSeal ? { through, digest, blocks } : null;
}

function isSequence(input: unknown): input is number {
  return Number.isSafeInteger(input) && (input as number) >= 0;
}

/** Reads the records after a sequence. */
export type ReadJournal<E> = (after: number, limit: number) => ResultAsync<Page<StoredRecord>, E>;

/** How many records are hashed at once. It is part of what a digest is. */
const BLOCK = PAGE_LIMIT_MAX;

/**
 * A digest of the records 1 to `through`: a chain of SHA-256, in which each block of 1,000 records, as the lines of an export,
 * is hashed together with the digest of all blocks before. What is left at the end is one more link.
 *
 * @param known - A digest of an earlier sequence: its whole blocks are not read again.
 * @returns Hexadecimal digits; `StoreUnavailable` where there is no Web Crypto, as in a page that is not served securely.
 */
export function digestJournal<E>(
  read: ReadJournal<E>,
  through: number,
  known: JournalDigest = NOTHING,
): ResultAsync<JournalDigest, E | StoreFault> {
  return safeTry(async function* () {
    let blocks = known.blocks;
    let after = known.through - (known.through % BLOCK);
    for (; after + BLOCK <= through; after += BLOCK)
      blocks = yield* await link(blocks, (yield* await read(after, BLOCK)).items);
    if (after === through) return ok({ through, digest: blocks, blocks });
    const { items } = yield* await read(after, through - after);
    return ok({ through, digest: yield* await link(blocks, items), blocks });
  });
}

const NOTHING: JournalDigest = { through: 0, digest: '', blocks: '' };

function link(before: string, records: readonly StoredRecord[]): ResultAsync<string, StoreFault> {
  const text = [before, ...records.map(canonicalJson)].join('\n');
  return ResultAsync.fromPromise(sha256(text), cause =>
    storeFault('StoreUnavailable', 'this page has no Web Crypto: it is not served securely', cause),
  );
}

// Every runtime that core runs in has these; a browser gives the first one to secure pages only.
declare const crypto: { subtle: { digest(name: 'SHA-256', bytes: Uint8Array): Promise<ArrayBuffer> } };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
