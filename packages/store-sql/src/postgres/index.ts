export type { PostgresClient, PostgresPool } from './driver.ts';
export { createPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
