import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type Compilable, sql } from 'kysely';
import type { NoteRow } from '../notes.ts';
import type { Tables } from '../schema.ts';
import { builder } from './dialect.ts';

// The statements are built and compiled once: building them on every call costs 40 to 70 % of the rate. These values
// only mark the places; each call gives its own, in the order in which they stand in the statement.
const N = 0;
const TEXT = '';
const BYTES: Uint8Array = new Uint8Array();

/** What is around every commit: prepared, so that it is not parsed each time. */
const BRACKETS = { begin: 'begin immediate', commit: 'commit' } as const;

// Bytes come as an object of their own: for a page of records text is quicker.
const HEX = sql<string>`lower(hex(command_id))`;

const QUERIES: Readonly<Record<Exclude<keyof Statements, keyof typeof BRACKETS>, Compilable>> = {
  head: builder
    .selectFrom('stockfold_organization')
    .select(['organization', 'sequence', 'recorded_at', 'config_version', 'policy'])
    .where('id', '=', TEXT),
  insertHead: builder
    .insertInto('stockfold_organization')
    .values({ id: TEXT, sequence: N, recorded_at: N, config_version: N, policy: TEXT })
    .returning(['organization', 'sequence', 'recorded_at', 'config_version']),
  moveHead: builder
    .updateTable('stockfold_organization')
    .set(({ eb, fn }) => ({
      sequence: eb('sequence', '+', N),
      recorded_at: fn<number>('max', ['recorded_at', eb.val(N)]),
    }))
    .where('id', '=', TEXT)
    .returning(['organization', 'sequence', 'recorded_at', 'config_version']),
  raiseVersion: builder
    .updateTable('stockfold_organization')
    .set(({ eb }) => ({ config_version: eb('config_version', '+', eb.lit(1)) }))
    .where('organization', '=', N),
  setPolicy: builder.updateTable('stockfold_organization').set({ policy: TEXT }).where('organization', '=', N),

  location: builder
    .selectFrom('stockfold_location')
    .select(['location', 'type', 'name', 'system'])
    .where('organization', '=', N)
    .where('id', '=', TEXT),
  locations: builder
    .selectFrom('stockfold_location')
    .select(['id', 'type', 'name', 'system'])
    .where('organization', '=', N)
    .orderBy('location'),
  lastLocation: builder
    .selectFrom('stockfold_location')
    .select(({ fn }) => fn.max('location').as('last'))
    .where('organization', '=', N),
  insertLocation: builder
    .insertInto('stockfold_location')
    .values({ organization: N, location: N, id: TEXT, type: TEXT, name: TEXT, system: N }),

  product: builder
    .selectFrom('stockfold_product')
    .select(['product', 'tracked'])
    .where('organization', '=', N)
    .where('id', '=', TEXT),
  lastProduct: builder
    .selectFrom('stockfold_product')
    .select(({ fn }) => fn.max('product').as('last'))
    .where('organization', '=', N),
  insertProduct: builder.insertInto('stockfold_product').values({ organization: N, product: N, id: TEXT, tracked: N }),
  setTracked: builder
    .updateTable('stockfold_product')
    .set({ tracked: N })
    .where('organization', '=', N)
    .where('product', '=', N),

  setLowStock: builder
    .insertInto('stockfold_low_stock')
    .values({ organization: N, variant_id: TEXT, location_id: TEXT, product_id: TEXT, level: N, alert: N })
    .onConflict(conflict =>
      conflict.columns(['organization', 'variant_id', 'location_id']).doUpdateSet(({ ref }) => ({
        product_id: ref('excluded.product_id'),
        level: ref('excluded.level'),
        alert: ref('excluded.alert'),
      })),
    ),
  deleteLowStock: builder
    .deleteFrom('stockfold_low_stock')
    .where('organization', '=', N)
    .where('variant_id', '=', TEXT)
    .where('location_id', '=', TEXT),

  note: builder
    .selectFrom('stockfold_note')
    .select(['kind', 'id', 'body', 'sequence'])
    .where('organization', '=', N)
    .where('kind', '=', TEXT)
    .where('id', '=', TEXT),
  notesBetween: builder
    .selectFrom('stockfold_note')
    .select(['kind', 'id', 'body', 'sequence'])
    .where('organization', '=', N)
    .where('kind', '=', TEXT)
    .where('id', '>=', TEXT)
    .where('id', '<', TEXT)
    .orderBy('id')
    .limit(N),
  setNote: builder
    .insertInto('stockfold_note')
    .values({ organization: N, kind: TEXT, id: TEXT, body: TEXT, sequence: N })
    .onConflict(conflict =>
      conflict.columns(['organization', 'kind', 'id']).doUpdateSet(({ ref }) => ({
        body: ref('excluded.body'),
        sequence: ref('excluded.sequence'),
      })),
    ),
  deleteNote: builder
    .deleteFrom('stockfold_note')
    .where('organization', '=', N)
    .where('kind', '=', TEXT)
    .where('id', '=', TEXT),

  variant: builder
    .selectFrom('stockfold_variant as v')
    .innerJoin('stockfold_product as p', join =>
      join.onRef('p.organization', '=', 'v.organization').onRef('p.product', '=', 'v.product'),
    )
    .select(['v.variant', 'p.id as product_id'])
    .where('v.organization', '=', N)
    .where('v.id', '=', TEXT),
  lastVariant: builder
    .selectFrom('stockfold_variant')
    .select(({ fn }) => fn.max('variant').as('last'))
    .where('organization', '=', N),
  insertVariant: builder.insertInto('stockfold_variant').values({ organization: N, variant: N, id: TEXT, product: N }),

  balance: builder
    .selectFrom('stockfold_balance')
    .select('on_hand')
    .where('organization', '=', N)
    .where('variant', '=', N)
    .where('location', '=', N),
  addToBalance: builder
    .insertInto('stockfold_balance')
    .values({ organization: N, variant: N, location: N, on_hand: N })
    .onConflict(conflict =>
      conflict.columns(['organization', 'variant', 'location']).doUpdateSet(({ eb, ref }) => ({
        on_hand: eb('stockfold_balance.on_hand', '+', ref('excluded.on_hand')),
      })),
    )
    .returning('on_hand'),
  recordOfCommand: builder
    .selectFrom('stockfold_record')
    .select(['sequence', 'command_id', 'recorded_at', 'external_uuid', 'events'])
    .where('organization', '=', N)
    .where('command_id', '=', BYTES),
  recordsAfter: builder
    .selectFrom('stockfold_record')
    .select(['sequence', HEX.as('command_id'), 'recorded_at', 'external_uuid', 'events'])
    .where('organization', '=', N)
    .where('sequence', '>', N)
    .orderBy('sequence')
    .limit(N),
  insertRecord: builder.insertInto('stockfold_record').values({
    organization: N,
    sequence: N,
    command_id: BYTES,
    recorded_at: N,
    external_uuid: TEXT,
    events: TEXT,
  }),
  postingsAfter: builder
    .selectFrom('stockfold_posting')
    .select(['sequence', 'after'])
    .where('organization', '=', N)
    .where('variant', '=', N)
    .where('location', '=', N)
    .where('sequence', '>', N)
    .orderBy('sequence')
    .limit(N),
  insertPosting: builder
    .insertInto('stockfold_posting')
    .values({ organization: N, variant: N, location: N, sequence: N, delta: N, after: N }),
};

