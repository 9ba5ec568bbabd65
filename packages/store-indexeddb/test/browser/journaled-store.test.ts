import { createLedger } from '@stockfold/core';
import { createJournaledStore, type Loss } from '@stockfold/store-indexeddb';
import { describeLedger, describeLedgerStore } from '@stockfold/testing';
import { describe, expect, it } from 'vitest';
import { deleteDatabase, forget, newName } from '../open-store.ts';
import { MUG, restockOf, saleOf } from './shop.ts';

const newWorker = () => new Worker(new URL('./ledger-worker.ts', import.meta.url), { type: 'module' });

describeLedgerStore('IndexedDB behind a journal of files', {
  open: () => {
    const name = newName();
    const open = () => createJournaledStore({ name, worker: newWorker() });
    return { store: open(), reopen: open, dispose: () => forget(name) };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

describeLedger('on IndexedDB behind a journal of files', {
  open: options => {
    const name = newName();
    const store = createJournaledStore({ name, worker: newWorker() });
    return createLedger({ store: { ...store, close: () => store.close().map(() => forget(name)) }, ...options });
  },
  runner: { describe, it },
  numRuns: 3,
});

describe('a ledger whose database is gone', () => {
  it('is rebuilt from the journal, and says so', async () => {
    const name = newName();
    const first = createLedger({ store: createJournaledStore({ name, worker: newWorker() }) });
    for (const command of [restockOf(20), ...Array.from({ length: 40 }, () => saleOf(1)).slice(0, 15)])
      (await first.execute(command))._unsafeUnwrap();
    const alert = { variantId: MUG.variantId, productId: MUG.productId, alert: true };
    for (const rules of [
      [
        { ...alert, locationId: 'STORE', level: 5 },
        { ...alert, locationId: 'BIN', level: 1 },
      ],
      [{ ...alert, locationId: 'BIN', alert: false }],
    ])
      (await first.execute({ kind: 'SetLowStock', id: crypto.randomUUID(), rules }))._unsafeUnwrap();
    const before = (await first.balances())._unsafeUnwrap();
    await first.close();
    await deleteDatabase(name);

    const losses: Loss[] = [];
    const store = createJournaledStore({ name, worker: newWorker(), onLost: loss => losses.push(loss) });
    const again = createLedger({ store });
    expect((await again.balances())._unsafeUnwrap()).toEqual(before);
    expect(losses).toEqual([{ incarnation: expect.any(String), rebuilt: 18 }]);
    expect((await again.lowStock())._unsafeUnwrap().items).toMatchObject([{ level: 5 }]);
    expect((await again.trackedProducts())._unsafeUnwrap().items).toEqual([MUG.productId]);
    expect((await store.status())._unsafeUnwrap()).toMatchObject({
      lost: losses[0],
      incarnation: losses[0]?.incarnation,
    });
    expect((await again.verify())._unsafeUnwrap().ok).toBe(true);
    (await again.execute(saleOf(1)))._unsafeUnwrap();
    await again.close();
    await forget(name);
  });

  it('is rebuilt from the files of all tabs, also while others have it open', async () => {
    const name = newName();
    const ledgers = [1, 2, 3].map(() => createLedger({ store: createJournaledStore({ name, worker: newWorker() }) }));
    (await ledgers[0]?.execute(restockOf(100)))?._unsafeUnwrap();
    for (let round = 0; round < 10; round++)
      await Promise.all(ledgers.map(async ledger => (await ledger.execute(saleOf(1)))._unsafeUnwrap()));
    const before = (await ledgers[0]?.balances())?._unsafeUnwrap();
    // The tabs let go of a database that is being deleted, and open it again at their next call.
    await deleteDatabase(name);
    const after = await Promise.all(ledgers.map(async ledger => (await ledger.balances())._unsafeUnwrap()));
    expect(after).toEqual([before, before, before]);
    await Promise.all(ledgers.map(async ledger => (await ledger.execute(saleOf(1)))._unsafeUnwrap()));
    expect((await ledgers[1]?.verify())?._unsafeUnwrap()).toMatchObject({ ok: true, records: 34 });
    for (const ledger of ledgers) await ledger.close();
    await forget(name);
  });

  it('is rebuilt also when the journal is younger than the database', async () => {
    const name = newName();
    const { createIndexedDbStore } = await import('@stockfold/store-indexeddb');
    const plain = createLedger({ store: createIndexedDbStore({ name }) });
    (await plain.execute(restockOf(100)))._unsafeUnwrap();
    await plain.close();
    const first = createLedger({ store: createJournaledStore({ name, worker: newWorker() }) });
    (await first.execute(saleOf(1)))._unsafeUnwrap();
    const before = (await first.balances())._unsafeUnwrap();
    await first.close();
    await deleteDatabase(name);
    const again = createLedger({ store: createJournaledStore({ name, worker: newWorker() }) });
    expect((await again.balances())._unsafeUnwrap()).toEqual(before);
    expect((await again.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 2 });
    await again.close();
    await forget(name);
  });
});
