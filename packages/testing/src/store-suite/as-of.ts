import { asOfAgrees, type History, type LedgerStore } from '@stockfold/core';
import type { WorldVariant } from '../arbitraries/world.ts';
import { answerOf, assertEqual, assertTrue } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { balancesOf, committed, openShop, recordsOf } from './read-store.ts';
import { commandId, keyOf, LARGE_MUG, MUG, moving, NEIGHBOUR, PLACES, PLATE, SHOP, variantNumber } from './shop.ts';
import type { Suite } from './suite.ts';

/** What `asOf` promises: the balances are the fold of the records up to that sequence. */
export function describeAsOf({ describe, it }: Suite): void {
  describe('as of a sequence', () => {
    it('the balances are the fold of the records up to it', async ({ store }) => {
      await trade(store);
      const records = await recordsOf(store);
      for (const { sequence } of records)
        assertEqual(
          asOfAgrees(records, sequence, await balancesOf(store, { asOf: sequence })),
          [],
          `as of ${sequence}`,
        );
    });

    it('rows that had not moved yet are absent', async ({ store }) => {
      await trade(store);
      assertEqual(await balancesOf(store, { asOf: 0 }), [], 'as of 0');
      assertEqual(await balancesOf(store, { asOf: 1 }), [], 'as of the founding');
      assertEqual(
        (await balancesOf(store, { asOf: 2 })).map(row => row.onHand),
        [3, -3],
        'as of the first movement',
      );
    });

    it('one record of a commit is seen without the next', async ({ store }) => {
      await trade(store);
      const mugs = { variantIds: [MUG.variantId], locationId: PLACES.STORE };
      const onHand = [2, 3, 4, 5].map(async asOf => (await balancesOf(store, { ...mugs, asOf }))[0]?.onHand);
      assertEqual(await Promise.all(onHand), [3, 1, 11, 11], 'mugs on the shelf');
    });

    it('nothing changes when more is written later', async ({ store }) => {
      await trade(store);
      const before = await balancesOf(store, { asOf: 4 });
      await committed(store, commitOf([{ commandId: commandId(9), lines: [moving(MUG, 'STORE', 'BIN', 1)] }]));
      assertEqual(await balancesOf(store, { asOf: 4 }), before, 'as of 4');
    });

    it('filters and pages are those of that sequence', async ({ store }) => {
      await trade(store);
      const all = await balancesOf(store, { asOf: 4 });
      assertEqual(
        await balancesOf(store, { asOf: 4, nonZero: true }),
        all.filter(row => row.onHand !== 0),
        'other than 0',
      );
      const first = await answerOf(store.balances({ organizationId: SHOP, asOf: 4, limit: 2 }));
      const rest = await balancesOf(store, { asOf: 4, cursor: first.next ?? '' });
      assertEqual([...first.items, ...rest], all, 'two pages');
    });

    it('the history of a balance, where one is kept, is what each record made of it', async ({ store }) => {
      await trade(store);
      if (store.postings === undefined) return;
      assertEqual(
        await historyOf(store, LARGE_MUG),
        [
          [3, 6],
          [4, 0],
        ],
        'large mugs',
      );
      assertEqual(
        await historyOf(store, MUG),
        [
          [2, 3],
          [3, 1],
          [4, 11],
        ],
        'mugs',
      );
      assertEqual(await historyOf(store, PLATE, NEIGHBOUR), [], 'plates of the neighbour');
      assertEqual(await historyOf(store, variantNumber(1)), [], 'what never moved');
    });

    it('a page of a history begins after a sequence, and says where the next one begins', async ({ store }) => {
      await trade(store);
      const query = { organizationId: SHOP, ...keyOf(MUG, 'STORE') };
      const pageOf = async (after: number, limit: number) => {
        const page = store.postings && (await answerOf(store.postings({ ...query, after, limit })));
        return page && [page.items.map(posting => posting.sequence), page.next, page.asOf];
      };
      if (store.postings === undefined) return;
      assertEqual(await pageOf(0, 2), [[2, 3], '3', 5], 'the first page');
      assertEqual(await pageOf(3, 2), [[4], null, 5], 'the last page');
      assertEqual(await pageOf(0, 3), [[2, 3, 4], null, 5], 'one page that is full');
      assertEqual(await pageOf(4, 2), [[], null, 5], 'a page behind the last');
    });

    it('the histories of all balances, where a store gives them, are those of each', async ({ store }) => {
      await trade(store);
      if (store.histories === undefined) return;
      const ofShelf = (variant: WorldVariant, histories: readonly History[]) =>
        histories
          .filter(({ variantId, locationId }) => variantId === variant.variantId && locationId === PLACES.STORE)
          .flatMap(({ sequences, onHand }) => sequences.map((sequence, index) => [sequence, onHand[index]]));
      for (const limit of [1, 2, 3, 10_000]) {
        const histories = await historiesOf(store, 5, limit);
        const counts = histories.map(({ sequences, onHand }) => [sequences.length, onHand.length]);
        assertEqual(
          counts.flat().every((count, index, all) => count > 0 && count === all[index - (index % 2)]),
          true,
          'columns',
        );
        assertEqual(
          counts.reduce((sum, [count = 0]) => sum + count, 0),
          12,
          'postings of all balances',
        );
        assertEqual(deltasOf(histories), movesOf(histories), 'deltas');
        for (const variant of [MUG, LARGE_MUG, PLATE])
          assertEqual(ofShelf(variant, histories), await historyOf(store, variant), `by pages of ${limit}`);
      }
      assertEqual(
        ofShelf(MUG, await historiesOf(store, 3, 2)),
        [
          [2, 3],
          [3, 1],
        ],
        'up to 3',
      );
      assertEqual(await historiesOf(store, 5, 2, NEIGHBOUR), [], 'of the neighbour');
    });

    it('the page says which one, and no later one than there is', async ({ store }) => {
      await trade(store);
      assertEqual((await answerOf(store.balances({ organizationId: SHOP, asOf: 2, limit: 9 }))).asOf, 2, 'as of 2');
      const beyond = await answerOf(store.balances({ organizationId: SHOP, asOf: 99, limit: 9 }));
      assertEqual([beyond.asOf, beyond.items], [5, await balancesOf(store)], 'as of 99');
    });
  });
}

