import { type Census, isNoRule, type Mended, NO_FLOORS, type OrganizationId, type Repair } from '@stockfold/core';
import {
  type HeadRow,
  keysUnder,
  type LocationRow,
  type ProductRow,
  type RecordRow,
  type StoreName,
  type VariantRow,
} from './schema.ts';
import type { Open } from './transaction.ts';
import { moveRow } from './variant-row.ts';

/** Counts the rows of an organization, whether or not there is its head. Balances stand in the rows of their variants. */
export async function takeCensus(open: Open, organizationId: OrganizationId): Promise<Census> {
  const count = (name: StoreName) => open.store(name).count(keysUnder(organizationId));
  const [head, records, variants, locations, products, lowStock, notes] = await open.results([
    askHead(open, organizationId),
    count('records'),
    count('variants'),
    count('locations'),
    open.store('products').getAll(keysUnder(organizationId)) as IDBRequest<ProductRow[]>,
    count('lowStock'),
    count('notes'),
  ]);
  return {
    asOf: head?.sequence ?? null,
    rows: {
      record: records,
      variant: variants,
      location: locations,
      'tracked product': products.filter(({ tracked }) => tracked).length,
      'low-stock rule': lowStock,
      note: notes,
    },
  };
}

/** Makes a head that is gone, and moves one that is behind to the end of a journal without gap. */
export async function mendHead(open: Open, organizationId: OrganizationId): Promise<void> {
  const [stored, count, keys, locations] = await open.results([
    askHead(open, organizationId),
    open.store('records').count(keysUnder(organizationId)),
    open.store('records').getAllKeys(keysUnder(organizationId)),
    open.store('locations').getAll(keysUnder(organizationId)) as IDBRequest<LocationRow[]>,
  ]);
  const last = keys.at(-1);
  if (last === undefined) return;
  const [record] = await open.results([open.store('records').get(last) as IDBRequest<RecordRow>]);
  const { sequence, recordedAt } = record;
  if (stored !== undefined && (stored.sequence >= sequence || sequence !== count)) return;
  const head = stored ?? {
    organizationId,
    // Whatever the version was, no commit has moved it up more than once.
    configVersion: sequence + 1,
    policy: NO_FLOORS,
    opened: Math.max(0, ...locations.map(({ place }) => place + 1)),
  };
  open.store('heads').put({ ...head, sequence, recordedAt } satisfies HeadRow);
}

/** Writes rows over, unless somebody has written since the journal was read. */
export async function mend(open: Open, repair: Repair): Promise<Mended> {
  const { organizationId, policy, sequence, variants } = repair;
  const [head] = await open.results([askHead(open, organizationId)]);
  if (head?.sequence !== sequence) return 'stale';
  mendSettings(open, repair);
  const opened = Math.max(head.opened, ...repair.locations.map(({ location }) => (location?.place ?? -1) + 1));
  const configVersion = head.configVersion + 1;
  open.store('heads').put({ ...head, opened, configVersion, policy: policy ?? head.policy } satisfies HeadRow);
  for (const variant of variants) mendVariant(open, organizationId, variant);
  return 'mended';
}

function askHead(open: Open, organizationId: OrganizationId): IDBRequest<HeadRow | undefined> {
  return open.store('heads').get(organizationId);
}

function mendSettings(open: Open, { organizationId, locations, tracking, lowStock, notes }: Repair): void {
  for (const { id, location } of locations)
    if (location === null) open.store('locations').delete([organizationId, id]);
    else open.store('locations').put({ organizationId, ...location } satisfies LocationRow);
  for (const { productId, tracked } of tracking) open.store('products').put({ organizationId, productId, tracked });
  for (const rule of lowStock)
    if (isNoRule(rule)) open.store('lowStock').delete([organizationId, rule.variantId, rule.locationId]);
    else open.store('lowStock').put({ organizationId, ...rule });
  for (const { kind, id, state } of notes)
    if (state === null) open.store('notes').delete([organizationId, kind, id]);
    else open.store('notes').put({ organizationId, kind, id, ...state });
}

function mendVariant(
  open: Open,
  organizationId: OrganizationId,
  { variantId, productId, postings }: Repair['variants'][number],
): void {
  open.store('pasts').delete(keysUnder(organizationId, variantId));
  open.store('variants').delete([organizationId, variantId]);
  if (productId === null) return;
  let row: VariantRow = {
    organizationId,
    variantId,
    productId,
    locations: [],
    onHand: [],
    past: { base: [], postings: [] },
  };
  // What is of one sequence stands in one part of the past.
  for (let first = 0; first < postings.length; ) {
    const { sequence } = postings[first] as (typeof postings)[number];
    let end = first;
    while (postings[end]?.sequence === sequence) end += 1;
    const moved = moveRow(row, postings.slice(first, end));
    if (moved.spilled !== null) open.store('pasts').put({ organizationId, variantId, ...moved.spilled });
    row = moved.row;
    first = end;
  }
  open.store('variants').put(row);
}
