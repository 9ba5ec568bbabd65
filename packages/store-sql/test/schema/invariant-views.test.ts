import {
  createLedger,
  DEFAULT_ORGANIZATION_ID,
  deriveSystemLocations,
  keepsFloor,
  type LedgerStore,
  type Policy,
  sale,
  transfer,
} from '@stockfold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { INVARIANT_VIEWS } from '../../src/invariant-views.ts';
import { type Books, DIALECTS, openBooks } from './books.ts';
import { DAMAGES, MUG, trade } from './damage.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** The views that give a row, in the order of their invariants. */
async function reportsOf({ named, rows }: Books): Promise<readonly string[]> {
  const reports: string[] = [];
  for (const view of Object.keys(INVARIANT_VIEWS))
    if ((await rows(`select * from ${named(view)}`)).length > 0) reports.push(view);
  return reports;
}

describe.each(DIALECTS)('the views of %s', dialect => {
  let books: Books;
  beforeAll(async () => {
    books = await openBooks(dialect, server);
    await trade(books.open());
  });
  afterAll(() => books.end());

  it('give no row of books that are in order', async () => {
    expect(await reportsOf(books)).toEqual([]);
    expect(await books.rows(`select * from ${books.named('movement')}`)).toHaveLength(5);
  });

  it('say which balance is off, and by how much', async () => {
    const { named, run, rows } = books;
    await run(`update ${named('balance')} set on_hand = 100 where variant = 1 and location = 1`);
    const [breach] = await rows(`select * from ${named('matches_journal')}`);
    await run(`update ${named('balance')} set on_hand = 1 where variant = 1 and location = 1`);
    expect({ ...breach, folded: Number(breach?.folded), stored: Number(breach?.stored) }).toEqual({
      organization: 1,
      variant_id: '78194842-5f0f-11ec-bf63-0242ac130002',
      location_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      folded: 1,
      stored: 100,
    });
  });

  it('report a note that is no JSON, or end with an error that says so', async () => {
    const { named, run } = books;
    await run(`update ${named('note')} set body = '{' where id = 'h1'`);
    if (dialect === 'sqlite') expect(await reportsOf(books)).toEqual(['notes_agree']);
    else await expect(reportsOf(books)).rejects.toMatchObject({ code: '22P02' });
    await run(`delete from ${named('note')} where id = 'h1'`);
    expect(await reportsOf(books)).toEqual(['notes_agree']);
    await run(`insert into ${named('note')} values (1, 'hold', 'h1', '{"of":"Ann","until":null,"pieces":[1,2]}', 5)`);
    expect(await reportsOf(books)).toEqual([]);
  });

  it('report a record that is no JSON, or end with an error that says so', async () => {
    const { named, run } = books;
    await run(`update ${named('record')} set events = substr(events, 2) where sequence = 3`);
    if (dialect === 'sqlite') expect(await reportsOf(books)).toEqual(['matches_journal', 'as_of_agrees']);
    else await expect(reportsOf(books)).rejects.toMatchObject({ code: '22P02' });
    await run(`update ${named('record')} set events = '[' || events where sequence = 3`);
    expect(await reportsOf(books)).toEqual([]);
  });
});

describe.each(DIALECTS)('the views of %s report', dialect => {
  it.each(Object.entries(DAMAGES))('%s', async (_, { statement, views }) => {
    const books = await openBooks(dialect, server);
    try {
      const store = books.open();
      await trade(store);
      await store.close();
      await books.run(statement(books.named, dialect));
      expect(await reportsOf(books)).toEqual(views);
    } finally {
      await books.end();
    }
  });
});

describe.each(DIALECTS)('the floors of %s', dialect => {
  let books: Books;
  let store: LedgerStore;
  beforeAll(async () => {
    books = await openBooks(dialect, server);
    store = books.open();
    await trade(store);
    const ledger = createLedger({ store });
    const override = { floors: true, reason: 'it has left the shop' } as const;
    const lines = [sale('STORE', MUG, 9), transfer('BIN', 'SOLD', MUG, 1)];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), override, lines }))._unsafeUnwrap();
  });
  afterAll(() => books.end());

  const { STORE, BIN } = deriveSystemLocations(DEFAULT_ORGANIZATION_ID);
  const MUGS = MUG.variantId;
  const policies: readonly (readonly [string, number, Policy])[] = [
    ['of its type', 0, { floors: { STORE: 0 } }],
    ['of its type, higher', 2, { floors: { STORE: 5 } }],
    ['of a place', 2, { floors: {}, locations: { [STORE]: 5 } }],
    ['of a place before its type', 0, { floors: { STORE: 5 }, locations: { [STORE]: 0 } }],
    ['of no place', 0, { floors: { STORE: 5 }, locations: { [STORE]: null }, variants: { [MUGS]: 5 } }],
    ['of a variant', 2, { floors: {}, variants: { [MUGS]: 5 } }],
    ['of a variant before its type', 0, { floors: { STORE: 5 }, variants: { [MUGS]: 0 } }],
    ['of no such variant', 0, { floors: { STORE: 5 }, variants: { [MUGS]: null } }],
    ['of a variant where a place has one', 2, { floors: {}, locations: { [BIN]: 0 }, variants: { [MUGS]: 5 } }],
    ['of a variant where its type has one', 4, { floors: { SUPPLIER: 0 }, variants: { [MUGS]: 5 } }],
  ];

  it.each(policies)('%s: the view finds the %i breaches that the predicate finds', async (_, count, policy) => {
    const { named, run, rows } = books;
    const [first] = await rows(`select events from ${named('record')} where sequence = 1`);
    const body = JSON.parse(String(first?.events)) as readonly { kind: string }[];
    const edited = body.map(event => (event.kind === 'PolicySet' ? { ...event, policy } : event));
    await run(`update ${named('record')} set events = '${JSON.stringify(edited)}' where sequence = 1`);
    const records = (await createLedger({ store }).journal())._unsafeUnwrap().items;
    const found = (await rows(`select * from ${named('keeps_floor')} order by sequence, variant_id, location_id`)).map(
      row => [Number(row.sequence), row.variant_id, row.location_id, Number(row.on_hand), Number(row.floor)],
    );
    const breaches = keepsFloor(records).flatMap(breach =>
      breach.invariant === 'keepsFloor'
        ? [[breach.sequence, breach.variantId, breach.locationId, breach.onHand, breach.floor]]
        : [],
    );
    expect(found).toEqual(breaches.toSorted());
    expect(found).toHaveLength(count);
  });
});
