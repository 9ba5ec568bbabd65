import {
  type BalanceQuery,
  createLedger,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  type Page,
  restock,
  type StoredRecord,
  sale,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const BOWL = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };

/** A ledger of three records, on a store whose reads are damaged afterwards. */
async function damaged(damage: (store: LedgerStore) => Partial<LedgerStore>): Promise<Ledger> {
  const store = createMemoryStore();
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, clock: () => 5 });
  const record = (id: number, lines: readonly MovementLineInput[]) =>
    ledger.execute({
      kind: 'RecordMovements',
      id: numberedId(0xd, id),
      tracking: [startTracking(MUG.productId)],
      lines,
    });
  await record(1, [restock('STORE', MUG, 3), restock('STORE', BOWL, 3)]);
  await record(2, [sale('STORE', MUG, 1)]);
  await record(3, [sale('STORE', BOWL, 1)]);
  return createLedger({ store: { ...store, ...damage(store) } });
}

const balances =
  (change: (page: Page<never>) => Page<never>) =>
  (store: LedgerStore): Partial<LedgerStore> => ({
    balances: query => store.balances(query).map(page => change(page as Page<never>)),
  });

const records =
  (change: (items: readonly StoredRecord[]) => readonly StoredRecord[]) =>
  (store: LedgerStore): Partial<LedgerStore> => ({
    journal: query =>
      store.journal({ ...query, after: 0, limit: 1_000 }).map(page => {
        const items = change(page.items).filter(({ sequence }) => sequence > query.after);
        return { ...page, items: items.slice(0, query.limit) };
      }),
  });

const found = async (damage: (store: LedgerStore) => Partial<LedgerStore>) => {
  const { ok, breaches } = (await (await damaged(damage)).verify())._unsafeUnwrap();
  return { ok, kinds: [...new Set(breaches.map(breach => breach.invariant))] };
};

describe('verify finds', () => {
  it('nothing where nothing is wrong', async () => {
    expect(await found(() => ({}))).toEqual({ ok: true, kinds: [] });
  });

  it('a balance that was edited', async () => {
    const edit = balances(page => ({
      ...page,
      items: page.items.map((item: object, index) => (index === 0 ? { ...item, onHand: 100 } : item) as never),
    }));
    expect(await found(edit)).toEqual({ ok: false, kinds: ['matchesJournal', 'conserves'] });
  });

  it('two balances that were edited so that they still add up to zero', async () => {
    const edit = balances(page => ({
      ...page,
      items: page.items.map(
        (item: { onHand: number }, index) =>
          (index < 2 ? { ...item, onHand: item.onHand + (index === 0 ? 1 : -1) } : item) as never,
      ),
    }));
    expect(await found(edit)).toEqual({ ok: false, kinds: ['matchesJournal'] });
  });

  it('a balance that is gone', async () => {
    const gone = (store: LedgerStore): Partial<LedgerStore> => ({
      balances: query => store.balances(query).map(page => ({ ...page, items: page.items.slice(1) })),
    });
    expect(await found(gone)).toEqual({ ok: false, kinds: ['matchesJournal', 'conserves'] });
  });

  it('a record that is gone from the middle', async () => {
    const gone = records(items => items.filter(({ sequence }) => sequence !== 2));
    expect(await found(gone)).toEqual({ ok: false, kinds: ['sequenceIsDense', 'matchesJournal'] });
  });

  it('a record that is gone from the end', async () => {
    const gone = records(items => items.slice(0, -1));
    expect((await found(gone)).kinds).toContain('sequenceIsDense');
  });

  it('a record that was written twice', async () => {
    const twice = records(items =>
      items.map(item => (item.sequence === 3 ? { ...item, commandId: numberedId(0xd, 2) } : item)),
    );
    expect(await found(twice)).toEqual({ ok: false, kinds: ['recordsOnce'] });
  });

  it('a clock that went back', async () => {
    const back = records(items => items.map(item => (item.sequence === 3 ? { ...item, recordedAt: 4 } : item)));
    expect(await found(back)).toEqual({ ok: false, kinds: ['sequenceIsDense'] });
  });

  it('a sale below the floor', async () => {
    const more = records(items =>
      items.map(item => ({
        ...item,
        events: item.events.map(event =>
          event.kind === 'MovementsRecorded' && item.sequence === 2
            ? { ...event, lines: event.lines.map(line => ({ ...line, quantity: 9 as typeof line.quantity })) }
            : event,
        ),
      })),
    );
    expect((await found(more)).kinds).toContain('keepsFloor');
  });
});

describe('verify', () => {
  it('is right while others write: balances that come after their page are asked for by name', async () => {
    const store = createMemoryStore();
    const writer = createLedger({ store });
    const at = (number: number) => ({ productId: numberedId(0xb, 1), variantId: numberedId(0xc, number) });
    const write = (number: number) =>
      writer.execute({
        kind: 'RecordMovements',
        id: numberedId(0xd, number),
        tracking: [startTracking(MUG.productId)],
        lines: [restock('STORE', at(number), 1)],
      });
    for (let number = 1_000; number < 1_600; number++) await write(number);
    let pages = 0;
    const busy: LedgerStore = {
      ...store,
      balances: (query: BalanceQuery) =>
        // After the first page two more variants come: one before it in the order, one behind.
        store.balances(query).andThen(page => {
          pages += 1;
          if (pages > 1) return okAsync(page);
          return write(1)
            .andThen(() => write(9_000))
            .map(() => page)
            .mapErr(() => storeFault('StoreFailed', 'write'));
        }),
    };
    const verified = (await createLedger({ store: busy }).verify())._unsafeUnwrap();
    expect(verified).toEqual({ ok: true, records: 602, balances: 1_204, breaches: [] });
    expect(pages).toBe(4);
  });

  it.each(['balances', 'journal'] as const)('gives the fault when the %s cannot be read', async call => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const ledger = await damaged(() => ({ [call]: () => errAsync(fault) }));
    expect((await ledger.verify())._unsafeUnwrapErr()).toEqual(fault);
  });

  it('gives the fault when the end of the journal cannot be read', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const ledger = await damaged(store => ({
      journal: query => (query.after === 3 ? errAsync(fault) : store.journal(query)),
    }));
    expect((await ledger.verify())._unsafeUnwrapErr()).toEqual(fault);
  });

  it('gives the fault when a balance cannot be asked for by name', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const ledger = await damaged(store => ({
      balances: query =>
        query.variantIds === undefined ? store.balances(query).map(page => ({ ...page, items: [] })) : errAsync(fault),
    }));
    expect((await ledger.verify())._unsafeUnwrapErr()).toEqual(fault);
  });
});
