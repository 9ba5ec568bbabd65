import { DatabaseSync } from 'node:sqlite';
import { uuidV7, type Variant } from '@stockfold/core';

/** The reference: what it takes. */
export type PreparedInserts = Readonly<{ sell: (sold: readonly Variant[]) => void; close: () => void }>;

/**
 * The reference: one transaction of prepared statements a sale, on a file that a ledger has stocked. It writes the same
 * rows, flushes as often, and holds the floor; it knows the integers of variants and locations by heart.
 */
export function preparedInserts(path: string): PreparedInserts {
  const db = new DatabaseSync(path);
  db.exec('pragma journal_mode = wal; pragma synchronous = full');
  const head = db.prepare(`update stockfold_organization set sequence = sequence + 1, recorded_at = max(recorded_at, ?)
    returning organization, sequence, recorded_at`);
  const move = db.prepare(`insert into stockfold_balance values (?, ?, ?, ?)
    on conflict do update set on_hand = on_hand + excluded.on_hand returning on_hand`);
  const record = db.prepare('insert into stockfold_record values (?, ?, ?, ?, null, ?)');
  const post = db.prepare('insert into stockfold_posting values (?, ?, ?, ?, ?, ?)');
  const { variants, STORE, SOLD } = integersOf(db);

  const sell = (sold: readonly Variant[]): void => {
    db.exec('begin immediate');
    const { organization = 0, sequence = 0, recorded_at = 0 } = head.get(Date.now()) as Record<string, number>;
    const lines = sold.map(variant => ({ ...variant, from: STORE.id, to: SOLD.id, quantity: 1 }));
    const events = JSON.stringify([{ kind: 'MovementsRecorded', lines }]);
    record.run(organization, sequence, Buffer.from(uuidV7().replaceAll('-', ''), 'hex'), recorded_at, events);
    for (const { variantId } of sold) {
      const variant = variants.get(variantId) as number;
      for (const [{ location }, delta] of [
        [STORE, -1],
        [SOLD, 1],
      ] as const) {
        const { on_hand } = move.get(organization, variant, location, delta) as { on_hand: number };
        if (location === STORE.location && on_hand < 0) throw new Error('sold out');
        post.run(organization, variant, location, sequence, delta, on_hand);
      }
    }
    db.exec('commit');
  };
  return { sell, close: () => db.close() };
}

type Place = Readonly<{ location: number; id: string }>;

function integersOf(db: DatabaseSync): Readonly<{ variants: ReadonlyMap<string, number>; STORE: Place; SOLD: Place }> {
  const variants = db.prepare('select id, variant from stockfold_variant').all();
  const place = (type: string) =>
    db.prepare('select location, id from stockfold_location where type = ?').get(type) as unknown as Place;
  const integers = new Map(variants.map(({ id, variant }) => [String(id), Number(variant)]));
  return { variants: integers, STORE: place('STORE'), SOLD: place('SOLD') };
}
