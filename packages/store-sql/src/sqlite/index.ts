export { type SqliteSchemaOptions, schemaSql } from './schema-sql.ts';
export { createSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
