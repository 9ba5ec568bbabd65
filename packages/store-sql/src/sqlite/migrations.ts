import type { Migrations } from '../migration.ts';
import { TABLES } from './tables.ts';
import { HOLDS_VIEW, VIEWS } from './views.ts';

/** What has been done to a file, in order. 0002 and 0005 are functions of PostgreSQL. */
export const migrations: Migrations = {
  '0001_ledger': TABLES,
  '0003_invariants': VIEWS,
  '0004_holds': [HOLDS_VIEW],
};
