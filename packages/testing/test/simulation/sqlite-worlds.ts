import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LedgerStore, type OrganizationId, storeFault } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { errAsync, okAsync } from 'neverthrow';

/** A SQLite file in which world after world can be run. */
export type SqliteWorlds = Readonly<{
  /** An empty store for one world. */
  openStore: () => LedgerStore;
  remove: () => Promise<void>;
}>;

// A disk of memory where there is one: what a world may lose in a power cut is shown elsewhere.
const MEMORY = '/dev/shm';

/**
 * All worlds in one file, each with organizations of its own: opening a file for each takes longer than most worlds,
 * and so every world also has thousands of neighbours that it must not see.
 */
export function createSqliteWorlds(): SqliteWorlds {
  const directory = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'stockfold-worlds-'));
  const file = createSqliteStore({ path: join(directory, 'worlds.db') });
  let worlds = 0;
  return {
    openStore: () => inWorld(file, ++worlds),
    remove: async () => {
      (await file.close())._unsafeUnwrap();
      rmSync(directory, { recursive: true });
    },
  };
}

function inWorld(store: LedgerStore, world: number): LedgerStore {
  const own = (id: OrganizationId) => (world.toString(16).padStart(8, '0') + id.slice(8)) as OrganizationId;
  const place = <T extends { organizationId: OrganizationId }>(asked: T) => ({
    ...asked,
    organizationId: own(asked.organizationId),
  });
  const { upkeep } = store;
  const absent = () => errAsync(storeFault('StoreFailed', 'SQLite has it'));
  return {
    ...store,
    load: (organizationId, keys, commandIds) => store.load(own(organizationId), keys, commandIds),
    commit: commit => store.commit(place(commit)),
    balances: query => store.balances(place(query)),
    journal: query => store.journal(place(query)),
    trackedProducts: query => store.trackedProducts(place(query)),
    lowStock: query => store.lowStock(place(query)),
    notes: query => store.notes(place(query)),
    postings: query => store.postings?.(place(query)) ?? absent(),
    // What `verify` asks for besides.
    histories: query => store.histories?.(place(query)) ?? absent(),
    foundAgain: query => store.foundAgain?.(place(query)) ?? absent(),
    upkeep: upkeep && {
      ...upkeep,
      census: (organizationId, locationIds) => upkeep.census(own(organizationId), locationIds),
    },
    locations: organizationId => store.locations(own(organizationId)),
    close: () => okAsync(undefined),
  };
}
