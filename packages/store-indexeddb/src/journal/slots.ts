import { type Decoded, decodeEntries } from './entry.ts';
import { JournalFile, type SyncFile } from './journal-file.ts';

/** A file that this tab holds, with what is in it. */
export type Slot = Readonly<{ name: string; file: JournalFile; entries: Decoded['entries'] }>;

/** The files of a journal: those that this tab could get hold of, and the names of those that others write. */
export type Held = Readonly<{ free: readonly Slot[]; others: readonly string[] }>;

// A file that is written while it is read has to be read again.
const ATTEMPTS_MAX = 100;

/**
 * The files of a journal. A tab that writes holds one for itself, so there are as many as there were tabs at once;
 * those of tabs that are gone are free for the next ones.
 */
export class Slots {
  readonly #directory: FileSystemDirectoryHandle;

  private constructor(directory: FileSystemDirectoryHandle) {
    this.#directory = directory;
  }

  /** @param name - Of the database. */
  static async open(name: string): Promise<Slots> {
    const root = await navigator.storage.getDirectory();
    const all = await root.getDirectoryHandle('stockfold', { create: true });
    return new Slots(await all.getDirectoryHandle(encodeURIComponent(name), { create: true }));
  }

  /** Takes hold of every file that is free, until it is closed. */
  async hold(own: Slot | null): Promise<Held> {
    const free: Slot[] = own === null ? [] : [{ ...own, entries: own.file.read() }];
    const others: string[] = [];
    for await (const name of this.#names()) {
      if (name === own?.name) continue;
      const file = await this.#hold(name);
      if (file === null) others.push(name);
      else free.push({ name, file, entries: file.read() });
    }
    return { free, others };
  }

  /** What is in a file that somebody else writes. */
  async look(name: string): Promise<Decoded['entries']> {
    for (let attempt = 1; ; attempt++) {
      try {
        const handle = await this.#directory.getFileHandle(name);
        return decodeEntries(new Uint8Array(await (await handle.getFile()).arrayBuffer())).entries;
      } catch (error) {
        if (attempt === ATTEMPTS_MAX || !isNamed(error, 'NotReadableError')) throw error;
      }
    }
  }

  /** A new file, for this tab alone. */
  async create(): Promise<Slot> {
    const name = `${crypto.randomUUID()}.journal`;
    const file = await this.#hold(name);
    if (file === null) throw new DOMException('a new journal is held by somebody else', 'InvalidStateError');
    return { name, file, entries: [] };
  }

  async *#names(): AsyncGenerator<string> {
    for await (const name of (this.#directory as unknown as { keys: () => AsyncIterable<string> }).keys())
      if (name.endsWith('.journal')) yield name;
  }

  async #hold(name: string): Promise<JournalFile | null> {
    const handle = await this.#directory.getFileHandle(name, { create: true });
    try {
      const file = await (
        handle as unknown as { createSyncAccessHandle: () => Promise<SyncFile> }
      ).createSyncAccessHandle();
      return new JournalFile(file);
    } catch (error) {
      if (isNamed(error, 'NoModificationAllowedError')) return null;
      throw error;
    }
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
