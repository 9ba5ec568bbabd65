import { err, ok, type Result } from 'neverthrow';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import type { BalanceKey } from '../../model/balance.ts';
import type { RecordMovements } from '../../model/command.ts';
import type { LocationId, Uuid } from '../../model/id.ts';
import type { JsonValue } from '../../model/json.ts';
import type { MovementLine, MovementLineInput } from '../../model/movement.ts';
import type { NoteWrite } from '../../model/note.ts';
import type { Rejection } from '../../model/rejection.ts';
import { parseCommand } from '../../rules/parse-command.ts';
import type { Made, Request } from '../carry-out.ts';
import { adjusting, canBeCounted } from './adjustment.ts';
import type { LateInput } from './count.ts';
import { countAfter, EACH, keyText, LAST, type LastCount, lastCount, varianceOf } from './count-notes.ts';

/**
 * Makes the request that records movements which have occurred a while ago. What a count has seen already it takes back
 * against the adjustments, in the same command: the shelf stays as it was counted, the sale stays sold, and of the variance so
 * much is explained.
 *
 * @returns `CommandInvalid` for what is no movement, or has no time.
 */
export function late(ledger: Ledger, { id, lines, provenance }: LateInput): Result<Request<never>, Rejection> {
  // Without a time it would be one that every count has seen.
  const occurredAt = provenance?.occurredAt ?? Number.NaN;
  const asked = { kind: 'Late', lines: lines as unknown as JsonValue };
  const command = { kind: 'RecordMovements', id, lines, request: asked, provenance: { ...provenance, occurredAt } };
  return parseCommand(command, ledger.systemLocations).map(parsed => ({
    id,
    asked,
    provenance,
    make: () => make(ledger, (parsed as RecordMovements).lines, occurredAt),
  }));
}

type Move = BalanceKey & Readonly<{ productId: Uuid; delta: number }>;

async function make(
  ledger: Ledger,
  lines: readonly MovementLine[],
  occurredAt: number,
): Promise<Result<Made, LedgerError>> {
  const back: MovementLineInput[] = [];
  const notes: NoteWrite[] = [];
  for (const move of movesOf(ledger, lines)) {
    const last = await lastCount(ledger, move);
    if (last.isErr()) return err(last.error);
    // Also where there was none: a count that comes meanwhile is to be looked at.
    notes.push({ kind: LAST, id: keyText(move), ifSequence: last.value?.sequence ?? 0 });
    const observedAt = (last.value?.body as LastCount | undefined)?.observedAt ?? Number.NEGATIVE_INFINITY;
    if (observedAt < occurredAt || move.delta === 0) continue;
    back.push(...adjusting(ledger, move, -move.delta));
    const seen = await countAfter(ledger, move, occurredAt);
    if (seen.isErr()) return err(seen.error);
    // Whoever has written the last count has written this one.
    const count = seen.value as Exclude<typeof seen.value, undefined>;
    const variance = varianceOf(count);
    const body = { ...variance, explained: variance.explained + move.delta } as Readonly<Record<string, JsonValue>>;
    notes.push({ kind: EACH, id: count.id, body, ifSequence: count.sequence });
  }
  return ok({ lines: [...lines, ...back], notes });
}

/** What the lines do to each balance that can be counted. */
function movesOf(ledger: Ledger, lines: readonly MovementLine[]): readonly Move[] {
  const moves = new Map<string, Move>();
  const add = ({ productId, variantId }: MovementLine, locationId: LocationId, delta: number) => {
    if (!canBeCounted(ledger, locationId)) return;
    const key = keyText({ variantId, locationId });
    const before = moves.get(key)?.delta ?? 0;
    moves.set(key, { variantId, locationId, productId, delta: before + delta });
  };
  for (const line of lines) {
    add(line, line.from, -line.quantity);
    add(line, line.to, line.quantity);
  }
  return [...moves.values()];
}
