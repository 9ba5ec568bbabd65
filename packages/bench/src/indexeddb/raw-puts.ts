import { uuidV7, type Variant } from '@stockfold/core';

/** The reference: what it takes. */
export type RawPuts = Readonly<{
  sell: (sold: readonly Variant[]) => Promise<void>;
  /** All balances at STORE, by one `getAll`. */
  readAll: () => Promise<readonly unknown[]>;
  close: () => void;
}>;

type Head = { organizationId: string; sequence: number; recordedAt: number };
type Row = {
  organizationId: string;
  variantId: string;
  productId: string;
  locations: string[];
  onHand: number[];
  past: { base: number[]; postings: number[] };
};

/**
 * The reference: one transaction of raw puts a sale, in a database that a ledger has stocked. It writes the same
 * records with the same durability, and holds the floor; it knows all rows by heart, and that nobody else writes.
 */
export async function rawPuts(name: string, locations: Readonly<{ STORE: string; SOLD: string }>): Promise<RawPuts> {
  const db = await resultOf(indexedDB.open(name));
  const variants = await resultOf<Row[]>(db.transaction('variants').objectStore('variants').getAll());
  const rows = new Map(variants.map(row => [row.variantId, row]));

  const sell = async (sold: readonly Variant[]): Promise<void> => {
    const tx = db.transaction(['heads', 'variants', 'pasts', 'records'], 'readwrite', { durability: 'strict' });
    const [head] = (await resultOf(tx.objectStore('heads').getAll())) as [Head];
    const { organizationId, sequence } = { ...head, sequence: head.sequence + 1 };
    const recordedAt = Math.max(head.recordedAt, Date.now());
    const store = tx.objectStore('variants');
    for (const { variantId } of sold) {
      const row = rows.get(variantId) as Row;
      if (row.past.postings.length >= 96) {
        tx.objectStore('pasts').put({ organizationId, variantId, ...row.past, last: row.past.postings.at(-3) });
        row.past = { base: [...row.onHand], postings: [] };
      }
      move(row, locations.STORE, -1, sequence);
      move(row, locations.SOLD, 1, sequence);
      store.put(row);
    }
    const lines = sold.map(variant => ({ ...variant, from: locations.STORE, to: locations.SOLD, quantity: 1 }));
    const events = JSON.stringify([{ kind: 'MovementsRecorded', lines }]);
    const record = { organizationId, sequence, commandId: uuidV7(), recordedAt, externalUuid: null, events };
    tx.objectStore('records').put(record);
    tx.objectStore('heads').put({ ...head, sequence, recordedAt });
    tx.commit();
    await new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error);
    });
  };
  const readAll = () => resultOf(db.transaction('variants').objectStore('variants').getAll());
  return { sell, readAll, close: () => db.close() };
}

function move(row: Row, locationId: string, delta: number, sequence: number): void {
  let place = row.locations.indexOf(locationId);
  if (place < 0) place = row.locations.push(locationId) - 1;
  const onHand = (row.onHand[place] ?? 0) + delta;
  if (delta < 0 && onHand < 0) throw new Error('sold out');
  row.onHand[place] = onHand;
  row.past.postings.push(sequence, place, onHand);
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
