import { commutes as breachesOf, type Ledger, linesOf, storesAgree } from '@stockfold/core';
import fc from 'fast-check';
import { type CommandRun, commands } from '../arbitraries/commands.ts';
import { deliver } from './deliver.ts';
import { assertNone, type Law, type OpenLedger, onLedger } from './law.ts';
import { readLedger } from './read-ledger.ts';

/** Invariant 10: for any movements without floors, their order changes no balance. */
export function commutes(open: OpenLedger): Law {
  return fc.asyncProperty(reordered, async ({ run: { world, commands }, order }) => {
    const [first, ...rest] = commands.filter(command => (command.tracking ?? []).every(isStart));
    if (first === undefined) return;
    const views: LedgerViewOf[] = [];
    for (const later of [rest, shuffled(rest, order)])
      await onLedger(open, { organizationId: world.organizationId }, async ledger => {
        await deliver(ledger, [first, ...later], 1);
        views.push(await viewOf(ledger));
      });
    const [one, other] = views as [LedgerViewOf, LedgerViewOf];
    assertNone([...breachesOf(one.lines, other.lines), ...storesAgree(one.balances, other.balances)]);
  });
}

const reordered: fc.Arbitrary<{ run: CommandRun; order: readonly number[] }> = fc.record({
  run: commands,
  order: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
});

function isStart(change: { kind: string }): boolean {
  return change.kind === 'StartTracking';
}

/** Each item at the place its number gives it; items of one number keep their order. */
function shuffled<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  return items
    .map((item, position) => ({ item, place: order[position % order.length] ?? 0 }))
    .sort((a, b) => b.place - a.place)
    .map(({ item }) => item);
}

type LedgerViewOf = Awaited<ReturnType<typeof viewOf>>;

async function viewOf(ledger: Ledger) {
  const { records, balances } = await readLedger(ledger);
  return { lines: records.flatMap(linesOf), balances };
}
