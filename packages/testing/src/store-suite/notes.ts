import type { Commit, JsonValue, LedgerStore, Note, NoteChange, NoteQuery } from '@stockfold/core';
import { answerOf, assertEqual, assertTrue } from './assert.ts';
import { type CommitMore, commitOf, type RecordDraft } from './commit-of.ts';
import { countOf, race } from './concurrency.ts';
import { committed, onHandOf, openShop, recordsOf, stale, viewOf } from './read-store.ts';
import { commandId, foundingOf, keyOf, MUG, moving, NEIGHBOUR, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const WRITERS = 20;
const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];
const KEYS = { balances: [], locations: [], products: [], variants: [] };

/** What notes promise: rows of a caller's own, written with the commit or not at all, each guarded by its sequence. */
export function describeNotes({ describe, it, supports }: Suite): void {
  describe('notes', () => {
    it('are none where nothing was recorded', async ({ store }) => {
      const page = await answerOf(store.notes({ organizationId: SHOP, kind: 'hold', limit: 10 }));
      assertEqual(page, { items: [], next: null, asOf: 0 }, 'the page');
    });

    it('are kept as they were written, with the sequence of their record', async ({ store }) => {
      await openShop(store, 3);
      const drafts = [3, 4].map(number => ({ commandId: commandId(number), lines: [] }));
      const notes = BODIES.map((body, record) => writing(`n${10 + record}`, body, record % 2));
      await committed(store, notingOf(drafts, notes));
      const kept = BODIES.map((body, record) => ({ ...named(`n${10 + record}`), body, sequence: 3 + (record % 2) }));
      assertEqual(await notesOf(store), kept, 'the notes');
      const page = await answerOf(store.notes({ organizationId: SHOP, kind: 'hold', limit: 1 }));
      assertEqual([page.next, page.asOf], ['n10', 4], 'where the page ends');
      assertEqual((await viewOf(store)).slice.configVersion, 1, 'the version of the configuration');
    });

    it('are written over, and taken away by a body of null', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, notingOf(3, [writing('a', 1), writing('b', 2)]));
      await committed(store, notingOf(4, [writing('a', { n: 3 }), writing('b', null), writing('never', null)]));
      assertEqual(await notesOf(store), [{ ...named('a'), body: { n: 3 }, sequence: 4 }], 'the notes');
    });

    for (const [expected, on, kind] of GUARDED)
      it(`are written when ${on} was written last at ${expected}: ${kind}`, async ({ store }) => {
        await openShop(store, 3);
        await committed(store, notingOf(3, [writing('a', 1)]));
        const answer = await answerOf(store.commit(notingOf(4, [writing(on, 2, 0, expected)])));
        assertEqual(answer.kind, kind, 'the answer');
        const after =
          kind === 'stale'
            ? [['a', 3]]
            : on === 'a'
              ? [['a', 4]]
              : [
                  ['a', 3],
                  ['b', 4],
                ];
        assertEqual(
          (await notesOf(store)).map(({ id, sequence }) => [id, sequence]),
          after,
          'the notes',
        );
      });

    it('are not there any more for a guard once they were taken away', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, notingOf(3, [writing('a', 1)]));
      await committed(store, notingOf(4, [writing('a', null, 0, 3)]));
      await stale(store, notingOf(5, [writing('a', 2, 0, 3)]));
      await committed(store, notingOf(5, [writing('a', 2, 0, 0)]));
      assertEqual(await notesOf(store), [{ ...named('a'), body: 2, sequence: 5 }], 'the note');
    });

    it('stay as they are when they are only expected', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, notingOf(3, [writing('a', 1)]));
      const lines = [{ commandId: commandId(4), lines: SALE }];
      await committed(store, commitOf(lines, { notes: [{ ...named('a'), ifSequence: 3 }] }));
      const late = commitOf([{ commandId: commandId(5), lines: SALE }], { notes: [{ ...named('a'), ifSequence: 4 }] });
      assertEqual((await stale(store, late)).before, [2, 1], 'the balances as they are');
      assertEqual(await notesOf(store), [{ ...named('a'), body: 1, sequence: 3 }], 'the note');
      assertEqual(await onHandOf(store, MUG, 'STORE'), 2, 'on the shelf');
    });

    for (const [why, more] of REFUSED)
      it(`are not written, and nothing else is, by a commit ${why}`, async ({ store }) => {
        await openShop(store, 3);
        await committed(store, notingOf(3, [writing('a', 1), writing('b', 1)]));
        const before = await viewOf(store);
        const config = [{ kind: 'Policy', policy: { floors: { BIN: 7 } } } as const];
        const notes = [writing('a', 2), writing('b', null), writing('c', 3)];
        const commit = notingOf([{ commandId: commandId(4), lines: SALE }], notes, { config });
        const { kind, ...spoilt } = { ...commit, ...more, notes: [...notes, ...(more.notes ?? [])] };
        assertEqual((await answerOf(store.commit(spoilt))).kind, kind, 'the answer');
        assertEqual(await viewOf(store), before, 'the store');
      });

    it('are not written again by a commit that is in the journal', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, notingOf(3, [writing('a', 1, 0, 0)]));
      const again = await answerOf(store.commit(notingOf(3, [writing('a', 2, 0, 0)])));
      assertEqual(again.kind, 'known', 'the answer');
      assertEqual(await notesOf(store), [{ ...named('a'), body: 1, sequence: 3 }], 'the note');
    });

    it('come with a load, those that were asked for and no others', async ({ store }) => {
      await openShop(store, 3);
      await committed(
        store,
        notingOf(3, [writing('a', { n: [1] }), writing('b', 2), { ...writing('a', 9), kind: 'count' }]),
      );
      const load = async (...notes: readonly ReturnType<typeof named>[]) => {
        const { slice } = await answerOf(store.load(SHOP, { ...KEYS, notes }, []));
        return [...(slice.notes ?? [])].flatMap(([kind, found]) =>
          [...found].map(([id, { body, sequence }]) => [kind, id, body, sequence]),
        );
      };
      const a = ['hold', 'a', { n: [1] }, 3];
      assertEqual(await load(named('a'), named('never')), [a], 'one of two');
      const both = await load(named('a'), { kind: 'count', id: 'a' });
      assertEqual(new Set(both), new Set([a, ['count', 'a', 9, 3]]), 'one of each kind');
      const { slice } = await answerOf(store.load(SHOP, KEYS, []));
      assertEqual(slice.notes?.size ?? 0, 0, 'notes that nobody asked for');
      const before = (await answerOf(store.load(SHOP, { ...KEYS, notes: [named('a')] }, []))).slice.notes;
      await committed(store, notingOf(4, [writing('a', null)]));
      assertEqual(before?.get('hold')?.get('a')?.sequence, 3, 'what was loaded before');
    });

    it('give bodies that a caller cannot change in the store', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, notingOf(3, [writing('a', { n: 1 })]));
      for (const { body } of await notesOf(store)) (body as { n: number }).n = 2;
      assertEqual((await notesOf(store))[0]?.body, { n: 1 }, 'the body');
    });

    it('come in the order of the bytes of their ids, page by page', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, notingOf(3, [...IDS.map(id => writing(id, id)), { ...writing('a', 0), kind: 'count' }]));
      const sorted = [...IDS].sort();
      assertEqual(await idsOf(store), sorted, 'all of them');
      for (const limit of [1, 2, 5]) {
        const paged: string[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = await answerOf(store.notes({ organizationId: SHOP, kind: 'hold', cursor, limit }));
          assertTrue(page.items.length <= limit, `a page of ${limit} has ${page.items.length}`);
          paged.push(...page.items.map(({ id }) => id));
          if (page.next === null) break;
          cursor = page.next;
        }
        assertEqual(paged, sorted, `the pages of ${limit}`);
      }
    });

    it('are found by what their ids begin with, whatever signs are in it', async ({ store }) => {
      await openShop(store, 3);
      await committed(
        store,
        notingOf(
          3,
          IDS.map(id => writing(id, id)),
        ),
      );
      for (const prefix of [...IDS, 'a-', 'aaa', '~~~'])
        assertEqual(
          await idsOf(store, { prefix }),
          IDS.filter(id => id.startsWith(prefix)).sort(),
          `those with ${prefix}`,
        );
      const after = { prefix: 'a', cursor: 'a%' };
      const expected = IDS.filter(id => id.startsWith('a') && id > 'a%').sort();
      assertEqual(await idsOf(store, after), expected, 'those after a cursor');
      assertEqual(await idsOf(store, { prefix: 'a', cursor: 'b' }), [], 'those after the last');
      assertEqual(await idsOf(store, { prefix: 'b', cursor: 'a' }), ['b'], 'those after a cursor before the first');
    });

    it('are of their organization alone', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, foundingOf(NEIGHBOUR));
      await committed(store, notingOf(3, [writing('a', 1), writing('b', 1)]));
      const other = { organizationId: NEIGHBOUR };
      await committed(store, notingOf(2, [writing('a', 2, 0, 0)], other));
      await committed(store, notingOf(3, [writing('a', 3, 0, 2), writing('b', null)], other));
      assertEqual(
        (await notesOf(store)).map(({ body, sequence }) => [body, sequence]),
        [
          [1, 3],
          [1, 3],
        ],
        'of the shop',
      );
      assertEqual(await notesOf(store, other), [{ ...named('a'), body: 3, sequence: 3 }], 'those of the neighbour');
      const { slice } = await answerOf(store.load(NEIGHBOUR, { ...KEYS, notes: [named('b')] }, []));
      assertEqual(slice.notes?.get('hold')?.get('b'), undefined, 'what the neighbour loads');
    });

    it('let one of many writers through who all expect the same', async ({ store }) => {
      await openShop(store, 3);
      await claim([store]);
    });

    if (supports.severalHandles)
      it('let one of many writers through, whichever store they use', async ({ store, reopen }) => {
        await openShop(store, 3);
        await claim([store, await reopen()]);
      });

    if (supports.durable)
      it('are there after close and reopen', async ({ store, reopen }) => {
        await openShop(store, 3);
        await committed(store, notingOf(3, [writing('a', { n: 1 }), writing('b', 2)]));
        await committed(store, notingOf(4, [writing('b', null)]));
        const before = await notesOf(store);
        await answerOf(store.close());
        const next = await reopen();
        assertEqual(await notesOf(next), before, 'the notes');
        await stale(next, notingOf(5, [writing('a', 2, 0, 4)]));
        await committed(next, notingOf(5, [writing('a', 2, 0, 3)]));
      });
  });
}

