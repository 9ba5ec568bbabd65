import { type Decoded, decodeEntries } from './entry.ts';
import { JournalFile, type SyncFile } from './journal-file.ts';

/** One file of a journal: with its file when nobody else writes it. */
export type Slot = Readonly<{ name: string; file: JournalFile | null; entries: Decoded['entries'] }>;

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

  /** Every file there is with what is in it; those that are free are held until they are closed. */
  async read(held: Slot | null): Promise<readonly Slot[]> {
    const slots: Slot[] = [];
    for await (const name of this.#names()) {
      if (name === held?.name) continue;
      const file = await this.#hold(name);
      slots.push({ name, file, entries: file === null ? await this.#look(name) : file.read() });
    }
    if (held?.file) slots.push({ ...held, entries: held.file.read() });
    return slots.sort((a, b) => (a.name < b.name ? -1 : 1));
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
      if (error instanceof DOMException && error.name === 'NoModificationAllowedError') return null;
      throw error;
    }
  }

  /** What is in a file that somebody else writes. */
  async #look(name: string): Promise<Decoded['entries']> {
    const handle = await this.#directory.getFileHandle(name);
    const file = await handle.getFile();
    return decodeEntries(new Uint8Array(await file.arrayBuffer())).entries;
  }
}
