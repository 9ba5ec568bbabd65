// STRICT refuses values of another type; the CHECK keeps every number inside what JavaScript counts exactly.
const SAFE = 'between -9007199254740991 and 9007199254740991';

/** The tables of a ledger, as in PostgreSQL. Every key begins with the organization; ids are interned to integers. */
export const TABLES: readonly string[] = [
  `create table stockfold_organization (
    organization integer primary key,
    id text not null unique,
    sequence integer not null check (sequence ${SAFE}),
    recorded_at integer not null check (recorded_at ${SAFE}),
    config_version integer not null,
    policy text not null
  ) strict`,
  `create table stockfold_location (
    organization integer not null, location integer not null,
    id text not null, type text not null, name text not null, system integer not null,
    primary key (organization, location), unique (organization, id)
  ) strict, without rowid`,
  `create table stockfold_product (
    organization integer not null, product integer not null,
    id text not null, tracked integer not null,
    primary key (organization, product), unique (organization, id)
  ) strict, without rowid`,
  `create table stockfold_variant (
    organization integer not null, variant integer not null,
    id text not null, product integer not null,
    primary key (organization, variant), unique (organization, id)
  ) strict, without rowid`,
  'create index stockfold_variant_of_product on stockfold_variant (organization, product)',
  `create table stockfold_balance (
    organization integer not null, variant integer not null, location integer not null,
    on_hand integer not null check (on_hand ${SAFE}),
    primary key (organization, variant, location)
  ) strict, without rowid`,
  `create table stockfold_record (
    organization integer not null, sequence integer not null,
    command_id blob not null, recorded_at integer not null,
    external_uuid text, events text not null,
    primary key (organization, sequence), unique (organization, command_id)
  ) strict, without rowid`,
  `create table stockfold_posting (
    organization integer not null, variant integer not null, location integer not null, sequence integer not null,
    delta integer not null check (delta ${SAFE}), after integer not null check (after ${SAFE}),
    primary key (organization, variant, location, sequence)
  ) strict, without rowid`,
  // Ids and not integers: a rule may come before the first movement of its variant.
  `create table stockfold_low_stock (
    organization integer not null, variant_id text not null, location_id text not null,
    product_id text not null, level integer check (level ${SAFE}), alert integer not null,
    primary key (organization, variant_id, location_id)
  ) strict, without rowid`,
  `create table stockfold_note (
    organization integer not null, kind text not null, id text not null,
    body text not null, sequence integer not null check (sequence ${SAFE}),
    primary key (organization, kind, id)
  ) strict, without rowid`,
];
