import { storeFault } from '@stockfold/core';
import { readIncarnation } from '../incarnation.ts';
import type { Loss, Witness } from '../witness.ts';
import { chains } from './chain.ts';
import type { Commitment } from './entry.ts';
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
    if (!own?.file) throw new DOMException('the journal is not open', 'InvalidStateError');
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
      own?.file?.close();
      own = null;
    },
  };
}

async function settle(db: IDBDatabase, name: string, held: Slot | null): Promise<{ own: Slot; loss: Loss | null }> {
  // The heads before the files: a commit is in its file before it is in the database, so none seems to be missing.
  const heads = await readHeads(db);
  const found = await readIncarnation(db);
  const slots = await Slots.open(name);
  const all = await slots.read(held);
  const free = all.filter(slot => slot.file !== null);
  const own = free.find(slot => slot.name === held?.name) ?? free[0] ?? (await slots.create());
  try {
    const incarnation = incarnationOf(all) ?? found;
    const commits = all.flatMap(commitsOf);
    let loss: Loss | null = null;
    if (incarnation === found) await settleTails(db, free);
    else {
      if (heads.length > 0) throw storeFault('StoreFailed', 'the journal belongs to another database');
      loss = {
        incarnation,
        rebuilt: await rebuild(
          db,
          incarnation,
          chains(commits, () => 0),
        ),
      };
    }
    if (own.entries.length === 0) own.file?.append({ kind: 'opening', incarnation });
    // A database that is older than its journal, or a journal that has lost a part, is written down whole.
    for (const head of heads) {
      const reached = chains(commits, () => 0).findLast(commit => commit.organizationId === head.organizationId);
      if ((reached?.lastSequence ?? 0) < head.sequence) own.file?.append(await dump(db, head.organizationId));
    }
    return { own, loss };
  } catch (error) {
    if (held === null) own.file?.close();
    throw error;
  } finally {
    for (const slot of free) if (slot !== own) slot.file?.close();
  }
}

/**
 * Brings what only the files of tabs that are gone know into the database; and cuts off, at the end of each, what was
 * not applied and no longer can be, since its sequence is another command's.
 */
async function settleTails(db: IDBDatabase, free: readonly Slot[]): Promise<void> {
  const lasts = free.flatMap(slot => commitsOf(slot).slice(-1));
  const isApplied = await applyTail(db, free.flatMap(commitsOf), lasts);
  for (const slot of free) {
    const last = commitsOf(slot).at(-1);
    if (last !== undefined && !isApplied(last)) slot.file?.removeLast();
  }
}

function incarnationOf(slots: readonly Slot[]): string | undefined {
  for (const { entries } of slots)
    for (const { entry } of entries) if (entry.kind === 'opening') return entry.incarnation;
  return undefined;
}

function commitsOf({ entries }: Slot): readonly Commitment[] {
  return entries.flatMap(({ entry }) => (entry.kind === 'commit' ? [entry] : []));
}
