import { storeFault } from '@stockfold/core';
import { readIncarnation } from '../incarnation.ts';
import type { Loss, Witness } from '../witness.ts';
import { chains } from './chain.ts';
import type { Commitment, Decoded } from './entry.ts';
import { applyTail, dump, readHeads, rebuild } from './replay.ts';
import { type Slot, Slots } from './slots.ts';

/**
 * Remembers every commit in files of the origin, each flushed to the disk before the database is written. Chromium was
 * seen to empty an origin's IndexedDB after a crash, and to leave its files alone.
 *
 * Only a dedicated worker can hold such a file.
 */
export function createJournalWitness(name: string): Witness {
  let own: Slot | null = null;
  const file = () => {
    if (own === null) throw new DOMException('the journal is not open', 'InvalidStateError');
    return own.file;
  };
  return {
    // One tab at a time: what was lost is to be brought back once.
    settle: db =>
      navigator.locks.request(`stockfold:${name}:journal`, async () => {
        const settled = await settle(db, name, own);
        own = settled.own;
        return settled.loss;
      }),
    beforeWrite: ({ rows, head }) =>
      file().append({
        kind: 'commit',
        organizationId: head.organizationId,
        firstSequence: head.sequence - rows.records.length + 1,
        lastSequence: head.sequence,
        writtenAt: Date.now(),
        rows,
      }),
    undone: () => file().removeLast(),
    close: () => {
      own?.file.close();
      own = null;
    },
  };
}

async function settle(db: IDBDatabase, name: string, held: Slot | null): Promise<{ own: Slot; loss: Loss | null }> {
  const slots = await Slots.open(name);
  const { free, others } = await slots.hold(held);
  const own = free[0] ?? (await slots.create());
  try {
    const first = others[0];
    const known = incarnationOf(free) ?? (first === undefined ? undefined : opened(await slots.look(first)));
    const found = await readIncarnation(db);
    const incarnation = known ?? found;
    let loss: Loss | null = null;
    if (incarnation !== found) {
      const entries = await Promise.all(others.map(other => slots.look(other)));
      loss = await bringBack(db, incarnation, [...free.map(slot => slot.entries), ...entries].flatMap(commitsOf));
    } else await settleTails(db, free);
    if (own.entries.length === 0) own.file.append({ kind: 'opening', incarnation });
    // Where others write, one of them has looked after this.
    if (loss === null && others.length === 0)
      await makeWhole(
        db,
        own,
        free.flatMap(slot => commitsOf(slot.entries)),
      );
    return { own, loss };
  } catch (error) {
    if (held === null) own.file.close();
    throw error;
  } finally {
    for (const slot of free) if (slot !== own) slot.file.close();
  }
}

async function bringBack(db: IDBDatabase, incarnation: string, commits: readonly Commitment[]): Promise<Loss> {
  const heads = await readHeads(db);
  if (heads.length > 0) throw storeFault('StoreFailed', 'the journal belongs to another database');
  return {
    incarnation,
    rebuilt: await rebuild(
      db,
      incarnation,
      chains(commits, () => 0),
    ),
  };
}

/** A database that is older than its journal, or whose journal has lost a part, is written down whole. */
async function makeWhole(db: IDBDatabase, own: Slot, commits: readonly Commitment[]): Promise<void> {
  const links = chains(commits, () => 0);
  for (const { organizationId, sequence } of await readHeads(db)) {
    const reached = links.findLast(commit => commit.organizationId === organizationId)?.lastSequence ?? 0;
    if (reached < sequence) own.file.append(await dump(db, organizationId));
  }
}

/**
 * Brings what only the files of tabs that are gone know into the database; and cuts off, at the end of each, what was
 * not applied and no longer can be, since its sequence is another command's.
 */
async function settleTails(db: IDBDatabase, free: readonly Slot[]): Promise<void> {
  const lastOf = ({ entries }: Slot) => commitsOf(entries).at(-1);
  const isApplied = await applyTail(
    db,
    free.flatMap(slot => commitsOf(slot.entries)),
    free.flatMap(slot => lastOf(slot) ?? []),
  );
  for (const slot of free) {
    const last = lastOf(slot);
    if (last !== undefined && !isApplied(last)) slot.file.removeLast();
  }
}

function incarnationOf(slots: readonly Slot[]): string | undefined {
  return slots.map(({ entries }) => opened(entries)).find(incarnation => incarnation !== undefined);
}

function opened(entries: Decoded['entries']): string | undefined {
  return entries.flatMap(({ entry }) => (entry.kind === 'opening' ? [entry.incarnation] : []))[0];
}

function commitsOf(entries: Decoded['entries']): readonly Commitment[] {
  return entries.flatMap(({ entry }) => (entry.kind === 'commit' ? [entry] : []));
}
