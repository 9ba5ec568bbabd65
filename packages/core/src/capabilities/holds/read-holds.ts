import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import { PAGE_LIMIT_MAX } from '../../ledger/query.ts';
import { type BalanceKey, compareKeys } from '../../model/balance.ts';
import type { Note, NoteKey } from '../../model/note.ts';
import { HELD_KIND, readReserved, reservedNote } from '../../model/reserved.ts';
import type { HoldEnd } from './hold.ts';
import { type Held, heldNote, type Pointer, pointerNote, readHeld, type Sheet } from './hold-notes.ts';

/** One note by its name; undefined for none. Fails with a fault of the store. */
export function readNote(ledger: Ledger, { kind, id }: NoteKey): ResultAsync<Note | undefined, LedgerError> {
  return ledger.notes({ kind, prefix: id, limit: 1 }).map(({ items }) => items.find(note => note.id === id));
}

/** What is known of a hold: itself while it is open, then how it has ended; null for one that was never placed. */
export type Found = Held | Readonly<{ end: HoldEnd }> | null;

/** What is known of a hold by its id. Fails with a fault of the store. */
export function findHold(ledger: Ledger, holdId: string): ResultAsync<Found, LedgerError> {
  return new ResultAsync(find(ledger, holdId));
}

async function find(ledger: Ledger, holdId: string): Promise<Result<Found, LedgerError>> {
  // A hold may end between the look at where it is and the look at it: then the first says so the second time.
  for (let looks = 0; looks < 2; looks++) {
    const pointer = await readNote(ledger, pointerNote(holdId));
    if (pointer.isErr()) return err(pointer.error);
    if (pointer.value === undefined) return ok(null);
    const body = pointer.value.body as unknown as Pointer;
    if ('end' in body) return ok(body);
    const held = await readNote(ledger, heldNote({ ...body, holdId }));
    if (held.isErr()) return err(held.error);
    if (held.value !== undefined) return ok(readHeld(held.value));
  }
  return ok(null);
}

/** What is promised of some balances, each once. Fails with a fault of the store. */
export function readSheets(ledger: Ledger, keys: readonly BalanceKey[]): ResultAsync<readonly Sheet[], LedgerError> {
  const sorted = keys.map(({ variantId, locationId }) => ({ variantId, locationId })).sort(compareKeys);
  const distinct = sorted.filter(
    (key, index) => index === 0 || compareKeys(key, sorted[index - 1] as BalanceKey) !== 0,
  );
  return ResultAsync.combine(
    distinct.map(key =>
      readNote(ledger, reservedNote(key)).map(note => ({
        key,
        reserved: readReserved(note?.body),
        sequence: note?.sequence ?? 0,
      })),
    ),
  );
}

/** All open holds of a balance, of one moment: the sequence that goes with them. */
export type HeldAt = Readonly<{ held: readonly Held[]; asOf: number }>;

const LOOKS_MAX = 20;

/** All open holds of a balance as of one sequence. Fails with a fault of the store, or with Contended. */
export function readHeldOf(ledger: Ledger, key: BalanceKey): ResultAsync<HeldAt, LedgerError> {
  return new ResultAsync(readOneMoment(ledger, `${reservedNote(key).id}.`));
}

async function readOneMoment(ledger: Ledger, prefix: string): Promise<Result<HeldAt, LedgerError>> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const held: Held[] = [];
    const moments = new Set<number>();
    let cursor: string | undefined;
    do {
      const page = await ledger.notes({ kind: HELD_KIND, prefix, cursor, limit: PAGE_LIMIT_MAX });
      if (page.isErr()) return err(page.error);
      const { items, next, asOf } = page.value;
      held.push(...items.map(readHeld));
      moments.add(asOf);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    const [asOf = 0, ...others] = moments;
    if (others.length === 0) return ok({ held, asOf });
  }
  return err({ kind: 'Contended', retry: 'same-command', attempts: LOOKS_MAX });
}
