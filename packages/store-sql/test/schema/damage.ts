import {
  createLedger,
  DEFAULT_ORGANIZATION_ID,
  deriveSystemLocations,
  type LedgerStore,
  restock,
  sale,
  startTracking,
  stopTracking,
  transfer,
} from '@stockfold/core';
import type { Books, Dialect } from './books.ts';

export const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
};
const BOWL = { productId: '3cc3b9f6-623b-11ec-90d6-0242ac120003', variantId: '4066f6cc-623b-11ec-90d6-0242ac120003' };

/** Seven records of a shop with a floor: 12 mugs come, 10 leave in two sales; a van is opened; notes are written with record 5, three holds among them; tracking of bowls stops. */
export async function trade(store: LedgerStore): Promise<void> {
  let time = 100;
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, clock: () => time++ });
  const record = async (command: object) => {
    const kind = 'RecordMovements' as const;
    (await ledger.execute({ kind, id: ledger.newId(), ...command }))._unsafeUnwrap();
  };
  const van = { id: ledger.newId(), type: 'TRANSIT', name: 'Van' } as const;
  await record({ tracking: [startTracking(MUG.productId), startTracking(BOWL.productId)] });
  await record({ lines: [restock('STORE', MUG, 12), restock('STORE', BOWL, 4)] });
  await record({ lines: [sale('STORE', MUG, 8)] });
  (await ledger.execute({ kind: 'OpenLocation', id: ledger.newId(), location: van }))._unsafeUnwrap();
  const shelf = `${deriveSystemLocations(DEFAULT_ORGANIZATION_ID).STORE}.${MUG.variantId}`;
  const held = (hold: number, quantity: number, expiresAt: number | null) => ({
    kind: 'held',
    id: `${shelf}.ad00000${hold}-77aa-11ec-90d6-0242ac120003`,
    body: { productId: MUG.productId, quantity, owner: 'Ann', placedAt: 60, expiresAt },
  });
  const notes = [
    // One has expired before what is promised was written.
    ...[held(1, 1, null), held(2, 2, 900), held(3, 4, 90)],
    {
      kind: 'reserved',
      id: shelf,
      body: {
        productId: MUG.productId,
        at: 100,
        until: [
          [900, 2],
          [null, 1],
        ],
      },
    },
    { kind: 'hold', id: 'h1', body: { of: 'Ann', until: null, pieces: [1, 2] }, ifSequence: 0 },
    { kind: 'count', id: 'van', body: 'é' },
  ];
  await record({ lines: [transfer('STORE', van.id, MUG, 1), sale('STORE', MUG, 2)], notes });
  // Records that change nothing, and that a record too many can be a copy of.
  await record({ tracking: [startTracking(MUG.productId)] });
  await record({ tracking: [stopTracking(BOWL.productId)] });
}

/** One way to damage the books: what is run, and which views must report it. */
export type Damage = Readonly<{
  statement: (named: Books['named'], dialect: Dialect) => string;
  views: readonly string[];
  /** What `verify()` must find; nothing where the port does not show it. */
  breaches: readonly string[];
}>;

const inBody =
  (sequence: number, from: string, to: string): Damage['statement'] =>
  named =>
    `update ${named('record')} set events = replace(events, '${from}', '${to}') where sequence = ${sequence}`;

const update =
  (table: string, change: string, where = 'organization = 1'): Damage['statement'] =>
  named =>
    `update ${named(table)} set ${change} where ${where}`;

const remove =
  (table: string, where: string): Damage['statement'] =>
  named =>
    `delete from ${named(table)} where ${where}`;

