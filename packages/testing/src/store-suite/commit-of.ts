import type {
  BalanceChange,
  BalanceKey,
  CommandId,
  Commit,
  JournalRecord,
  MovementLine,
  Posting,
} from '@stockfold/core';
import { SHOP } from './shop.ts';

/** What one command of a commit moves. */
export type RecordDraft = Readonly<{ commandId: CommandId; lines: readonly MovementLine[] }>;

/** A guard on one balance of a commit: before it, between `min` and `max`. */
export type Guard = Readonly<{ key: BalanceKey; min?: number; max?: number }>;

/** Whatever of a commit is other than usual. */
export type CommitMore = Partial<
  Pick<Commit, 'organizationId' | 'configVersion' | 'at' | 'config' | 'notes' | 'assumed' | 'observe'>
> &
  Readonly<{ guards?: readonly Guard[] }>;

/**
 * Writes a commit by hand, without `plan`: one record per draft, deltas added up per balance, and only the guards
 * that are given. It is decided on configuration version 1, that of the founding.
 */
export function commitOf(drafts: readonly RecordDraft[], { guards = [], ...more }: CommitMore = {}): Commit {
  const balances: { key: BalanceKey; productId: BalanceChange['productId']; delta: number }[] = [];
  const postings: Posting[] = [];
  for (const [record, { lines }] of drafts.entries())
    for (const { key, productId, delta } of stepsOf(lines)) {
      const known = balances.findIndex(change => isSameKey(change.key, key));
      const balance = known < 0 ? balances.push({ key, productId, delta: 0 }) - 1 : known;
      const change = balances[balance] as (typeof balances)[number];
      change.delta += delta;
      postings.push({ record, balance, delta, running: change.delta });
    }
  const guarded = balances.map(change => ({ ...change, ...guardOf(guards, change.key) }));
  const records = drafts.map(recordOf);
  const base = { organizationId: SHOP, configVersion: 1, at: 2_000, config: [], assumed: [], observe: [] };
  return { ...base, records, balances: guarded, postings, ...more };
}

function recordOf({ commandId, lines }: RecordDraft): JournalRecord {
  return { commandId, externalUuid: null, events: [{ kind: 'MovementsRecorded', lines }] };
}

/** What the lines of one record together do to each balance, each key once. */
function stepsOf(lines: readonly MovementLine[]): readonly BalanceChange[] {
  const steps: { key: BalanceKey; productId: BalanceChange['productId']; delta: number }[] = [];
  for (const { variantId, productId, from, to, quantity } of lines)
    for (const [locationId, delta] of [[from, -quantity] as const, [to, quantity] as const]) {
      const step = steps.find(other => isSameKey(other.key, { variantId, locationId }));
      if (step === undefined) steps.push({ key: { variantId, locationId }, productId, delta });
      else step.delta += delta;
    }
  return steps;
}

function guardOf(guards: readonly Guard[], key: BalanceKey): Omit<Guard, 'key'> {
  const { key: _, ...limits } = guards.find(guard => isSameKey(guard.key, key)) ?? { key };
  return limits;
}

function isSameKey(a: BalanceKey, b: BalanceKey): boolean {
  return a.variantId === b.variantId && a.locationId === b.locationId;
}
