import type { DatabaseSync } from 'node:sqlite';

/** Undoes a transaction, if one is left: an error may have undone it already. What fails here must not hide why. */
export function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('rollback');
  } catch {
    // Whoever sees the transaction still open closes the connection.
  }
}
