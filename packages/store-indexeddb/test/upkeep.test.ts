import 'fake-indexeddb/auto';
import {
  createLedger,
  type LedgerStore,
  rebuild,
  restock,
  sale,
  startTracking,
  type Uuid,
  type Verification,
} from '@stockfold/core';
import { createIndexedDbStore } from '@stockfold/store-indexeddb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteDatabase, newName } from './open-store.ts';

const MUG = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '78194842-5f0f-11ec-bf63-0242ac130002' };
const BOWL = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '4066f6cc-623b-11ec-90d6-0242ac120003' };

let name: string;
let store: LedgerStore;
beforeEach(async () => {
  name = newName();
  store = createIndexedDbStore({ name, persist: false });
  await trade(store);
  await store.close();
});
afterEach(async () => {
  await store.close();
  await deleteDatabase(name);
});

/** 60 records: bowls come once, a mug comes and leaves again and again, so that its past has several parts. */
async function trade(store: LedgerStore): Promise<void> {
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, clock: () => 5 });
  const kind = 'RecordMovements' as const;
  const record = (command: object) => ledger.execute({ kind, id: ledger.newId(), ...command });
  const notes = [{ kind: 'hold', id: 'h1', body: { of: 'Ann' } }];
  await record({ tracking: [startTracking(MUG.productId)], lines: [restock('STORE', BOWL, 2)], notes });
  const rules = [{ ...BOWL, locationId: 'STORE', level: 5 }];
  await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules });
  for (let time = 0; time < 29; time++) {
    await record({ lines: [restock('STORE', MUG, 2)] });
    await record({ lines: [sale('STORE', MUG, 1)] });
  }
}

type Change = (row: Record<string, unknown>) => Record<string, unknown> | null;

/** Changes the rows of an object store behind the back of the library; null takes one away. */
async function damage(table: string, change: Change): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  await new Promise<void>((resolve, reject) => {
    const tx = db.transaction([table], 'readwrite');
    const request = tx.objectStore(table).openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) return;
      const changed = change(cursor.value);
      if (changed === null) cursor.delete();
      else cursor.update(changed);
      cursor.continue();
    };
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });
  db.close();
}

const only =
  (field: string, value: unknown, change: Change): Change =>
  row =>
    row[field] === value ? change(row) : row;
const edit =
  (fields: object): Change =>
  row => ({ ...row, ...fields });
const gone: Change = () => null;

const invariantsOf = ({ breaches }: Pick<Verification, 'breaches'>) => [
  ...new Set(breaches.map(breach => breach.invariant)),
];

/** Of mugs, after 29 come and 29 leave: locations SUPPLIER, STORE, SOLD. */
const DAMAGES: readonly (readonly [what: string, table: string, change: Change, found: readonly string[]])[] = [
  [
    'a balance that was edited',
    'variants',
    only('variantId', MUG.variantId, edit({ onHand: [-58, 30, 29] })),
    ['matchesJournal', 'conserves'],
  ],
  [
    'a variant whose row is gone',
    'variants',
    only('variantId', MUG.variantId, gone),
    ['matchesJournal', 'configAgrees'],
  ],
  ['a variant of another product', 'variants', edit({ productId: MUG.variantId }), ['configAgrees']],
  ['a part of the past that is gone', 'pasts', gone, ['asOfAgrees']],
  [
    'a part of the past that was edited',
    'pasts',
    row => ({ ...row, postings: (row.postings as number[]).map((number, index) => (index === 5 ? 99 : number)) }),
    ['asOfAgrees'],
  ],
  ['a head that is gone', 'heads', gone, ['sequenceIsDense', 'matchesJournal']],
  ['a head that is behind its journal', 'heads', edit({ sequence: 40 }), ['sequenceIsDense', 'matchesJournal']],
  ['a policy that was edited', 'heads', edit({ policy: { floors: {} } }), ['configAgrees']],
  ['a location that is gone', 'locations', only('type', 'BIN', gone), ['configAgrees']],
  ['a location of another name', 'locations', only('type', 'BIN', edit({ name: 'Bin' })), ['configAgrees']],
  ['tracking that was switched', 'products', edit({ tracked: false }), ['configAgrees']],
  ['a low-stock rule that was edited', 'lowStock', edit({ level: 4 }), ['configAgrees']],
  ['a low-stock rule that is gone', 'lowStock', gone, ['configAgrees']],
  ['a note that was edited', 'notes', edit({ body: {} }), ['notesAgree']],
  ['a note that is gone', 'notes', gone, ['notesAgree']],
];

describe('verify finds, and a rebuild mends', () => {
  it.each(DAMAGES)('%s', async (_, table, change, found) => {
    await damage(table, change);
    store = createIndexedDbStore({ name, persist: false });
    expect(invariantsOf((await createLedger({ store }).verify())._unsafeUnwrap())).toEqual(found);
    const { left } = (await rebuild({ store }))._unsafeUnwrap();
    expect(left).toEqual([]);
    await store.close();
    store = createIndexedDbStore({ name, persist: false });
    const ledger = createLedger({ store });
    (
      await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', MUG, 1)] })
    )._unsafeUnwrap();
    expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 61 });
    const names = (await ledger.locations())._unsafeUnwrap().map(location => location.name);
    expect(names).toEqual(['STORE', 'SUPPLIER', 'SOLD', 'BIN']);
  });

  it('nothing of an organization that never was', async () => {
    store = createIndexedDbStore({ name, persist: false });
    const organizationId = MUG.productId;
    expect((await createLedger({ store, organizationId }).verify())._unsafeUnwrap().ok).toBe(true);
    (await store.upkeep?.mendHead(organizationId as Uuid, []))?._unsafeUnwrap();
    expect((await createLedger({ store, organizationId }).verify())._unsafeUnwrap().ok).toBe(true);
  });
});

describe('verify finds, and a rebuild leaves', () => {
  it('a record that is gone', async () => {
    await damage('records', only('sequence', 30, gone));
    store = createIndexedDbStore({ name, persist: false });
    const { left } = (await rebuild({ store }))._unsafeUnwrap();
    expect(invariantsOf({ breaches: left })).toContain('sequenceIsDense');
  });

  it('a record that cannot be read', async () => {
    await damage('records', only('sequence', 30, edit({ events: '[' })));
    store = createIndexedDbStore({ name, persist: false });
    expect((await createLedger({ store }).verify())._unsafeUnwrapErr()).toMatchObject({
      message: 'record 30 is damaged',
    });
    expect((await rebuild({ store }))._unsafeUnwrapErr()).toMatchObject({ message: 'record 30 is damaged' });
  });
});

describe('a repair', () => {
  it('writes nothing when somebody has written since the journal was read', async () => {
    store = createIndexedDbStore({ name, persist: false });
    const { organizationId } = createLedger({ store });
    const none = { policy: undefined, locations: [], tracking: [], lowStock: [], notes: [], variants: [] };
    const mend = async (sequence: number) =>
      (await store.upkeep?.mend({ organizationId, sequence, ...none }))?._unsafeUnwrap();
    expect(await mend(59)).toBe('stale');
    expect(await mend(60)).toBe('mended');
  });
});
