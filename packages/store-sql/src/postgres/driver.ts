/** The slice of a `pg` pool that the store calls; a `Pool` of `pg` is one. */
export type PostgresPool = Readonly<{
  connect: () => Promise<PostgresClient>;
  on: (event: 'error', listener: (error: Error) => void) => unknown;
  removeListener: (event: 'error', listener: (error: Error) => void) => unknown;
}>;

/** The slice of a client that was taken from a pool. */
export type PostgresClient = Readonly<{
  query: (query: PostgresQuery) => Promise<unknown>;
  on: (event: 'error', listener: (error: Error) => void) => unknown;
  removeListener: (event: 'error', listener: (error: Error) => void) => unknown;
  /** The server process, as it was told at the beginning of the connection. */
  processID?: number;
  /** True ends the connection instead of giving it back. */
  release: (destroy?: boolean) => void;
}>;

/** A statement. A named one breaks behind PgBouncer in transaction mode (42P05), so most have none. */
export type PostgresQuery = {
  name?: string;
  text: string;
  values?: unknown[];
  types?: { getTypeParser: () => (text: string) => string };
};