/** Ways to damage the books of {@link trade}. Mugs are variant 1; STORE is location 1, SUPPLIER 2, SOLD 3. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  'a balance that was edited': {
    statement: update('balance', 'on_hand = on_hand + 1', 'variant = 1 and location = 1'),
    views: ['conserves', 'matches_journal'],
    breaches: ['matchesJournal', 'conserves'],
  },
  'two balances that were edited so that they still add up to zero': {
    statement: update('balance', 'on_hand = on_hand + 3 - 2 * location', 'variant = 1 and location in (1, 2)'),
    views: ['matches_journal'],
    breaches: ['matchesJournal'],
  },
  'a balance that is gone': {
    statement: remove('balance', 'variant = 1 and location = 3'),
    views: ['conserves', 'matches_journal'],
    breaches: ['matchesJournal', 'conserves'],
  },
  'a floor that was broken': {
    statement: (named, dialect) =>
      `${inBody(1, '"floors":{"STORE":0}', '"floors":{"STORE":2}')(named, dialect)};
       update ${named('organization')} set policy = '{"floors":{"STORE":2}}'`,
    views: ['keeps_floor'],
    breaches: ['keepsFloor'],
  },
  'a floor of a variant that was broken': {
    statement: (named, dialect) => {
      const floors = `"floors":{"STORE":0},"variants":{"${MUG.variantId}":2}`;
      return `${inBody(1, '"floors":{"STORE":0}', floors)(named, dialect)};
       update ${named('organization')} set policy = '{${floors}}'`;
    },
    views: ['keeps_floor'],
    breaches: ['keepsFloor'],
  },
  'a command that was recorded twice': {
    statement: (named, dialect) =>
      `${withoutUniqueIds(named, dialect)};
       insert into ${named('record')} select organization, 8, command_id, 200, external_uuid, events
         from ${named('record')} where sequence = 6;
       update ${named('organization')} set sequence = 8, recorded_at = 200`,
    views: ['records_once'],
    breaches: ['recordsOnce'],
  },
  'a record that is gone from the middle': {
    statement: remove('record', 'sequence = 3'),
    views: ['matches_journal', 'sequence_is_dense', 'as_of_agrees'],
    breaches: ['sequenceIsDense', 'matchesJournal'],
  },
  'a record that is gone from the end': {
    statement: remove('record', 'sequence = 7'),
    views: ['sequence_is_dense', 'config_agrees'],
    breaches: ['sequenceIsDense', 'configAgrees'],
  },
  'a clock that went back': {
    statement: update('record', 'recorded_at = 1', 'sequence = 6'),
    views: ['sequence_is_dense'],
    breaches: ['sequenceIsDense'],
  },
  'a head that is behind its journal': {
    statement: update('organization', 'sequence = 6'),
    views: ['sequence_is_dense'],
    breaches: ['sequenceIsDense'],
  },
  'a quantity that was edited in a record': {
    statement: inBody(3, '"quantity":8', '"quantity":7'),
    views: ['matches_journal', 'as_of_agrees'],
    breaches: ['matchesJournal'],
  },
  'a sale that was made larger than the stock': {
    statement: inBody(3, '"quantity":8', '"quantity":88'),
    views: ['matches_journal', 'keeps_floor', 'as_of_agrees'],
    breaches: ['keepsFloor', 'matchesJournal'],
  },
  'a posting that was edited': {
    statement: update('posting', 'after = after + 1', 'variant = 1 and location = 1 and sequence = 3'),
    views: ['as_of_agrees'],
    breaches: ['asOfAgrees'],
  },
  'the delta of a posting that was edited': {
    statement: update('posting', 'delta = delta + 1', 'variant = 1 and location = 1 and sequence = 3'),
    views: ['as_of_agrees'],
    breaches: ['asOfAgrees'],
  },
  'a posting that is gone': {
    statement: remove('posting', 'variant = 1 and location = 1 and sequence = 3'),
    views: ['as_of_agrees'],
    breaches: ['asOfAgrees'],
  },
  'a posting too many': {
    statement: named => `insert into ${named('posting')} values (1, 1, 1, 4, 0, 4)`,
    views: ['as_of_agrees'],
    breaches: ['asOfAgrees'],
  },
  'a location that was given another name': {
    statement: update('location', "name = 'Shop'", 'location = 1'),
    views: ['config_agrees'],
    breaches: ['configAgrees'],
  },
  'a location that became one of another type': {
    statement: update('location', "type = 'BIN'", 'location = 1'),
    views: ['config_agrees'],
    breaches: ['configAgrees'],
  },
  'tracking that was switched': {
    statement: update('product', 'tracked = 0', 'product = 1'),
    views: ['config_agrees'],
    breaches: ['configAgrees'],
  },
  'a policy that was edited': {
    statement: update('organization', `policy = '{"floors":{"STORE":-5}}'`),
    views: ['config_agrees'],
    breaches: ['configAgrees'],
  },
  'a variant that was given to another product': {
    statement: update('variant', 'product = 2', 'variant = 1'),
    views: ['config_agrees'],
    breaches: ['configAgrees'],
  },
  'a note that was edited': {
    statement: update('note', "body = '{}'", "id = 'h1'"),
    views: ['notes_agree'],
    breaches: ['notesAgree'],
  },
  'a note that was written at another time': {
    statement: update('note', 'sequence = 4', "id = 'van'"),
    views: ['notes_agree'],
    breaches: ['notesAgree'],
  },
  'a note that is gone': {
    statement: remove('note', "id = 'h1'"),
    views: ['notes_agree'],
    breaches: ['notesAgree'],
  },
  'a note too many': {
    statement: named => `insert into ${named('note')} values (1, 'hold', 'h2', '1', 5)`,
    views: ['notes_agree'],
    breaches: ['notesAgree'],
  },
  'a note of a kind that nobody writes': {
    statement: update('note', "kind = 'told'", "id = 'h1'"),
    views: ['notes_agree'],
    breaches: ['notesAgree'],
  },
  'a note that a record did not write': {
    statement: inBody(5, '"of":"Ann"', '"of":"Bob"'),
    views: ['notes_agree'],
    breaches: ['notesAgree'],
  },
  'a hold that was made larger': {
    statement: update('note', `body = replace(body, '"quantity":2', '"quantity":3')`, "kind = 'held'"),
    views: ['notes_agree', 'holds_agree'],
    breaches: ['notesAgree'],
  },
  'a hold that was given more time': {
    statement: update('note', `body = replace(body, '900', '901')`, "kind = 'held'"),
    views: ['notes_agree', 'holds_agree'],
    breaches: ['notesAgree'],
  },
  'a hold that is gone': {
    statement: remove('note', `kind = 'held' and body like '%"expiresAt":null%'`),
    views: ['notes_agree', 'holds_agree'],
    breaches: ['notesAgree'],
  },
  'a promise that is gone': {
    statement: remove('note', "kind = 'reserved'"),
    views: ['notes_agree', 'holds_agree'],
    breaches: ['notesAgree'],
  },
  'a promise that no hold is behind, as its record says it': {
    statement: (named, dialect) =>
      `${inBody(5, '[900,2]', '[900,3]')(named, dialect)};
       ${update('note', `body = replace(body, '[900,2]', '[900,3]')`, "kind = 'reserved'")(named, dialect)}`,
    views: ['holds_agree'],
    breaches: ['holdsAgree'],
  },
  'an organization whose head row is gone': {
    statement: remove('organization', 'organization = 1'),
    views: ['isolates_tenants'],
    breaches: ['countsAgree'],
  },
  'a variant whose row is gone': {
    statement: remove('variant', 'variant = 1'),
    views: ['matches_journal', 'isolates_tenants', 'as_of_agrees', 'config_agrees'],
    breaches: ['matchesJournal', 'configAgrees'],
  },
};

/** The constraint keeps it from happening, so it goes first. SQLite cannot drop one: the table is made again. */
function withoutUniqueIds(named: Books['named'], dialect: Dialect): string {
  if (dialect === 'postgres') return `alter table ${named('record')} drop constraint record_of_command`;
  return `create table kept as select * from ${named('record')}; drop table ${named('record')};
    create table ${named('record')} (organization integer, sequence integer, command_id blob, recorded_at integer,
      external_uuid text, events text);
    insert into ${named('record')} select * from kept`;
}
