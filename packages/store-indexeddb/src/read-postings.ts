import type { Page, PostingQuery, StoredPosting } from '@stockfold/core';
import { readHead } from './read.ts';
import { findIn, pageOf, scan } from './scan.ts';
import type { Past, VariantRow } from './schema.ts';
import type { Open } from './transaction.ts';
import { POSTINGS_INLINE } from './variant-row.ts';

/** A page of the history of one balance: from the earlier parts of its variant's past, and then from its row. */
export async function readPostings(open: Open, query: PostingQuery): Promise<Page<StoredPosting>> {
  const { organizationId, variantId, locationId, after, limit } = query;
  const asked = open.store('variants').get([organizationId, variantId]) as IDBRequest<VariantRow | undefined>;
  const { sequence } = await readHead(open, organizationId);
  const position = asked.result?.locations.indexOf(locationId) ?? -1;
  const find = (past: Past) => postingsIn(past, position, after);
  // Stock moves between two locations, so about half of the postings of a part are of this one.
  const batch = Math.ceil((limit * 6) / POSTINGS_INLINE) + 1;
  const earlier = scan<Past>(open, { name: 'pasts', under: [organizationId, variantId], from: [after], batch });
  const found =
    asked.result === undefined ? [] : [...(await findIn(earlier, limit + 1, find)), ...find(asked.result.past)];
  return pageOf(found, limit, posting => String(posting.sequence), sequence);
}

function postingsIn({ postings }: Past, position: number, after: number): readonly StoredPosting[] {
  const found: StoredPosting[] = [];
  for (let at = 0; at < postings.length; at += 3) {
    const [sequence = 0, place, onHand = 0] = postings.slice(at, at + 3);
    if (place === position && sequence > after) found.push({ sequence, onHand });
  }
  return found;
}
