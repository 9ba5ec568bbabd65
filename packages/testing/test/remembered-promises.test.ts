import {
  type Commit,
  createHolds,
  createLedger,
  exportJournal,
  importJournal,
  type Ledger,
  type LedgerStore,
  restock,
  sale,
  startTracking,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };
const FLOORS = { floors: { STORE: 0 } } as const;
const POLICY = { ...FLOORS, holds: true } as const;
const holdId = numberedId(0xf, 1);
const commandId = (number: number) => numberedId(0xd, number);

const moving = (number: number, ...lines: readonly ReturnType<typeof sale>[]) =>
  ({ kind: 'RecordMovements', id: commandId(number), lines }) as const;

/** A shop of 4 mugs and 5 plates, in which 3 mugs are held; a millisecond goes by with each command. */
async function openShop() {
  let now = 1_000;
  const store = createMemoryStore();
  const commits: Commit[] = [];
  const loads: (readonly string[])[] = [];
  const counted: LedgerStore = {
    ...store,
    load: (organizationId, keys, ids) => {
      loads.push(ids);
      return store.load(organizationId, keys, ids);
    },
    commit: commit => {
      commits.push(commit);
      return store.commit(commit);
    },
  };
  const open = (policy: typeof FLOORS | typeof POLICY | undefined): Ledger =>
    createLedger({ store: counted, policy, clock: () => ++now });
  const ledger = open(POLICY);
  const tracking = [startTracking(MUG.productId)];
  await ledger.execute({ ...moving(1, restock('STORE', MUG, 4), restock('STORE', PLATE, 5)), tracking });
  const lines = [{ holdId, locationId: 'STORE', ...MUG, quantity: 3 }];
  (await createHolds(ledger).reserve({ id: commandId(2), owner: 'cart 1', lines }))._unsafeUnwrap();
  const release = async (by: Ledger, number: number) =>
    (await createHolds(by).release({ id: commandId(number), lines: [{ holdId }] }))._unsafeUnwrap();
  return { ledger, open, release, commits, loads };
}

const kindsOf = (answers: Awaited<ReturnType<Ledger['executeAll']>>) =>
  answers.map(answer => (answer.isOk() ? 'ok' : answer.error.kind));

describe('what a process remembers of promises', () => {
  it('refuses no sale of what another one has released, whoever is in its group', async () => {
    const { ledger, open, release } = await openShop();
    await release(open(POLICY), 3);
    const answers = await ledger.executeAll([moving(4, restock('STORE', PLATE, 1)), moving(5, sale('STORE', MUG, 4))]);
    expect(kindsOf(answers)).toEqual(['ok', 'ok']);
  });

  it('refuses none either when it has holds kept again with the first command that is recorded', async () => {
    const { ledger, open, release } = await openShop();
    await ledger.execute({ kind: 'SetPolicy', id: commandId(3), policy: FLOORS });
    const late = open(POLICY);
    const both = moving(4, restock('STORE', PLATE, 1), sale('STORE', MUG, 4));
    expect(kindsOf(await late.executeAll([both]))).toEqual(['StockInsufficient']);
    await release(ledger, 5);
    const answers = await late.executeAll([moving(6, sale('STORE', MUG, 4)), moving(7, restock('STORE', PLATE, 1))]);
    expect(kindsOf(answers)).toEqual(['ok', 'ok']);
  });

  it('is read before it says how much is held, also where it did not know that holds are kept', async () => {
    const { open } = await openShop();
    const refused = await open(undefined).execute(moving(3, sale('STORE', MUG, 9)));
    expect(refused._unsafeUnwrapErr()).toMatchObject({ shortages: [{ onHand: 4, reserved: 3, requested: 9 }] });
  });

  it('is no part of a preview, which says what is held now, whatever its handle knows', async () => {
    const { open } = await openShop();
    const looked = await open(undefined).preview(moving(3, sale('STORE', MUG, 2)));
    expect(looked._unsafeUnwrap()).toMatchObject({
      kind: 'WouldRefuse',
      reasons: [{ kind: 'StockInsufficient', shortages: [{ onHand: 4, reserved: 3, requested: 2 }] }],
    });
  });

  it('is read once before it sells what another one holds, so that no commit is made in vain', async () => {
    const { open, commits, loads } = await openShop();
    const fresh = open(undefined);
    await fresh.execute(moving(3, sale('STORE', PLATE, 1)));
    expect((await fresh.execute(moving(4, sale('STORE', MUG, 1)))).isOk()).toBe(true);
    expect(commits.map(({ records }) => records[0]?.commandId)).toEqual([1, 2, 3, 4].map(commandId));
    expect(loads.filter(([id]) => id === commandId(4))).toHaveLength(1);
  });
});

it('a journal that was forged, so that a sale eats what was held, is not imported', async () => {
  const { ledger } = await openShop();
  await ledger.execute(moving(3, sale('STORE', MUG, 1)));
  const lines: string[] = [];
  for await (const line of exportJournal(ledger)) lines.push(line._unsafeUnwrap());
  const forged = lines.map(line => line.replace('"quantity":1,', '"quantity":2,'));
  const imported = await importJournal({ store: createMemoryStore(), lines: forged });
  expect(imported._unsafeUnwrapErr()).toMatchObject({
    reason: 'Refused',
    applied: 2,
    rejection: { kind: 'StockInsufficient', shortages: [{ onHand: 4, reserved: 3, requested: 2 }] },
  });
  expect((await importJournal({ store: createMemoryStore(), lines }))._unsafeUnwrap()).toMatchObject({ written: 3 });
});
