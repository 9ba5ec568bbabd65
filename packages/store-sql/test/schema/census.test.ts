import { createLedger, type LedgerStore } from '@stockfold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { type Books, DIALECTS, openBooks } from './books.ts';
import { MUG, trade } from './damage.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Damage that the views do not show, or that needs a low-stock rule; and what `verify` says of it. */
const DAMAGES: Readonly<Record<string, readonly [statement: (named: Books['named']) => string, found: string]>> = {
  'a low-stock rule that was edited': [named => `update ${named('low_stock')} set level = 9`, 'low-stock rule'],
  'a low-stock rule that is gone': [named => `delete from ${named('low_stock')}`, 'low-stock rule'],
  'a product that was made a tracked one': [
    named => `insert into ${named('product')} values (1, 9, '${MUG.variantId}', 1)`,
    'tracking',
  ],
  'a variant that nobody moves': [
    named => `insert into ${named('variant')} values (1, 9, '${MUG.productId}', 1)`,
    'variant',
  ],
  'a note of a kind that nobody writes': [
    named => `insert into ${named('note')} values (1, 'told', 'h2', '1', 5)`,
    'note',
  ],
  'a balance of a location that is not there': [
    named => `insert into ${named('balance')} values (1, 1, 99, 3)`,
    'balance',
  ],
  'a posting of a location that is not there': [
    named => `insert into ${named('posting')} values (1, 1, 99, 3, 3, 3)`,
    'posting',
  ],
  'an organization whose head row is gone': [named => `delete from ${named('organization')}`, 'head'],
};

async function whatIn(store: LedgerStore): Promise<readonly unknown[]> {
  const { breaches } = (await createLedger({ store }).verify())._unsafeUnwrap();
  return breaches.map(breach => ('what' in breach ? breach.what : breach.invariant));
}

describe.each(DIALECTS)('verify on %s finds', dialect => {
  it.each(Object.entries(DAMAGES))('%s', async (_, [statement, found]) => {
    const books = await openBooks(dialect, server);
    const store = books.open();
    try {
      await trade(store);
      const ledger = createLedger({ store });
      const rules = [{ ...MUG, locationId: 'STORE', level: 5 }];
      (await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules }))._unsafeUnwrap();
      expect(await whatIn(store)).toEqual([]);
      await books.run(statement(books.named));
      expect(await whatIn(store)).toEqual([found]);
    } finally {
      await store.close();
      await books.end();
    }
  });

  it('nothing in an organization that never was, beside one that is', async () => {
    const books = await openBooks(dialect, server);
    const store = books.open();
    try {
      await trade(store);
      const organizationId = '9c1ad2a0-5f0f-11ec-bf63-0242ac130002';
      expect((await createLedger({ store, organizationId }).verify())._unsafeUnwrap().breaches).toEqual([]);
    } finally {
      await store.close();
      await books.end();
    }
  });
});