const BODIES: readonly JsonValue[] = [
  { open: true, lines: [{ quantity: 3, at: 'é ☕ "\\' }], until: null },
  [],
  {},
  'text',
  '',
  false,
  0,
  -1.5e-7,
  1e21,
  Number.MAX_SAFE_INTEGER,
  [[[[[[[[1]]]]]]]],
];

// Signs that mean something in a pattern, and letters of both cases.
const IDS = ['a', 'A', 'b', 'a-1', 'a_1', 'a%', 'a%b', 'ab', 'aB', 'a\\', 'a*', 'a?', '~', ' ', '0', '10', '2', '~~'];

const GUARDED: readonly (readonly [expected: number, on: string, kind: 'committed' | 'stale'])[] = [
  [3, 'a', 'committed'],
  [2, 'a', 'stale'],
  [4, 'a', 'stale'],
  [0, 'a', 'stale'],
  [0, 'b', 'committed'],
  [3, 'b', 'stale'],
];

const REFUSED: readonly (readonly [why: string, more: Partial<Commit> & Readonly<{ kind: string }>])[] = [
  ['whose last note was written by another', { kind: 'stale', notes: [{ ...named('d'), ifSequence: 2 }] }],
  ['that was decided on another configuration', { kind: 'configChanged', configVersion: 7 }],
  ['that takes too much from the shelf', { kind: 'stale', balances: [shelf()] }],
];