/** What was on the shelf after which sequence. */
async function historyOf(
  store: LedgerStore,
  variant: WorldVariant,
  organizationId = SHOP,
): Promise<readonly (readonly [number, number])[]> {
  const query = { organizationId, ...keyOf(variant, 'STORE'), after: 0, limit: 1_000 };
  const { items } = store.postings ? await answerOf(store.postings(query)) : { items: [] };
  return items.map(({ sequence, onHand }) => [sequence, onHand]);
}

async function historiesOf(
  store: LedgerStore,
  upTo: number,
  limit: number,
  organizationId = SHOP,
): Promise<readonly History[]> {
  const histories: History[] = [];
  let cursor: string | undefined;
  do {
    const page = store.histories && (await answerOf(store.histories({ organizationId, upTo, cursor, limit })));
    assertTrue(
      (page?.items ?? []).reduce((sum, { sequences }) => sum + sequences.length, 0) <= limit,
      'too long a page',
    );
    histories.push(...(page?.items ?? []));
    cursor = page?.next ?? undefined;
  } while (cursor !== undefined);
  return histories;
}

function deltasOf(histories: readonly History[]): readonly number[] {
  return histories.flatMap(({ deltas = [] }) => deltas);
}

/** What the deltas should be, where a store gives them: the balances of one history after the other, each from 0 on. */
function movesOf(histories: readonly History[]): readonly number[] {
  const moves: number[] = [];
  let before: Readonly<{ history: History; onHand: number }> | undefined;
  for (const history of histories) {
    if (history.deltas === undefined) continue;
    const isNext = before?.history.variantId === history.variantId && before.history.locationId === history.locationId;
    let from = isNext ? (before?.onHand ?? 0) : 0;
    for (const onHand of history.onHand) {
      moves.push(onHand - from);
      from = onHand;
    }
    before = { history, onHand: from };
  }
  return moves;
}

/** Five sequences; 3 to 5 are one commit, in which the large mugs come and go. */
async function trade(store: LedgerStore): Promise<void> {
  await openShop(store, 3);
  await committed(
    store,
    commitOf([
      { commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SOLD', 2), moving(LARGE_MUG, 'SUPPLIER', 'STORE', 6)] },
      {
        commandId: commandId(4),
        lines: [moving(MUG, 'SUPPLIER', 'STORE', 10), moving(LARGE_MUG, 'STORE', 'SUPPLIER', 6)],
      },
      { commandId: commandId(5), lines: [moving(PLATE, 'SUPPLIER', 'STORE', 1)] },
    ]),
  );
}
