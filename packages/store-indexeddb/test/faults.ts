import {
  createLedger,
  DEFAULT_ORGANIZATION_ID,
  type LedgerStore,
  type LocationId,
  type StoreFault,
  type VariantId,
} from '@stockfold/core';
import { createIndexedDbStore, type Loss } from '@stockfold/store-indexeddb';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../src/schema.ts';
import { transact } from '../src/transaction.ts';
import { MUG, restockOf, saleOf } from './browser/shop.ts';
import { deleteDatabase, newName } from './open-store.ts';

/** Opens a database past the store, as another tab, another version or a developer would. */
function openRaw(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      if (!request.result.objectStoreNames.contains('other')) request.result.createObjectStore('other');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Ends when the next request to open a database has heard that it is blocked. */
function nextBlocked(): Promise<void> {
  const { open } = IDBFactory.prototype;
  return new Promise(resolve => {
    IDBFactory.prototype.open = function (...args) {
      IDBFactory.prototype.open = open;
      const request = open.apply(this, args);
      // After all who listen to it.
      request.addEventListener('blocked', () => setTimeout(resolve));
      return request;
    };
  });
}

/** What each sequence made of the mugs on the shelf, read in pages of this many. */
async function historyOf(
  { postings }: LedgerStore,
  locationId: LocationId,
  limit: number,
): Promise<readonly (readonly [number, number])[]> {
  const history: [number, number][] = [];
  const key = { organizationId: DEFAULT_ORGANIZATION_ID, variantId: MUG.variantId as VariantId, locationId };
  for (let after = 0; ; ) {
    const page = await postings?.({ ...key, after, limit });
    const { items, next } = page?._unsafeUnwrap() ?? { items: [], next: null };
    history.push(...items.map(({ sequence, onHand }): [number, number] => [sequence, onHand]));
    if (next === null) return history;
    after = Number(next);
  }
}

/** What a browser does to an open database, and what the store says; in a browser and on its double. */
export function describeFaults(): void {
  describe('a store whose database', () => {
    it('was opened by a newer version of the library says so, and leaves it alone', async () => {
      const name = newName();
      (await openRaw(name, SCHEMA_VERSION + 1)).close();
      const store = createIndexedDbStore({ name, persist: false });
      const fault = (await store.status())._unsafeUnwrapErr();
      expect(fault).toMatchObject({ kind: 'StoreTooNew', retry: 'never', message: expect.stringContaining('reload') });
      await store.close();
      await deleteDatabase(name);
    });

    it('is wanted by a newer version lets go of it, and asks for a reload from then on', async () => {
      const name = newName();
      const store = createIndexedDbStore({ name, persist: false });
      const ledger = createLedger({ store });
      (await ledger.execute(restockOf(3)))._unsafeUnwrap();
      const newer = await openRaw(name, SCHEMA_VERSION + 1);
      expect((await ledger.execute(saleOf(1)))._unsafeUnwrapErr().kind).toBe('StoreTooNew');
      newer.close();
      await ledger.close();
      await deleteDatabase(name);
    });

    it('was deleted while it was open is opened anew, and the loss is reported', async () => {
      const name = newName();
      const losses: Loss[] = [];
      const store = createIndexedDbStore({ name, persist: false, onLost: loss => losses.push(loss) });
      const ledger = createLedger({ store });
      (await ledger.execute(restockOf(3)))._unsafeUnwrap();
      const { incarnation } = (await store.status())._unsafeUnwrap();
      await deleteDatabase(name);
      expect((await ledger.journal())._unsafeUnwrap().items).toEqual([]);
      expect(losses).toEqual([{ incarnation, rebuilt: null }]);
      expect((await store.status())._unsafeUnwrap()).toMatchObject({ lost: losses[0], persisted: null });
      (await ledger.execute(restockOf(2)))._unsafeUnwrap();
      expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 1 });
      await ledger.close();
      await deleteDatabase(name);
    });

    it('is held by an older version is waited for, and then the fault says what to do', async () => {
      const name = newName();
      const { openDatabase } = await import('../src/open-database.ts');
      const old = await openRaw(name, 1);
      // A tab that was written before this library does not let go.
      const heard = nextBlocked();
      let late = () => {};
      const blocked = openDatabase({
        name,
        version: 2,
        create: () => undefined,
        timeoutMs: 1,
        setTimer: run => {
          late = run;
          return () => undefined;
        },
      });
      const fault = blocked.catch((error: unknown) => error as StoreFault);
      await heard;
      late();
      expect(await fault).toMatchObject({ kind: 'StoreBusy', message: expect.stringContaining('another tab') });
      old.close();
      await deleteDatabase(name);
    });
  });

  describe('a transaction', () => {
    it('is undone as a whole when its body throws after a part was asked for', async () => {
      const name = newName();
      const store = createIndexedDbStore({ name, persist: false });
      await store.status();
      const db = await openRaw(name, SCHEMA_VERSION);
      const failed = transact(db, ['meta'], 'readwrite', async open => {
        await open.results([open.store('meta').put({ key: 'half', value: 'x' })]);
        throw new Error('a bug');
      });
      await expect(failed).rejects.toMatchObject({ kind: 'StoreFailed' });
      const half = await transact(db, ['meta'], 'readonly', open => open.results([open.store('meta').get('half')]));
      expect(half).toEqual([undefined]);
      db.close();
      await store.close();
      await deleteDatabase(name);
    });
  });

  describe('two stores on one database', () => {
    it('hear of each other, so that what one watches follows what the other sells', async () => {
      const name = newName();
      const [till, office] = [0, 1].map(() => createLedger({ store: createIndexedDbStore({ name, persist: false }) }));
      if (till === undefined || office === undefined) throw new Error('two ledgers');
      (await till.execute(restockOf(5)))._unsafeUnwrap();
      const seen = new Promise<void>(resolve => {
        office.watch({ locationId: 'STORE' }, ({ balances }) => {
          if (balances[0]?.onHand === 5) void till.execute(saleOf(2));
          if (balances[0]?.onHand === 3) resolve();
        });
      });
      await seen;
      await Promise.all([till.close(), office.close()]);
      await deleteDatabase(name);
    });
  });

  describe('two stores that sell in turn', () => {
    it('each see what the other has sold, though they remember what they have seen', async () => {
      const name = newName();
      const policy = { floors: { STORE: 0 } };
      const ledgers = [0, 1].map(() => createLedger({ store: createIndexedDbStore({ name, persist: false }), policy }));
      const answers = [];
      for (let turn = 0; turn < 8; turn++) {
        const command = turn === 0 ? restockOf(5) : saleOf(1);
        const answer = await ledgers[turn % 2]?.execute(command);
        answers.push(
          answer?.match(
            ({ sequence }) => sequence,
            ({ kind }) => kind,
          ),
        );
      }
      expect(answers).toEqual([1, 2, 3, 4, 5, 6, 'StockInsufficient', 'StockInsufficient']);
      expect((await ledgers[0]?.verify())?._unsafeUnwrap()).toMatchObject({ ok: true, records: 6 });
      await Promise.all(ledgers.map(ledger => ledger.close()));
      await deleteDatabase(name);
    });
  });

  describe('a variant that moves often', () => {
    it('is known as of every sequence, near and far', async () => {
      const name = newName();
      const store = createIndexedDbStore({ name, persist: false });
      const ledger = createLedger({ store });
      (await ledger.execute(restockOf(100)))._unsafeUnwrap();
      for (let count = 0; count < 99; count++) (await ledger.execute(saleOf(1)))._unsafeUnwrap();
      const { variantId } = saleOf(1).lines[0];
      const onHand = [];
      for (let asOf = 1; asOf <= 100; asOf++)
        onHand.push((await ledger.balanceAt({ locationId: 'STORE', variantId, asOf }))._unsafeUnwrap().onHand);
      expect(onHand).toEqual(Array.from({ length: 100 }, (_, index) => 100 - index));
      expect(await historyOf(store, ledger.systemLocations.STORE, 7)).toEqual(
        onHand.map((value, index) => [index + 1, value]),
      );
      expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
      const db = await openRaw(name, SCHEMA_VERSION);
      const parts = await transact(db, ['pasts'], 'readonly', open => open.results([open.store('pasts').count()]));
      expect(parts[0]).toBeGreaterThan(3);
      db.close();
      await ledger.close();
      await deleteDatabase(name);
    });
  });
}
