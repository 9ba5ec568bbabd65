import { createLedger, type LedgerStore } from '@stockfold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { type Books, DIALECTS, openBooks } from './books.ts';
import { DAMAGES, trade } from './damage.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** The invariants that `verify` finds breached, or the kind of the fault with which it ends. */
async function foundOn(store: LedgerStore): Promise<readonly string[]> {
  return (await createLedger({ store }).verify()).match(
    ({ breaches }) => [...new Set(breaches.map(breach => breach.invariant))],
    fault => [fault.kind],
  );
}

describe.each(DIALECTS)('verify on %s finds', dialect => {
  it.each(Object.entries(DAMAGES))('%s', async (_, { statement, breaches }) => {
    const books = await openBooks(dialect, server);
    try {
      const store = books.open();
      await trade(store);
      expect(await foundOn(store)).toEqual([]);
      await store.close();
      await books.run(statement(books.named, dialect));
      const damaged = books.open();
      expect(await foundOn(damaged)).toEqual(breaches);
      await damaged.close();
    } finally {
      await books.end();
    }
  });
});

describe.each(DIALECTS)('verify on %s', dialect => {
  let books: Books;
  let store: LedgerStore;
  beforeAll(async () => {
    books = await openBooks(dialect, server);
    store = books.open();
    await trade(store);
  });
  afterAll(async () => {
    await store.close();
    await books.end();
  });

  it('says at which sequence the past of which balance is wrong', async () => {
    const { named, run } = books;
    const where = 'variant = 1 and location = 1 and sequence = 3';
    await run(`update ${named('posting')} set after = 5 where ${where}`);
    const { breaches } = (await createLedger({ store }).verify())._unsafeUnwrap();
    await run(`update ${named('posting')} set after = 4 where ${where}`);
    expect(breaches).toMatchObject([{ invariant: 'asOfAgrees', sequence: 3, folded: 4, stored: 5 }]);
  });

  it('finds a note that is no JSON', async () => {
    const { named, run } = books;
    await run(`update ${named('note')} set body = '"' where id = 'van'`);
    expect(await foundOn(store)).toEqual(['StoreFailed']);
    await run(`update ${named('note')} set body = '"é"' where id = 'van'`);
    expect(await foundOn(store)).toEqual([]);
  });

  // In PostgreSQL every seventh, for its round trips; every byte has its turn in SQLite.
  it('finds a flipped bit, in whichever byte of a record it is', async () => {
    const { named, run, rows } = books;
    const bodies = await rows(`select sequence, events from ${named('record')} order by sequence`);
    const missed: string[] = [];
    let flips = 0;
    for (const { sequence, events } of bodies) {
      const body = String(events);
      const write = (text: string) =>
        run(`update ${named('record')} set events = '${text.replaceAll("'", "''")}' where sequence = ${sequence}`);
      for (let at = 0; at < body.length; at += dialect === 'sqlite' ? 1 : 7) {
        const flipped = `${body.slice(0, at)}${String.fromCharCode(body.charCodeAt(at) ^ 1)}${body.slice(at + 1)}`;
        await write(flipped);
        if ((await foundOn(store)).length === 0) missed.push(`${sequence}: ${flipped.slice(at - 20, at + 20)}`);
        flips += 1;
      }
      await write(body);
    }
    expect(missed).toEqual([]);
    expect(flips).toBeGreaterThan(dialect === 'sqlite' ? 1_500 : 200);
    expect(await foundOn(store)).toEqual([]);
  });
});
