import { putInventory } from './http/put-inventory.ts';
import { indexedDbStore } from './indexeddb/store.ts';
import { memoryStore } from './memory/store.ts';
import { hotVariant } from './postgres/hot-variant.ts';
import { singleCaller } from './postgres/single-caller.ts';
import type { Contest } from './row.ts';
import { sqliteCallers, sqliteSingleCaller } from './sqlite/single-caller.ts';

/** All that `pnpm bench` measures, in the order of the targets. */
export const CONTESTS: readonly Contest[] = [
  ...memoryStore,
  ...sqliteSingleCaller,
  sqliteCallers,
  ...singleCaller,
  ...hotVariant,
  putInventory,
  ...indexedDbStore,
];
