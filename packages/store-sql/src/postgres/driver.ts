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
  /** True ends the connection instead of giving it back. */
  release: (destroy?: boolean) => void;
}>;

/** An unnamed statement: a named one breaks behind PgBouncer in transaction mode (42P05). */
export type PostgresQuery = {
  text: string;
  values?: unknown[];
  types?: { getTypeParser: () => (text: string) => string };
};