/** The balance of the shelf with a guard that does not hold. */
function shelf(): Commit['balances'][number] {
  return { key: keyOf(MUG, 'STORE'), productId: MUG.productId, delta: -1, min: 4 };
}

function named(id: string): Readonly<{ kind: string; id: string }> {
  return { kind: 'hold', id };
}

/** A hold that says something from a record on. */
function writing(id: string, body: JsonValue, record = 0, ifSequence?: number): NoteChange {
  return { ...named(id), write: { body, record }, ...(ifSequence === undefined ? {} : { ifSequence }) };
}

/** A commit that writes notes: of one command that moves nothing, when only its number is given. */
function notingOf(of: number | readonly RecordDraft[], notes: readonly NoteChange[], more: CommitMore = {}): Commit {
  const commit = commitOf(typeof of === 'number' ? [{ commandId: commandId(of), lines: [] }] : of, { ...more, notes });
  const written = (record: number) =>
    notes.flatMap(({ kind, id, write }) => (write?.record === record ? [{ kind, id, body: write.body }] : []));
  return {
    ...commit,
    records: commit.records.map(({ events, ...record }, index) => ({
      ...record,
      events: [...events, { kind: 'NotesWritten', notes: written(index) }],
    })),
  };
}

async function notesOf(store: LedgerStore, query: Partial<NoteQuery> = {}): Promise<readonly Note[]> {
  return (await answerOf(store.notes({ organizationId: SHOP, kind: 'hold', limit: 1_000, ...query }))).items;
}

async function idsOf(store: LedgerStore, query: Partial<NoteQuery> = {}): Promise<readonly string[]> {
  return (await notesOf(store, query)).map(({ id }) => id);
}

/** Many want the same note, and each sells a mug with it. */
async function claim(stores: readonly LedgerStore[]): Promise<void> {
  const [store] = stores as readonly [LedgerStore];
  const kinds = await race(stores, WRITERS, number =>
    notingOf([{ commandId: commandId(100 + number), lines: SALE }], [writing('a', number, 0, 0)]),
  );
  assertEqual([countOf(kinds, 'committed'), countOf(kinds, 'stale')], [1, WRITERS - 1], 'the answers');
  assertEqual(
    (await notesOf(store)).map(({ sequence }) => sequence),
    [3],
    'the note',
  );
  assertEqual(await onHandOf(store, MUG, 'STORE'), 2, 'on the shelf');
  assertEqual((await recordsOf(store)).length, 3, 'records');
}
