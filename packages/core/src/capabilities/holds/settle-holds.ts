import { err, type Result, ResultAsync } from 'neverthrow';
import type { Ledger } from '../../ledger/ledger.ts';
import { compareKeys } from '../../model/balance.ts';
import type { Uuid } from '../../model/id.ts';
import type { MovementLineInput } from '../../model/movement.ts';
import type { Made } from '../carry-out.ts';
import type { HoldEnd, HoldError, HoldsError } from './hold.ts';
import { type Held, leaving, type Sheet, timeOf } from './hold-notes.ts';
import type { Settle } from './parse-holds.ts';
import { promiseAll } from './place-holds.ts';
import { type Found, findHold, readSheets } from './read-holds.ts';

/** A hold, and how much of it ends. */
type Part = Held & Readonly<{ requested: number }>;

/** Makes the command by which holds, or parts of them, end. Posting moves what they held; the others give it back. */
export async function settleHolds(
  ledger: Ledger,
  { to, lines }: Settle,
  end: HoldEnd,
): Promise<Result<Made, HoldsError>> {
  const found = await ResultAsync.combine(lines.map(({ holdId }) => findHold(ledger, holdId)));
  if (found.isErr()) return err(found.error);
  const ended = whyNotOpen(lines, found.value);
  if (ended !== null) return err(ended);
  const parts = (found.value as readonly Held[]).map((held, index): Part => {
    return { ...held, requested: lines[index]?.quantity ?? held.hold.quantity };
  });
  const sheets = await readSheets(
    ledger,
    parts.map(({ hold }) => hold),
  );
  if (sheets.isErr()) return err(sheets.error);
  const now = ledger.now();
  const refused = whyNotNow(parts, sheets.value, now, end);
  if (refused !== null) return err(refused);
  const changes = parts.map(({ hold, requested }) => ({ hold, delta: -requested }));
  return promiseAll(sheets.value, changes, now).map(promised => ({
    lines: to === null ? [] : parts.map(part => lineOf(part, to)),
    notes: [...parts.flatMap(part => leaving(part, part.hold.quantity - part.requested, end)), ...promised],
  }));
}

function whyNotOpen(lines: Settle['lines'], found: readonly Found[]): HoldError | null {
  const holdIds = lines.filter((_, index) => found[index] === null).map(({ holdId }) => holdId);
  if (holdIds.length > 0) return { kind: 'HoldUnknown', retry: 'never', holdIds };
  const holds = lines.flatMap(({ holdId }, index) => {
    const state = found[index] as NonNullable<Found>;
    return 'end' in state ? [{ holdId, end: state.end }] : [];
  });
  return holds.length > 0 ? { kind: 'HoldClosed', retry: 'never', holds } : null;
}

function whyNotNow(parts: readonly Part[], sheets: readonly Sheet[], now: number, end: HoldEnd): HoldError | null {
  const isExpired = ({ hold }: Part) => {
    const sheet = sheets.find(({ key }) => compareKeys(key, hold) === 0) as Sheet;
    return hold.expiresAt !== null && hold.expiresAt <= timeOf(sheet, now);
  };
  // A hold that has expired may be released: there is nothing left to lose.
  const holdIds = end === 'posted' ? parts.filter(isExpired).map(({ hold }) => hold.holdId) : [];
  if (holdIds.length > 0) return { kind: 'HoldExpired', retry: 'never', holdIds };
  const holds = parts
    .filter(({ hold, requested }) => requested > hold.quantity)
    .map(({ hold, requested }) => ({ holdId: hold.holdId, held: hold.quantity, requested }));
  return holds.length > 0 ? { kind: 'HoldExceeded', retry: 'after-refresh', holds } : null;
}

function lineOf({ hold, requested }: Part, to: Uuid): MovementLineInput {
  const { productId, variantId, locationId } = hold;
  return { productId, variantId, from: locationId, to, quantity: requested };
}
