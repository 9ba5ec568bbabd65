import {
  type BalanceQuery,
  type CommandId,
  createLedger,
  type History,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  type Page,
  restock,
  type Slice,
  type StoredPosting,
  type StoredRecord,
  sale,
  startTracking,
  stopTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { errAsync, okAsync, ResultAsync } from 'neverthrow';
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

const postings =
  (change: (items: readonly StoredPosting[]) => readonly StoredPosting[]) =>
  (store: LedgerStore): Partial<LedgerStore> => ({
    postings: query =>
      (store.postings as Exclude<LedgerStore['postings'], undefined>)({ ...query, after: 0, limit: 1_000 }).map(
        page => {
          const isMugs = query.variantId === MUG.variantId && query.locationId.slice(14, 16) === '81';
          const items = isMugs ? change(page.items) : page.items;
          return { ...page, items: items.filter(({ sequence }) => sequence > query.after).slice(0, query.limit) };
        },
      ),
  });

/** What `verify` says of the postings of mugs in the STORE: 3 after sequence 1, 2 after sequence 2. */
const pastOf = async (change: (items: readonly StoredPosting[]) => readonly StoredPosting[]) => {
  const { breaches } = (await (await damaged(postings(change))).verify())._unsafeUnwrap();
  return breaches.map(breach =>
    breach.invariant === 'asOfAgrees' ? [breach.sequence, breach.folded, breach.stored] : [breach.invariant],
  );
};

describe('verify finds in the past of a balance', () => {
  it('a number that was edited', async () => {
    expect(await pastOf(items => items.map(item => ({ ...item, onHand: 7 })))).toEqual([[1, 3, 7]]);
  });

  it('a record that left nothing: what was before answers for it', async () => {
    expect(await pastOf(items => items.slice(0, 1))).toEqual([[2, 2, 3]]);
    expect(await pastOf(items => items.slice(1))).toEqual([[1, 3, 0]]);
    expect(await pastOf(() => [])).toEqual([[1, 3, 0]]);
  });

  it('a number between two records, and behind the last', async () => {
    expect(await pastOf(items => [{ sequence: 0.5, onHand: 9 }, ...items])).toEqual([[0.5, 0, 9]]);
    expect(await pastOf(items => [...items, { sequence: 3, onHand: 9 }])).toEqual([[3, 2, 9]]);
  });

  it('nothing that others have written since', async () => {
    expect(await pastOf(items => [...items, { sequence: 4, onHand: 9 }])).toEqual([]);
  });

  it('nothing that is right when it is read again', async () => {
    let reads = 0;
    expect(await pastOf(items => (reads++ === 0 ? [] : items))).toEqual([]);
  });

  it('a number that was edited, though the end of the journal is gone', async () => {
    const edited = postings(items => items.map(item => ({ ...item, onHand: 7 })));
    const short = records(items => items.slice(0, -1));
    const { breaches } = (
      await (await damaged(store => ({ ...short(store), ...edited(store) }))).verify()
    )._unsafeUnwrap();
    expect(breaches).toContainEqual(expect.objectContaining({ invariant: 'asOfAgrees', sequence: 1, stored: 7 }));
  });

  it('a number behind the last, though the end of the journal is gone', async () => {
    const more = postings(items => [...items, { sequence: 3, onHand: 9 }]);
    const short = records(items => items.slice(0, -1));
    const { breaches } = (
      await (await damaged(store => ({ ...short(store), ...more(store) }))).verify()
    )._unsafeUnwrap();
    expect(breaches).toContainEqual(expect.objectContaining({ invariant: 'asOfAgrees', sequence: 3, stored: 9 }));
  });

  it('a number of two balances of a variant', async () => {
    const both = (store: LedgerStore): Partial<LedgerStore> => ({
      postings: query =>
        (store.postings as Exclude<LedgerStore['postings'], undefined>)(query).map(page => ({
          ...page,
          items: page.items.map(item => ({ ...item, onHand: item.onHand + 1 })),
        })),
    });
    const { breaches } = (await (await damaged(both)).verify())._unsafeUnwrap();
    // Two variants at three locations each.
    expect(breaches.map(breach => breach.invariant)).toEqual(Array(6).fill('asOfAgrees'));
  });

  it('nothing where a store keeps no history', async () => {
    expect(await found(() => ({ postings: undefined as never }))).toEqual({ ok: true, kinds: [] });
  });
});

const slices =
  (change: (slice: Slice) => Partial<Slice>) =>
  (store: LedgerStore): Partial<LedgerStore> => ({
    load: (...question) =>
      store.load(...question).map(loaded => ({ ...loaded, slice: { ...loaded.slice, ...change(loaded.slice) } })),
  });

describe('verify finds in the configuration', () => {
  it.each<[string, (slice: Slice) => Partial<Slice>, unknown]>([
    [
      'a floor',
      () => ({ policy: { floors: { STORE: 0, BIN: 1 } } }),
      ['policy', '[["floors",[["STORE",0]]]]', '[["floors",[["BIN",1],["STORE",0]]]]'],
    ],
    ['tracking', () => ({ tracked: new Set() }), ['tracking', 'true', 'false']],
    [
      "a variant's product",
      ({ productOf }) => ({ productOf: new Map([...productOf].slice(1)) }),
      ['product of variant', JSON.stringify(MUG.productId), null],
    ],
    [
      'a location',
      ({ locations }) => ({ locations: new Map([...locations].slice(1)) }),
      ['location', '{"type":"STORE","name":"STORE","system":true}', null],
    ],
  ])('%s that is another', async (_, change, expected) => {
    const { breaches } = (await (await damaged(slices(change))).verify())._unsafeUnwrap();
    expect(
      breaches.map(breach => breach.invariant === 'configAgrees' && [breach.what, breach.folded, breach.stored]),
    ).toEqual([expected]);
  });

  it('a location that no record has opened', async () => {
    const van = { id: numberedId(0xe, 1), type: 'TRANSIT', name: 'Van', system: false } as const;
    const opened = (store: LedgerStore): Partial<LedgerStore> => ({
      ...slices(({ locations }) => ({ locations: new Map([...locations, [van.id, van]]) }))(store),
      locations: organizationId => store.locations(organizationId).map(locations => [...locations, van]),
    });
    expect(await found(opened)).toEqual({ ok: false, kinds: ['configAgrees'] });
  });

  it.each([1, 2])('a line of record %i under another product than the other line of the variant', async sequence => {
    const other = records(items =>
      items.map(item => ({
        ...item,
        events: item.events.map(event =>
          event.kind === 'MovementsRecorded' && item.sequence === sequence
            ? { ...event, lines: event.lines.map(line => ({ ...line, productId: numberedId(0xb, 9) })) }
            : event,
        ),
      })),
    );
    expect(await found(other)).toEqual({ ok: false, kinds: ['configAgrees'] });
  });

  it('nothing in a change that came while it was compared', async () => {
    const inner = createMemoryStore();
    const writer = createLedger({ store: inner });
    const track = (number: number) =>
      writer.execute({
        kind: 'RecordMovements',
        id: writer.newId(),
        tracking: [startTracking(numberedId(0xb, number))],
      });
    const stop = (number: number) =>
      writer.execute({
        kind: 'RecordMovements',
        id: writer.newId(),
        tracking: [stopTracking(numberedId(0xb, number))],
      });
    await track(1);
    let loads = 0;
    const meanwhile = async (isAsked: boolean) => {
      if (isAsked) loads += 1;
      if (isAsked && loads <= 3) await (loads % 2 === 1 ? stop(1) : track(1));
    };
    const busy: LedgerStore = {
      ...inner,
      // Each time rows are asked for, tracking has just been switched.
      load: (organizationId, keys, ids) =>
        ResultAsync.fromSafePromise(meanwhile(keys.products.length > 0)).andThen(() =>
          inner.load(organizationId, keys, ids),
        ),
    };
    expect((await createLedger({ store: busy }).verify())._unsafeUnwrap().breaches).toEqual([]);
    expect(loads).toBe(4);
  });

  it('a store that never comes to rest', async () => {
    let version = 0;
    const restless = slices(() => ({ tracked: new Set(), configVersion: version++ }));
    expect(await found(restless)).toEqual({ ok: false, kinds: ['configAgrees'] });
  });
});

describe('verify finds by the id of a command', () => {
  const known =
    (change: (records: readonly StoredRecord[]) => readonly StoredRecord[]) =>
    (store: LedgerStore): Partial<LedgerStore> => ({
      load: (...question) => store.load(...question).map(loaded => ({ ...loaded, known: change(loaded.known) })),
    });
  const sequencesFound = async (damage: (store: LedgerStore) => Partial<LedgerStore>) => {
    const { breaches } = (await (await damaged(damage)).verify())._unsafeUnwrap();
    return breaches.map(breach => breach.invariant === 'recordsOnce' && breach.sequences);
  };

  it('a record that a retry would not find', async () => {
    expect(await sequencesFound(known(items => items.filter(({ sequence }) => sequence !== 2)))).toEqual([[2]]);
  });

  it('two records under one id, whichever of them is found, or both', async () => {
    const twice = (items: readonly StoredRecord[]) =>
      items.map(item => (item.sequence === 3 ? { ...item, commandId: numberedId(0xd, 2) as CommandId } : item));
    const journal = records(twice);
    const finding = (sequences: readonly number[]) => (store: LedgerStore) => ({
      ...journal(store),
      load: (...question: Parameters<LedgerStore['load']>) =>
        store.load(...question).andThen(loaded =>
          store.journal({ organizationId: question[0], after: 0, limit: 9 }).map(page => ({
            ...loaded,
            known: twice(page.items).filter(
              ({ sequence, commandId }) =>
                question[2].includes(commandId) && (sequence === 1 || sequences.includes(sequence)),
            ),
          })),
        ),
    });
    for (const sequences of [[2], [3], [2, 3]]) expect(await sequencesFound(finding(sequences))).toEqual([[2, 3]]);
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

  it('takes histories in stretches of any length, also of none', async () => {
    const store = createSqliteStore({ path: ':memory:' });
    const ledger = createLedger({ store });
    const move = (id: number, ...lines: readonly MovementLineInput[]) =>
      ledger.execute({
        kind: 'RecordMovements',
        id: numberedId(0xd, id),
        tracking: [startTracking(MUG.productId)],
        lines,
      });
    await move(1, restock('STORE', MUG, 5));
    await move(2, sale('STORE', MUG, 2));
    const cut = (history: History): readonly History[] =>
      [
        [0, 1],
        [1, 1],
        [1, 9],
      ].map(([start, end]) => ({
        ...history,
        sequences: history.sequences.slice(start, end),
        onHand: history.onHand.slice(start, end),
        deltas: history.deltas?.slice(start, end),
      }));
    const histories: LedgerStore['histories'] = query =>
      store.histories?.(query).map(page => ({ ...page, items: page.items.flatMap(cut) })) ?? expect.unreachable();
    const inPieces = createLedger({ store: { ...store, histories } });
    expect((await inPieces.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 2, breaches: [] });
    await store.close();
  });

  it.each(['balances', 'journal', 'load', 'postings', 'locations'] as const)(
    'gives the fault of %s when it fails',
    async call => {
      const fault = storeFault('StoreUnavailable', 'gone');
      const ledger = await damaged(() => ({ [call]: () => errAsync(fault) }));
      expect((await ledger.verify())._unsafeUnwrapErr()).toEqual(fault);
    },
  );

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
