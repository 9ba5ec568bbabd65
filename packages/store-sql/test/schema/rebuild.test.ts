import { createLedger, rebuild, sale } from '@stockfold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectBooksInOrder } from '../../../testing/test/invariant-views.ts';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { type Books, DIALECTS, type Dialect, openBooks } from './books.ts';
import { DAMAGES, MUG, trade } from './damage.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

type Statement = (named: Books['named'], dialect: Dialect) => string;

const update =
  (table: string, change: string, where = 'organization = 1'): Statement =>
  named =>
    `update ${named(table)} set ${change} where ${where}`;
const remove =
  (table: string, where = 'organization = 1'): Statement =>
  named =>
    `delete from ${named(table)} where ${where}`;
const flipped = '99999999-5f0f-11ec-bf63-0242ac130002';

/** Further damage that a journal mends. */
const MORE: Readonly<Record<string, Statement>> = {
  'a product whose row is gone': remove('product', 'product = 1'),
  'all balances and postings': (named, dialect) =>
    `${remove('balance')(named, dialect)}; ${remove('posting')(named, dialect)}`,
  'a location whose row is gone': remove('location', 'location = 3'),
  'a variant with a byte of another id': update('variant', `id = '${flipped}'`, 'variant = 1'),
  'a location with a byte of another id': update('location', `id = '${flipped}'`, 'location = 1'),
  'a product with a byte of another id': update('product', `id = '${flipped}'`, 'product = 1'),
  'a note that is no JSON': update('note', `body = '{'`, `id = 'h1'`),
  'a policy that is no JSON': update('organization', `policy = '{'`),
  'a low-stock rule that was edited': update('low_stock', 'level = 9'),
  'a low-stock rule that is gone': remove('low_stock'),
  'a low-stock rule too many': named =>
    `insert into ${named('low_stock')} values (1, '${flipped}', '${flipped}', '${flipped}', 1, 0)`,
  'a product that was made a tracked one': named =>
    `insert into ${named('product')} values (1, 9, '${MUG.variantId}', 1)`,
  'a posting of a record that is yet to come': named => `insert into ${named('posting')} values (1, 1, 1, 9, 1, 3)`,
  'a posting of a balance that never moved': named => `insert into ${named('posting')} values (1, 1, 4, 3, 1, 1)`,
  'a balance of a location that is not there': named => `insert into ${named('balance')} values (1, 1, 99, 3)`,
};

/** What no row of the journal can mend: the journal itself is another one, or it says so. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  'a floor that was broken': ['keepsFloor'],
  'a floor of a variant that was broken': ['keepsFloor'],
  'a sale that was made larger than the stock': ['keepsFloor'],
  'a command that was recorded twice': ['recordsOnce'],
  'a record that is gone from the middle': ['sequenceIsDense', 'matchesJournal'],
  'a record that is gone from the end': ['sequenceIsDense', 'configAgrees'],
  'a clock that went back': ['sequenceIsDense'],
  'a promise that no hold is behind, as its record says it': ['holdsAgree'],
  // Of which kind it is nobody can ask.
  'a note of a kind that nobody writes': ['countsAgree'],
};

async function fill(books: Books, withRule: boolean): Promise<void> {
  const store = books.open();
  await trade(store);
  const ledger = createLedger({ store });
  const rules = [{ ...MUG, locationId: 'STORE', level: 5 }];
  if (withRule) (await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules }))._unsafeUnwrap();
  await ledger.close();
}

const kindsIn = (breaches: readonly { invariant: string }[]) => [...new Set(breaches.map(breach => breach.invariant))];

const CASES = [
  ...Object.entries(DAMAGES).map(([name, { statement }]) => [name, statement] as const),
  ...Object.entries(MORE),
];

describe.each(DIALECTS)('a rebuild on %s mends what a journal says of', dialect => {
  it.each(CASES)('%s', async (name, statement) => {
    const books = await openBooks(dialect, server);
    try {
      await fill(books, name in MORE);
      await books.run(statement(books.named, dialect));
      const store = books.open();
      const { found, fault, left } = (await rebuild({ store }))._unsafeUnwrap();
      expect(found.length > 0 || fault !== null).toBe(true);
      expect(kindsIn(left)).toEqual(LEFT[name] ?? []);
      await store.close();
      if (LEFT[name] !== undefined) return;
      // It goes on as if nothing had happened, and SQL agrees.
      const reopened = books.open();
      const ledger = createLedger({ store: reopened });
      const lines = [sale('STORE', MUG, 1)];
      (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }))._unsafeUnwrap();
      expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
      expect((await ledger.locations())._unsafeUnwrap().map(({ name }) => name)).toEqual([
        'STORE',
        'SUPPLIER',
        'SOLD',
        'BIN',
        'Van',
      ]);
      await ledger.close();
      await expectBooksInOrder('a ledger', view => books.rows(`select * from ${books.named(view)}`));
    } finally {
      await books.end();
    }
  });

  it('a head that is behind a journal with a hole: nothing, and it stays where it is', async () => {
    const books = await openBooks(dialect, server);
    try {
      await fill(books, true);
      await books.run(`${remove('record', 'sequence = 3')(books.named, dialect)};
        ${update('organization', 'sequence = 5')(books.named, dialect)}`);
      const store = books.open();
      expect(kindsIn((await rebuild({ store }))._unsafeUnwrap().left)).toContain('sequenceIsDense');
      await store.close();
      expect(Number((await books.rows(`select sequence from ${books.named('organization')}`))[0]?.sequence)).toBe(5);
    } finally {
      await books.end();
    }
  });

  it('a record that cannot be read: nothing, and says so', async () => {
    const books = await openBooks(dialect, server);
    try {
      await fill(books, true);
      await books.run(update('record', `events = '['`, 'sequence = 3')(books.named, dialect));
      const store = books.open();
      const error = (await rebuild({ store }))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'StoreFailed', message: 'record 3 is damaged' });
      await store.close();
    } finally {
      await books.end();
    }
  });
});

it('a rebuild of a SQLite file that fails before it is written says that it failed, not that nobody knows', async () => {
  const books = await openBooks('sqlite', server);
  try {
    await fill(books, true);
    await books.run(update('product', 'product = 4611686018427387904', 'product = 1')(books.named, 'sqlite'));
    const store = books.open();
    expect((await rebuild({ store }))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreFailed' });
    await store.close();
  } finally {
    await books.end();
  }
});
