import type { OrganizationId } from '@stockfold/core';
import type { Rows } from '../schema.ts';
import { crc32 } from './crc32.ts';

/** The first entry of a file: which incarnation of the database it is a journal of. */
export type Opening = Readonly<{ kind: 'opening'; incarnation: string }>;

/**
 * All rows that one commit wrote. To put them again, in the order of sequences, makes the database what it was: that
 * needs no rule, and doing it twice changes nothing.
 */
export type Commitment = Readonly<{
  kind: 'commit';
  organizationId: OrganizationId;
  firstSequence: number;
  lastSequence: number;
  /** Milliseconds since 1970. Of two entries for one sequence the earlier one was undone by a crash. */
  writtenAt: number;
  rows: Rows;
}>;

export type Entry = Opening | Commitment;

/** Four bytes of length, four of checksum, then JSON. */
const HEAD_BYTES = 8;

/** An entry as bytes. */
export function encodeEntry(entry: Entry): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(entry));
  const bytes = new Uint8Array(HEAD_BYTES + text.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, text.length);
  head.setUint32(4, crc32(text));
  bytes.set(text, HEAD_BYTES);
  return bytes;
}

/** The whole entries of a file, and where each begins. */
export type Decoded = Readonly<{
  entries: readonly Readonly<{ entry: Entry; at: number }>[];
  /** Behind the last whole entry; what follows was torn by a crash. */
  end: number;
}>;

/** Reads entries up to the first one that is not whole. */
export function decodeEntries(bytes: Uint8Array): Decoded {
  const entries: { entry: Entry; at: number }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  while (end + HEAD_BYTES <= bytes.length) {
    const text = bytes.subarray(end + HEAD_BYTES, end + HEAD_BYTES + view.getUint32(end));
    if (text.length < view.getUint32(end) || crc32(text) !== view.getUint32(end + 4)) break;
    entries.push({ entry: JSON.parse(new TextDecoder().decode(text)) as Entry, at: end });
    end += HEAD_BYTES + text.length;
  }
  return { entries, end };
}