/** A prepared statement and the row it gives. */
export type Prepared<Row> = Readonly<{
  get: (...values: SQLInputValue[]) => Row | undefined;
  all: (...values: SQLInputValue[]) => Row[];
  run: (...values: SQLInputValue[]) => void;
}>;

type Last = { last: number | null };
type LocationRow = { id: string; type: string; name: string; system: number };
type HeadRow = Omit<Tables['stockfold_organization'], 'id' | 'organization'> & { organization: number };
type MovedHead = readonly [organization: number, sequence: number, recordedAt: number, configVersion: number];
type RecordRow = Omit<Tables['stockfold_record'], 'organization'>;
type RecordTuple = readonly [
  sequence: number,
  hex: string,
  recordedAt: number,
  externalUuid: string | null,
  events: string,
];

/** Every statement of the store, on one connection. */
export type Statements = Readonly<{
  begin: Prepared<never>;
  commit: Prepared<never>;
  head: Prepared<HeadRow>;
  insertHead: Prepared<MovedHead>;
  moveHead: Prepared<MovedHead>;
  raiseVersion: Prepared<never>;
  setPolicy: Prepared<never>;
  location: Prepared<Omit<LocationRow, 'id'> & { location: number }>;
  locations: Prepared<LocationRow>;
  lastLocation: Prepared<Last>;
  insertLocation: Prepared<never>;
  product: Prepared<{ product: number; tracked: number }>;
  lastProduct: Prepared<Last>;
  insertProduct: Prepared<never>;
  setTracked: Prepared<never>;
  setLowStock: Prepared<never>;
  deleteLowStock: Prepared<never>;
  note: Prepared<NoteRow>;
  notesBetween: Prepared<NoteRow>;
  setNote: Prepared<never>;
  deleteNote: Prepared<never>;
  variant: Prepared<{ variant: number; product_id: string }>;
  lastVariant: Prepared<Last>;
  insertVariant: Prepared<never>;
  balance: Prepared<{ on_hand: number }>;
  addToBalance: Prepared<readonly [onHand: number]>;
  recordOfCommand: Prepared<RecordRow>;
  recordsAfter: Prepared<RecordTuple>;
  insertRecord: Prepared<never>;
  postingsAfter: Prepared<Pick<Tables['stockfold_posting'], 'sequence' | 'after'>>;
  insertPosting: Prepared<never>;
}>;

const COMPILED = [
  ...Object.entries(BRACKETS),
  ...Object.entries(QUERIES).map(([name, query]) => [name, query.compile().sql] as const),
];

/** Those that give columns in their order: for long pages, half the work of an object a row; and those of every commit. */
const ARRAYS: ReadonlySet<string> = new Set<keyof Statements>([
  'recordsAfter',
  'moveHead',
  'insertHead',
  'addToBalance',
]);

/** Prepares all statements on a connection whose tables are there. */
export function prepare(db: DatabaseSync): Statements {
  return Object.fromEntries(
    COMPILED.map(([name, text]) => {
      const statement = db.prepare(text);
      statement.setReturnArrays(ARRAYS.has(name));
      // Bound, and not called by functions of our own, which would make a list of the values and hand it on.
      const prepared = {
        get: statement.get.bind(statement),
        all: statement.all.bind(statement),
        run: statement.run.bind(statement),
      };
      return [name, prepared];
    }),
  ) as unknown as Statements;
}
