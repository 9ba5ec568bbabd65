import {
  createLedger,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  occurredAtOf,
  PAGE_LIMIT_MAX,
  provenanceOf,
  restock,
  type Snapshot,
  sale,
  startTracking,
} from '@stockfold/core';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { stores } from './stores.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const SHELF = { locationId: 'STORE', variantId: MUG.variantId };
const TEN = new Date('2026-03-02T10:00:00Z').getTime();

/** A command that comes through a system. */
async function move(ledger: Ledger, source: string, ...lines: readonly MovementLineInput[]) {
  const tracking = [startTracking(MUG.productId)];
  const provenance = { source };
  return (
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines, provenance })
  )._unsafeUnwrap();
}

const onShelf = async (ledger: Ledger) => (await ledger.balanceAt(SHELF))._unsafeUnwrap().onHand;

/** A connector between two shops: it does in the one what has happened in the other, and leaves its own work out. */
function connect(
  from: Ledger,
  to: Ledger,
  { name, isCareful = true }: Readonly<{ name: string; isCareful?: boolean }>,
) {
  let after = 0;
  return async () => {
    const exceptSource = isCareful ? name : undefined;
    const { items, asOf } = (await from.journal({ after, exceptSource }))._unsafeUnwrap();
    after = asOf;
    for (const { commandId, events } of items)
      for (const event of events)
        if (event.kind === 'MovementsRecorded') {
          const lines = event.lines.map(line => {
            const isRestock = line.to === from.systemLocations.STORE;
            return (isRestock ? restock : sale)('STORE', MUG, line.quantity);
          });
          const provenance = { source: name, causedBy: commandId };
          const tracking = [startTracking(MUG.productId)];
          const command = { kind: 'RecordMovements', id: to.newId(), tracking, lines, provenance } as const;
          (await to.execute(command))._unsafeUnwrap();
        }
  };
}

describe.each(Object.entries(stores))('where commands come from, on the %s store', (_, { create }) => {
  const open = (store: LedgerStore = create(), clock = () => TEN) => createLedger({ store, clock });

  async function sell(isCareful: boolean): Promise<readonly number[]> {
    const [till, webshop] = [open(), open()];
    const sync = [
      connect(till, webshop, { name: 'connector', isCareful }),
      connect(webshop, till, { name: 'connector', isCareful }),
    ];
    await move(till, 'till', restock('STORE', MUG, 10));
    await move(webshop, 'webshop', sale('STORE', MUG, 1));
    for (let round = 0; round < 3; round++) for (const step of sync) await step();
    return [await onShelf(till), await onShelf(webshop)];
  }

  it('shopware/SwagPayPal#561: a connector that hears of its own write does not add it again', async () => {
    expect(await sell(true)).toEqual([9, 9]);
    // What it leaves out is what would double the stock.
    expect(await sell(false)).not.toEqual([9, 9]);
  });

  it('nopSolutions/nopCommerce#7094: the first synchronization, which starts tracking, does not double the stock', async () => {
    const [shop, pos] = [open(), open()];
    const [there, back] = [connect(shop, pos, { name: 'plugin' }), connect(pos, shop, { name: 'plugin' })];
    await move(shop, 'shop', restock('STORE', MUG, 7));
    for (const step of [there, back, there, back]) await step();
    expect([await onShelf(shop), await onShelf(pos)]).toEqual([7, 7]);
    const [record] = (await pos.journal())._unsafeUnwrap().items;
    const [first] = (await shop.journal())._unsafeUnwrap().items;
    expect(record && provenanceOf(record)).toEqual({ source: 'plugin', causedBy: first?.commandId });
  });

  it('reads on over whole pages of what is left out', async () => {
    const ledger = open();
    await move(ledger, 'till', restock('STORE', MUG, 500));
    for (let n = 0; n < 25; n++) await move(ledger, 'importer', sale('STORE', MUG, 1));
    await move(ledger, 'till', sale('STORE', MUG, 1));
    await move(ledger, 'importer', sale('STORE', MUG, 1));
    const query = { exceptSource: 'importer', limit: 10 };
    const first = (await ledger.journal(query))._unsafeUnwrap();
    expect([first.items.map(({ sequence }) => sequence), first.next]).toEqual([[1], '10']);
    const second = (await ledger.journal({ ...query, cursor: first.next ?? '' }))._unsafeUnwrap();
    expect([second.items.map(({ sequence }) => sequence), second.next, second.asOf]).toEqual([[27], null, 28]);
    const whole = (await ledger.journal({ exceptSource: 'nobody', limit: PAGE_LIMIT_MAX }))._unsafeUnwrap();
    expect(whole.items).toHaveLength(28);
  });

  it('passes on a fault of the store', async () => {
    const store = create();
    const ledger = open(store);
    await store.close();
    expect((await ledger.journal({ exceptSource: 'till' }))._unsafeUnwrapErr().kind).toBe('StoreClosed');
  });

  it('shows what a watcher did himself together with what others do next', async () => {
    const ledger = open();
    const shown: Snapshot[] = [];
    const stop = ledger.watch({ ...SHELF, locationId: 'STORE', exceptSource: 'screen' }, snapshot =>
      shown.push(snapshot),
    );
    await new Promise(resolve => setImmediate(resolve));
    await move(ledger, 'screen', restock('STORE', MUG, 3));
    await move(ledger, 'screen', restock('STORE', MUG, 4));
    await new Promise(resolve => setImmediate(resolve));
    expect(shown.map(({ asOf }) => asOf)).toEqual([0]);
    await move(ledger, 'till', sale('STORE', MUG, 1));
    await new Promise(resolve => setImmediate(resolve));
    expect(shown.map(({ asOf, balances }) => [asOf, balances.map(({ onHand }) => onHand)])).toEqual([
      [0, []],
      [3, [6]],
    ]);
    stop();
  });

  it('keeps when a slip of last week occurred, and when it was typed in', async () => {
    const ledger = open();
    const occurredAt = TEN - 7 * 86_400_000;
    const lines = [restock('STORE', MUG, 2)];
    const tracking = [startTracking(MUG.productId)];
    const command = {
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking,
      lines,
      provenance: { occurredAt },
    } as const;
    await ledger.execute(command);
    const [record] = (await ledger.journal())._unsafeUnwrap().items;
    expect(record).toMatchObject({ recordedAt: TEN });
    expect(record && occurredAtOf(record)).toBe(occurredAt);
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
  });

  it('judges a time by the clock that records, and replays what was recorded whatever that shows', async () => {
    const store = create();
    let now = TEN;
    const ledger = open(store, () => now);
    const tomorrow = { occurredAt: TEN + 86_400_000 };
    const command = {
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [startTracking(MUG.productId)],
      lines: [restock('STORE', MUG, 2)],
      provenance: tomorrow,
    } as const;
    const others = [1, 2].map(() => ({ ...command, id: ledger.newId(), provenance: undefined }));
    const [early, ...rest] = await ledger.executeAll([command, ...others]);
    expect(early?._unsafeUnwrapErr()).toMatchObject({ kind: 'OccursLater', now: TEN, ...tomorrow });
    expect(rest.map(answer => answer.isOk())).toEqual([true, true]);
    now += 86_400_000;
    expect((await ledger.execute(command))._unsafeUnwrap()).toMatchObject({ sequence: 3, replayed: false });
    now = 0;
    for (const handle of [ledger, open(store, () => now)])
      expect((await handle.execute(command))._unsafeUnwrap()).toMatchObject({ sequence: 3, replayed: true });
  });
});
