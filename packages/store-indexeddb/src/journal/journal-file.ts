import { type Decoded, decodeEntries, type Entry, encodeEntry } from './entry.ts';

/** What is used of a `FileSystemSyncAccessHandle`, which only a dedicated worker has. */
export type SyncFile = Readonly<{
  getSize: () => number;
  read: (into: Uint8Array<ArrayBuffer>, options: { at: number }) => number;
  write: (from: Uint8Array<ArrayBuffer>, options: { at: number }) => number;
  truncate: (size: number) => void;
  flush: () => void;
  close: () => void;
}>;

/** A file of entries that only grows, and only this worker writes. */
export class JournalFile {
  readonly #file: SyncFile;
  #end = 0;
  #last = 0;

  constructor(file: SyncFile) {
    this.#file = file;
  }

  /** All whole entries; what a crash has torn is cut off. */
  read(): Decoded['entries'] {
    const bytes = new Uint8Array(this.#file.getSize());
    this.#file.read(bytes, { at: 0 });
    const { entries, end } = decodeEntries(bytes);
    this.#last = entries.at(-1)?.at ?? 0;
    this.#cut(end);
    return entries;
  }

  /** Writes an entry and waits for the disk. Throws, with nothing written, when there is no room. */
  append(entry: Entry): void {
    const bytes = encodeEntry(entry);
    const at = this.#end;
    try {
      if (this.#file.write(bytes, { at }) < bytes.length)
        throw new DOMException('no room is left for the journal', 'QuotaExceededError');
      this.#file.flush();
    } catch (error) {
      this.#cut(at);
      throw error;
    }
    this.#last = at;
    this.#end = at + bytes.length;
  }

  /** Takes back the entry that was written last. */
  removeLast(): void {
    this.#cut(this.#last);
  }

  close(): void {
    this.#file.close();
  }

  #cut(size: number): void {
    this.#end = size;
    if (this.#file.getSize() === size) return;
    this.#file.truncate(size);
    this.#file.flush();
  }
}
