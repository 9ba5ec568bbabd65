// The CHECK keeps every number inside what JavaScript counts exactly. Floors are guards and never CHECKs: the check of
// an upsert runs on the proposed row, which is a delta.
const SAFE = 'between -9007199254740991 and 9007199254740991';

/**
 * The tables of a ledger, as in SQLite, in a schema of their own. Every key begins with the organization; ids are
 * interned to integers, counted up by the commit that brings a new one: no sequence. The fill factors leave room on a page for the new version of a row that is often updated.
 */
export const TABLES: readonly string[] = [
  `create table stockfold.organization (
    organization integer primary key,
    id uuid not null unique,
    sequence bigint not null check (sequence ${SAFE}),
    recorded_at bigint not null check (recorded_at ${SAFE}),
    config_version integer not null,
    policy text not null
  ) with (fillfactor = 50)`,
  `create table stockfold.location (
    organization integer not null, location integer not null,
    id uuid not null, type text not null, name text not null, system smallint not null,
    primary key (organization, location), unique (organization, id)
  )`,
  `create table stockfold.product (
    organization integer not null, product integer not null,
    id uuid not null, tracked smallint not null,
    primary key (organization, product), unique (organization, id)
  )`,
  `create table stockfold.variant (
    organization integer not null, variant integer not null,
    id uuid not null, product integer not null,
    primary key (organization, variant), unique (organization, id)
  )`,
  'create index variant_of_product on stockfold.variant (organization, product)',
  `create table stockfold.balance (
    organization integer not null, variant integer not null, location integer not null,
    on_hand bigint not null check (on_hand ${SAFE}),
    primary key (organization, variant, location)
  ) with (fillfactor = 70)`,
  `create table stockfold.record (
    organization integer not null, sequence bigint not null,
    command_id uuid not null, recorded_at bigint not null,
    external_uuid uuid, events text not null,
    primary key (organization, sequence),
    constraint record_of_command unique (organization, command_id)
  )`,
  `create table stockfold.posting (
    organization integer not null, variant integer not null, location integer not null, sequence bigint not null,
    delta bigint not null check (delta ${SAFE}), after bigint not null check (after ${SAFE}),
    primary key (organization, variant, location, sequence)
  )`,
  // Ids and not integers: a rule may come before the first movement of its variant.
  `create table stockfold.low_stock (
    organization integer not null, variant_id uuid not null, location_id uuid not null,
    product_id uuid not null, level bigint check (level ${SAFE}), alert smallint not null,
    primary key (organization, variant_id, location_id)
  )`,
  // Sorted by bytes, as everywhere, whatever the collation of the database.
  `create table stockfold.note (
    organization integer not null, kind text collate "C" not null, id text collate "C" not null,
    body text not null, sequence bigint not null check (sequence ${SAFE}),
    primary key (organization, kind, id)
  )`,
];
