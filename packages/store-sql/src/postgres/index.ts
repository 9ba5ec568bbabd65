export type { PostgresClient, PostgresPool } from './driver.ts';
export { createPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
export { type PostgresSchemaOptions, schemaSql } from './schema-sql.ts';
