import { readIncarnation } from './incarnation.ts';
import type { Written } from './write-commit.ts';

/** A database that is not the one it was: the browser has emptied it, or somebody has deleted it. */
export type Loss = Readonly<{
  /** Names the database that is gone. */
  incarnation: string;
  /** How many records were brought back from the journal; null where there is none: then the ledger is empty. */
  rebuilt: number | null;
}>;

/** What remembers a database outside of it. */
export type Witness = Readonly<{
  /** Called with a connection before it is used: says what was lost, and brings back what it can. */
  settle: (db: IDBDatabase) => Promise<Loss | null>;
  /** Called within the transaction of a commit, when nothing is left that could refuse it. */
  beforeWrite: (written: Written) => void;
  /** The transaction was undone after all. What it throws leaves the outcome unknown. */
  undone: () => void;
  close: () => void;
}>;

/**
 * Remembers in `localStorage`, where there is one, which incarnation of a database this site has seen last. Browsers
 * have emptied IndexedDB and left that alone.
 */
export function createLocalWitness(name: string): Witness {
  const key = `stockfold:${name}:incarnation`;
  let seen: string | null = null;
  return {
    settle: async db => {
      const before = seen ?? localItem(key);
      const after = await readIncarnation(db);
      seen = after;
      if (before !== after) setLocalItem(key, after);
      return before === null || before === after ? null : { incarnation: before, rebuilt: null };
    },
    beforeWrite: () => undefined,
    undone: () => undefined,
    close: () => undefined,
  };
}

// A worker has no `window`, Node warns of a `localStorage` of its own, and a page may be forbidden to look.
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function localItem(key: string): string | null {
  return storage()?.getItem(key) ?? null;
}

function setLocalItem(key: string, value: string): void {
  try {
    storage()?.setItem(key, value);
  } catch {
    // It is full; the next loss goes unreported, which is no reason to stop selling.
  }
}
