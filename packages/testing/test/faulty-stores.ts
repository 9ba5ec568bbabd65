import type { LedgerStore } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createFaultyStore, type FaultKind } from '../src/index.ts';

/** Opens stores in memory, each with four faults of some kinds, at other calls than the one before; `opened` says how many. */
export function faultyStores(kinds: readonly FaultKind[]): Readonly<{ open: () => LedgerStore; opened: () => number }> {
  let stores = 0;
  return {
    open: () => {
      stores += 1;
      const faults = [3, 11, 29, 47].map((at, index) => ({
        at: at + (stores % 8),
        kind: kinds[(stores + index) % kinds.length] as FaultKind,
        n: 1 + (stores % 2),
      }));
      return createFaultyStore(createMemoryStore(), faults);
    },
    opened: () => stores,
  };
}
