import { type Ledger, type Location, linesOf, PAGE_LIMIT_MAX, type StoredRecord } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { HistoryBody } from './answers.ts';
import { ledgerProblem, type Problem } from './problem.ts';

/** Which changes: those of a location, before a record of the journal. */
export type HistoryQuery = Readonly<{
  location: Location;
  /** `RESTOCK`: only what came from a SUPPLIER. */
  type: 'RESTOCK' | null;
  /** Only records before this sequence; all when absent. */
  before?: number | undefined;
}>;

/** Changes of a location, and where to go on. */
export type History = Readonly<{ body: HistoryBody; next: number | null }>;

/**
 * What changed at a location, the newest first. One call looks at the last 1,000 records of the journal, whatever its
 * length: the mirrored path has no pages, so what is further back is asked for with the cursor of the answer.
 */
export async function readHistory(ledger: Ledger, query: HistoryQuery): Promise<Result<History, Problem>> {
  const locations = await ledger.locations();
  if (locations.isErr()) return err(ledgerProblem(locations.error));
  const head = await ledger.journal({ limit: 1 });
  if (head.isErr()) return err(ledgerProblem(head.error));
  const last = Math.min(head.value.asOf, (query.before ?? Number.MAX_SAFE_INTEGER) - 1);
  const after = Math.max(0, last - PAGE_LIMIT_MAX);
  if (last <= 0) return ok({ body: { variants: [] }, next: null });
  const records = await ledger.journal({ after, limit: last - after });
  if (records.isErr()) return err(ledgerProblem(records.error));
  const suppliers = new Set<string>(locations.value.filter(({ type }) => type === 'SUPPLIER').map(({ id }) => id));
  const variants = records.value.items.toReversed().flatMap(record => changesOf(record, query, suppliers));
  return ok({ body: { variants }, next: after === 0 ? null : after + 1 });
}

function changesOf(
  record: StoredRecord,
  { location, type }: HistoryQuery,
  suppliers: ReadonlySet<string>,
): HistoryBody['variants'] {
  const changed = new Date(record.recordedAt).toISOString().replace('Z', '+0000');
  return linesOf(record)
    .toReversed()
    .flatMap(({ productId, variantId, from, to, quantity }) => {
      if (from !== location.id && to !== location.id) return [];
      if (type === 'RESTOCK' && (to !== location.id || !suppliers.has(from))) return [];
      const change = `${to === location.id ? quantity : -quantity}.0`;
      return [{ productUuid: productId, variantUuid: variantId, change, changed }];
    });
}
