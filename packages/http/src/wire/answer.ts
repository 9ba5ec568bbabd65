import {
  type Balance,
  type BalanceAt,
  isNoteId,
  isNoteKind,
  type JournalRecord,
  type JsonValue,
  type Ledger,
  type LedgerError,
  type LedgerEvent,
  LOCATION_TYPES,
  type Location,
  type LowStockRule,
  type Note,
  type Page,
  type Policy,
  type PreviewedBalance,
  type Provenance,
  parseQuantity,
  parseUuid,
  type Receipt,
  type StoredPosting,
  type StoredRecord,
  type SystemLocations,
  type Uuid,
  type Verification,
} from '@stockfold/core';
import type { ResultAsync } from 'neverthrow';
import * as v from 'valibot';

/** What a client reads out of a server's answers, held against the rules of the ledger before anybody relies on it. */
type Schema<T> = v.GenericSchema<unknown, T>;

const uuid = v.custom<Uuid>(input => parseUuid(input).unwrapOr(null) === input);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const units = v.pipe(v.number(), v.safeInteger());

/** Who a ledger is, and how far its journal has got. */
export type LedgerCard = Readonly<{ organizationId: Uuid; systemLocations: SystemLocations; sequence: number }>;

/** `GET …/ledger` */
export const ledgerCard: Schema<LedgerCard> = v.object({
  organizationId: uuid,
  systemLocations: v.object({ STORE: uuid, SUPPLIER: uuid, SOLD: uuid, BIN: uuid }),
  sequence: count,
});

/** Makes the card of a ledger. */
export function cardOf(ledger: Ledger): ResultAsync<LedgerCard, LedgerError> {
  const { organizationId, systemLocations } = ledger;
  return ledger.journal({ limit: 1 }).map(({ asOf }) => ({ organizationId, systemLocations, sequence: asOf }));
}

export const receipt: Schema<Receipt> = v.object({
  commandId: uuid,
  sequence: count,
  recordedAt: units,
  replayed: v.boolean(),
  durability: v.picklist(['memory', 'device', 'synced']),
});

/** `POST …/ledger/commands`: one result per command, in their order. */
export const results: Schema<{ results: { receipt?: Receipt | undefined; error?: unknown }[] }> = v.object({
  results: v.array(v.object({ receipt: v.optional(receipt), error: v.optional(v.unknown()) })),
});

const pageOf = <T>(item: Schema<T>): Schema<Page<T>> =>
  v.object({ items: v.array(item), next: v.nullable(v.string()), asOf: count });

const balance = { locationId: uuid, productId: uuid, variantId: uuid, onHand: units } as const;

export const balances: Schema<Page<Balance>> = pageOf(v.object(balance));

export const previewedBalance: Schema<PreviewedBalance> = v.object({ ...balance, before: units });

export const balanceAt: Schema<BalanceAt> = v.object({ locationId: uuid, variantId: uuid, onHand: units, asOf: count });

const location = v.object({
  id: uuid,
  type: v.picklist(LOCATION_TYPES),
  name: v.string(),
  system: v.boolean(),
}) satisfies Schema<Location>;

export const locations: Schema<Location[]> = v.array(location);

const line = v.object({
  productId: uuid,
  variantId: uuid,
  from: uuid,
  to: uuid,
  quantity: v.custom<StoredQuantity>(input => typeof input === 'number' && parseQuantity(input).isOk()),
});
type StoredQuantity = Extract<LedgerEvent, { kind: 'MovementsRecorded' }>['lines'][number]['quantity'];

const lowStockRule = v.object({
  productId: uuid,
  variantId: uuid,
  locationId: uuid,
  level: v.nullable(count),
  alert: v.boolean(),
}) satisfies Schema<LowStockRule>;

/** A page of products. */
export const trackedProducts: Schema<Page<Uuid>> = pageOf(uuid);

/** A page of low-stock rules. */
export const lowStock: Schema<Page<LowStockRule>> = pageOf(lowStockRule);

const noteKey = { kind: v.custom<string>(isNoteKind), id: v.custom<string>(isNoteId) };
// What was parsed from JSON is JSON.
const json = v.custom<JsonValue>(input => input !== undefined);

/** A page of notes. */
export const notes: Schema<Page<Note>> = pageOf(v.object({ ...noteKey, body: json, sequence: count }));

const floor = v.exactOptional(units);
const floors = v.exactOptional(v.record(uuid, v.nullable(units)));

/** What an organization allows. The cast: no key of a record is there without a value. */
export const policy: Schema<Policy> = v.object({
  floors: v.object({ STORE: floor, SUPPLIER: floor, SOLD: floor, BIN: floor, TRANSIT: floor, ADJUSTMENT: floor }),
  locations: floors,
  variants: floors,
  holds: v.exactOptional(v.literal(true)),
  scale: v.exactOptional(v.picklist([1, 2, 3, 4, 5, 6])),
}) as unknown as Schema<Policy>;

const provenance = v.object({
  source: v.exactOptional(v.string()),
  externalId: v.exactOptional(v.string()),
  reason: v.exactOptional(v.string()),
  causedBy: v.exactOptional(uuid),
  occurredAt: v.exactOptional(units),
}) satisfies Schema<Provenance>;

const event = v.variant('kind', [
  v.object({ kind: v.literal('LocationOpened'), location }),
  v.object({ kind: v.literal('PolicySet'), policy }),
  v.object({ kind: v.literal('FloorsOverridden'), reason: v.string() }),
  v.object({ kind: v.literal('Attributed'), provenance }),
  v.object({ kind: v.picklist(['TrackingStarted', 'TrackingStopped']), productId: uuid }),
  v.object({ kind: v.literal('MovementsRecorded'), lines: v.array(line) }),
  v.object({ kind: v.literal('LowStockSet'), rules: v.array(lowStockRule) }),
  v.object({ kind: v.literal('Requested'), request: json }),
  v.object({ kind: v.literal('NotesWritten'), notes: v.array(v.object({ ...noteKey, body: json })) }),
]) as unknown as Schema<LedgerEvent>;

const content = { commandId: uuid, externalUuid: v.nullable(uuid), events: v.array(event) } as const;

/** A record that has no place in the journal yet. */
export const journalRecord: Schema<JournalRecord> = v.object(content);

const record = v.object({ ...content, sequence: count, recordedAt: units }) satisfies Schema<StoredRecord>;

/** A page of the journal. */
export const journal: Schema<Page<StoredRecord>> = pageOf(record);

/** A page of postings. */
export const postings: Schema<Page<StoredPosting>> = pageOf(v.object({ sequence: count, onHand: units }));

/** The records of some commands. */
export const records: Schema<StoredRecord[]> = v.array(record);

/** Breaches are for a person to read: they are taken as they come. */
export const verification: Schema<Verification> = v.object({
  ok: v.boolean(),
  records: count,
  balances: count,
  breaches: v.array(v.looseObject({ invariant: v.string() })),
}) as unknown as Schema<Verification>;
