import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { Ledger } from '../../ledger/ledger.ts';
import { type BalanceKey, compareKeys } from '../../model/balance.ts';
import type { NoteWrite } from '../../model/note.ts';
import type { Made } from '../carry-out.ts';
import type { Hold, HoldError, HoldsError } from './hold.ts';
import { type Change, placing, pointerNote, promising, type Sheet } from './hold-notes.ts';
import type { Reserve } from './parse-holds.ts';
import { readNote, readSheets } from './read-holds.ts';

/** Makes the command that places some holds. What is available is for the rules to say, in the commit. */
export async function placeHolds(
  ledger: Ledger,
  { owner, expiresAt, lines }: Reserve,
): Promise<Result<Made, HoldsError>> {
  const read = await ResultAsync.combine([
    ledger.policy(),
    ResultAsync.combine(lines.map(({ holdId }) => readNote(ledger, pointerNote(holdId)))),
    readSheets(ledger, lines),
  ] as const);
  if (read.isErr()) return err(read.error);
  const [policy, pointers, sheets] = read.value;
  if (policy.holds !== true) return err({ kind: 'HoldsNotKept', retry: 'never' });
  const taken = lines.filter((_, index) => pointers[index] !== undefined).map(({ holdId }) => holdId);
  if (taken.length > 0) return err({ kind: 'HoldIdTaken', retry: 'never', holdIds: taken });
  const now = ledger.now();
  if (expiresAt !== null && expiresAt <= now)
    return err({ kind: 'HoldExpired', retry: 'never', holdIds: lines.map(({ holdId }) => holdId) });
  const holds = lines.map((line): Hold => ({ ...line, owner, placedAt: now, expiresAt }));
  const changes = holds.map(hold => ({ hold, delta: hold.quantity }));
  return promiseAll(sheets, changes, now).map(promised => ({ notes: [...holds.flatMap(placing), ...promised] }));
}

/** What is promised of each balance after some changes of its holds. */
export function promiseAll(
  sheets: readonly Sheet[],
  changes: readonly Change[],
  now: number,
): Result<readonly NoteWrite[], HoldError> {
  const isOf = (key: BalanceKey) => (change: Change) => compareKeys(change.hold, key) === 0;
  const promised = sheets.map(sheet => promising(sheet, changes.filter(isOf(sheet.key)), now));
  const notes = promised.filter(note => note !== null);
  if (notes.length === promised.length) return ok(notes);
  const balances = sheets.filter((_, index) => promised[index] === null).map(({ key }) => key);
  return err({ kind: 'HoldsTooMany', retry: 'after-refresh', balances });
}
