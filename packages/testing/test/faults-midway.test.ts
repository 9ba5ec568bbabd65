import {
  createLedger,
  diff,
  effectiveAt,
  explain,
  exportJournal,
  history,
  importJournal,
  type Ledger,
  type LedgerStore,
  lastSeal,
  restock,
  reversalOf,
  reverse,
  sale,
  seal,
  sequenceAt,
  startTracking,
  storeFault,
  tellLowStock,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { err, errAsync, ok, type Result, type ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const SHELF = { locationId: 'STORE', variantId: MUG.variantId };
const FAULT = storeFault('StoreUnavailable', 'the line is cut');
const commandId = (number: number) => numberedId(0xd, number);

/** What a store is asked for while it is only looked at. */
const READS = ['load', 'balances', 'journal', 'postings', 'histories', 'foundAgain', 'lowStock', 'notes'] as const;
const MORE_READS = ['trackedProducts', 'locations'] as const;

/** The store, all of whose reads from some number on fail: 0 is the first one. */
function cutAt(store: LedgerStore, number: number): Readonly<{ store: LedgerStore; isCut: () => boolean }> {
  let reads = 0;
  const cut = { ...store };
  for (const name of [...READS, ...MORE_READS]) {
    const read = store[name] as ((...asked: never[]) => ResultAsync<never, never>) | undefined;
    if (read !== undefined)
      Object.assign(cut, { [name]: (...asked: never[]) => (reads++ >= number ? errAsync(FAULT) : read(...asked)) });
  }
  return { store: cut, isCut: () => reads > number };
}

/** A shop of one product, in which a level was set and crossed, a sale was taken back, and the journal was sealed. */
async function openShop(): Promise<LedgerStore> {
  let now = 0;
  const store = createMemoryStore();
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, clock: () => ++now });
  const move = (number: number, ...lines: readonly ReturnType<typeof sale>[]) =>
    ledger.execute({ kind: 'RecordMovements', id: commandId(number), lines });
  await ledger.execute({ kind: 'RecordMovements', id: commandId(1), tracking: [startTracking(MUG.productId)] });
  await move(2, restock('STORE', MUG, 9));
  await ledger.execute({ kind: 'SetLowStock', id: commandId(3), rules: [{ ...MUG, locationId: 'STORE', level: 5 }] });
  await move(4, sale('STORE', MUG, 3));
  await move(5, sale('STORE', MUG, 2));
  await ledger.execute({ kind: 'SetLowStock', id: commandId(6), rules: [{ ...MUG, locationId: 'STORE', level: 4 }] });
  await reverse(ledger, { id: commandId(7), commandId: commandId(4) });
  await seal(ledger, { id: commandId(8) });
  return store;
}

type Asked = (ledger: Ledger, store: LedgerStore) => ResultAsync<unknown, unknown> | Promise<Result<unknown, unknown>>;

const exported: Asked = async ledger => {
  const lines = [];
  for await (const line of exportJournal(ledger)) lines.push(line);
  return lines.find(line => line.isErr()) ?? ok(lines.map(line => line._unsafeUnwrap()));
};

const QUESTIONS: Readonly<Record<string, Asked>> = {
  'a history': ledger => history(ledger, SHELF),
  'a history, page by page': async ledger => {
    const first = await history(ledger, { ...SHELF, limit: 2 });
    return first.isErr() ? first : history(ledger, { ...SHELF, limit: 2, cursor: String(first.value.next) });
  },
  'an explanation': ledger => explain(ledger, SHELF),
  'a difference': ledger => diff({ ledger, asOf: 2 }, { ledger }),
  'the sequence of a time': ledger => sequenceAt(ledger, 3),
  'a balance as effective at a time': ledger => effectiveAt(ledger, { ...SHELF, at: 3 }),
  'what a record has crossed': async ledger => {
    const [record] = (await ledger.records({ commandIds: [commandId(4)] })).unwrapOr([]);
    return record === undefined ? err(FAULT) : tellLowStock(ledger)(record);
  },
  'by which command one was taken back': ledger => reversalOf(ledger, commandId(4)),
  'a reversal': ledger => reverse(ledger, { id: commandId(9), commandId: commandId(5) }),
  'the last seal': ledger => lastSeal(ledger),
  'the journal without one source': ledger => ledger.journal({ exceptSource: 'till', limit: 2 }),
  'an export': exported,
  'an import of what is there': async (_, store) => {
    const lines = (await exported(createLedger({ store: await openShop() }), store)) as { value: readonly string[] };
    return importJournal({ store, lines: lines.value });
  },
  'a check of the books': ledger => ledger.verify(),
};

describe('a store that fails in the middle', () => {
  it.each(Object.entries(QUESTIONS))('of %s gives the fault, and no half of an answer', async (_, ask) => {
    const look = (store: LedgerStore) => ask(createLedger({ store, clock: () => 99 }), store);
    const whole = await look(await openShop());
    expect(whole).toHaveProperty('value');
    for (let number = 0; ; number++) {
      const { store, isCut } = cutAt(await openShop(), number);
      const answer = await look(store);
      if (!isCut()) {
        expect(number).toBeGreaterThan(0);
        expect(JSON.stringify(answer)).toBe(JSON.stringify(whole));
        return;
      }
      expect(answer).toMatchObject({ error: { kind: 'StoreUnavailable' } });
    }
  });
});
