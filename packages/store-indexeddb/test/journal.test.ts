import 'fake-indexeddb/auto';
import { createLedger, DEFAULT_ORGANIZATION_ID } from '@stockfold/core';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../src/engine.ts';
import { chains } from '../src/journal/chain.ts';
import { crc32 } from '../src/journal/crc32.ts';
import type { Commitment } from '../src/journal/entry.ts';
import { JournalFile, type SyncFile } from '../src/journal/journal-file.ts';
import { NO_ROWS } from '../src/schema.ts';
import { restockOf, saleOf } from './browser/shop.ts';
import { deleteDatabase, newName } from './open-store.ts';

/** A file in memory, on a disk of so many bytes. */
function memoryFile(room = Number.POSITIVE_INFINITY): SyncFile & { bytes: Uint8Array<ArrayBuffer> } {
  const file = {
    bytes: new Uint8Array(),
    getSize: () => file.bytes.length,
    read: (into: Uint8Array, { at }: { at: number }) => {
      into.set(file.bytes.subarray(at, at + into.length));
      return into.length;
    },
    write: (from: Uint8Array, { at }: { at: number }) => {
      const fits = from.subarray(0, Math.max(0, room - at));
      const bytes = new Uint8Array(Math.max(file.bytes.length, at + fits.length));
      bytes.set(file.bytes);
      bytes.set(fits, at);
      file.bytes = bytes;
      return fits.length;
    },
    truncate: (size: number) => {
      file.bytes = file.bytes.slice(0, size);
    },
    flush: () => undefined,
    close: () => undefined,
  };
  return file;
}

function commitment(firstSequence: number, lastSequence: number, writtenAt: number): Commitment {
  const organizationId = DEFAULT_ORGANIZATION_ID;
  return { kind: 'commit', organizationId, firstSequence, lastSequence, writtenAt, rows: NO_ROWS };
}

const readAgain = (file: SyncFile) => new JournalFile(file).read().map(({ entry }) => entry);

describe('a file of the journal', () => {
  it('gives back what was written, wherever a crash has torn its end', () => {
    const file = memoryFile();
    const journal = new JournalFile(file);
    const entries = [{ kind: 'opening', incarnation: 'first' } as const, commitment(1, 1, 5), commitment(2, 4, 6)];
    const ends = entries.map(entry => {
      journal.append(entry);
      return file.bytes.length;
    });
    const whole = file.bytes;
    for (let size = 0; size <= whole.length; size++) {
      file.bytes = whole.slice(0, size);
      const left = ends.filter(end => end <= size);
      expect(readAgain(file)).toEqual(entries.slice(0, left.length));
      expect(file.bytes.length).toBe(left.at(-1) ?? 0);
    }
  });

  it('reads no entry in which a byte is another, and none behind it', () => {
    const file = memoryFile();
    const journal = new JournalFile(file);
    journal.append(commitment(1, 1, 5));
    const end = file.bytes.length;
    journal.append(commitment(2, 2, 6));
    file.bytes[end + 20] = (file.bytes[end + 20] ?? 0) ^ 1;
    expect(readAgain(file)).toEqual([commitment(1, 1, 5)]);
  });

  it('takes its last entry back', () => {
    const file = memoryFile();
    const journal = new JournalFile(file);
    journal.append(commitment(1, 1, 5));
    journal.append(commitment(2, 2, 6));
    journal.removeLast();
    journal.append(commitment(2, 3, 7));
    expect(readAgain(file)).toEqual([commitment(1, 1, 5), commitment(2, 3, 7)]);
  });

  it('holds no half of an entry when the disk is full', () => {
    const file = memoryFile(400);
    const journal = new JournalFile(file);
    journal.append(commitment(1, 1, 5));
    const size = file.bytes.length;
    expect(() => journal.append(commitment(2, 2, 6))).toThrow('no room');
    expect(file.bytes.length).toBe(size);
  });

  it('has the checksum of zip and PNG', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

describe('the commits of several files', () => {
  it('follow each other without gap, and of two for one sequence the later one stands', () => {
    const all = [
      commitment(4, 4, 9),
      commitment(2, 3, 8),
      commitment(1, 1, 5),
      commitment(2, 2, 7),
      commitment(6, 6, 9),
    ];
    const sequences = chains(all, () => 0).map(link => [link.firstSequence, link.lastSequence]);
    expect(sequences).toEqual([
      [1, 1],
      [2, 3],
      [4, 4],
    ]);
    expect(chains(all, () => 5)).toEqual([commitment(6, 6, 9)]);
  });
});

describe('a commit that is undone after it was journaled', () => {
  it('is taken back from the journal, and the fault says that nothing was applied', async () => {
    const name = newName();
    const events: string[] = [];
    const store = createEngine(
      { name, persist: false },
      {
        settle: async () => null,
        beforeWrite: () => void events.push('written'),
        undone: () => void events.push('undone'),
        close: () => undefined,
      },
    );
    const ledger = createLedger({ store });
    (await ledger.execute(restockOf(3)))._unsafeUnwrap();
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...args) {
      if (this.name === 'heads') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    };
    const fault = (await ledger.execute(saleOf(1)))._unsafeUnwrapErr();
    IDBObjectStore.prototype.put = put;
    expect(fault.kind).toBe('StoreFull');
    expect(events).toEqual(['written', 'written', 'undone']);
    expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 1 });
    await ledger.close();
    await deleteDatabase(name);
  });
});
