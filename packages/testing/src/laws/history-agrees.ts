import { diff, explain, type HistoryEntry, history, type Ledger } from '@stockfold/core';
import fc from 'fast-check';
import { assertEqual } from '../store-suite/assert.ts';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { type Law, type OpenLedger, onLedger } from './law.ts';
import { keyOf, type Past, pastsOf, type Step } from './pasts.ts';
import { readRecords } from './read-ledger.ts';

/** What tells of the past: the functions of core, or what stands in for them. */
export type Telling = Readonly<{ history: typeof history; explain: typeof explain; diff: typeof diff }>;

/**
 * For any history, what is told of the past is what a fold of the whole journal says: which records moved a balance, by how much
 * and to what, page by page, up to any sequence; and which balances differ between any two sequences.
 */
export function historyAgrees(open: OpenLedger, telling: Telling = { history, explain, diff }): Law {
  const draw = fc.nat({ max: 12 });
  return fc.asyncProperty(busyDay, draw, draw, draw, ({ world, policy, commands, width }, one, other, drawn) =>
    onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
      await deliver(ledger, commands, width);
      const records = await readRecords(ledger);
      const pasts = [...pastsOf(records).values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      const [from, to] = [Math.min(one, records.length), Math.min(other, records.length)];
      const differences = (await telling.diff({ ledger, asOf: from }, { ledger, asOf: to }))._unsafeUnwrap();
      assertEqual(differences, differencesOf(pasts, from, to), `what differs between ${from} and ${to}`);
      const past = pasts[drawn % pasts.length];
      if (past !== undefined) await comparePast(ledger, telling, past, to);
    }),
  );
}

async function comparePast(ledger: Ledger, { explain, history }: Telling, past: Past, asOf: number): Promise<void> {
  const { steps, ...key } = past;
  const then = (await explain(ledger, { ...key, asOf }))._unsafeUnwrap();
  assertEqual([then.asOf, then.onHand], [asOf, onHandAt(past, asOf)], `the balance as of ${asOf}`);
  const until = steps.filter(({ sequence }) => sequence <= asOf);
  assertEqual(then.entries.map(stepOf), until, `what made it by ${asOf}`);
  const told: HistoryEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = (await history(ledger, { ...key, cursor, limit: 2 }))._unsafeUnwrap();
    told.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  assertEqual(told.map(stepOf), steps, 'the history of a balance');
}

function stepOf({ record, delta, onHand }: HistoryEntry): Step {
  return { sequence: record.sequence, delta, onHand };
}

function differencesOf(pasts: readonly Past[], from: number, to: number) {
  return pasts
    .map(past => ({
      variantId: past.variantId,
      locationId: past.locationId,
      one: onHandAt(past, from),
      other: onHandAt(past, to),
    }))
    .filter(({ one, other }) => one !== other);
}

function onHandAt({ steps }: Past, asOf: number): number {
  return steps.findLast(({ sequence }) => sequence <= asOf)?.onHand ?? 0;
}
