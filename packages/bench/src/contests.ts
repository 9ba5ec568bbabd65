import { growthWithVariants } from './growth/variants.ts';
import { asOf } from './history/as-of.ts';
import { verify } from './history/verify.ts';
import { putInventory } from './http/put-inventory.ts';
import { indexedDbStore } from './indexeddb/store.ts';
import { memoryStore } from './memory/store.ts';
import { hotVariant } from './postgres/hot-variant.ts';
import { singleCaller } from './postgres/single-caller.ts';
import type { Contest } from './row.ts';
import { sqliteCallers, sqliteSingleCaller } from './sqlite/single-caller.ts';
import { memoryStoreWeight } from './weight/memory-store.ts';
import { pageWeight } from './weight/page.ts';

/** All that `pnpm bench` measures, about in the order of the targets. */
export const CONTESTS: readonly Contest[] = [
  ...memoryStore,
  ...sqliteSingleCaller,
  sqliteCallers,
  ...singleCaller,
  ...hotVariant,
  putInventory,
  ...indexedDbStore,
  ...asOf,
  ...verify,
  // Late, since its million of variants leaves the heap large.
  growthWithVariants,
  pageWeight,
  memoryStoreWeight,
];
