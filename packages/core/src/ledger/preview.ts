import { err, ok, type Result } from 'neverthrow';
import type { Command } from '../model/command.ts';
import type { CommandId, OrganizationId } from '../model/id.ts';
import type { Receipt, StoredRecord } from '../model/journal.ts';
import type { Preview, PreviewedBalance } from '../model/preview.ts';
import type { Rejection } from '../model/rejection.ts';
import { contentOf, occursLater, reasonsOf, scaleStays } from '../rules/decide.ts';
import { differences } from '../rules/differences.ts';
import { advance, workingCopy } from '../rules/evolve.ts';
import { type Founding, found, misplaced } from '../rules/found.ts';
import { recordOf } from '../rules/plan.ts';
import { balanceIn, type Slice, touches } from '../rules/slice.ts';
import { movesOf, type TallyEntry } from '../rules/tally.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type StoreFault, storeFault } from './fault.ts';
import type { LedgerStore } from './store.ts';

/** On what a command is looked at. */
export type PreviewOptions = Readonly<{
  store: LedgerStore;
  organizationId: OrganizationId;
  founding: Founding;
  deadline: Deadline;
  /** Milliseconds since 1970. */
  now: number;
}>;

/**
 * Looks at a command as the ledger would: on the rows that it touches, loaded now, and with what its handle would bring
 * along. It writes nothing, and remembers nothing.
 */
export async function preview(command: Command, options: PreviewOptions): Promise<Result<Preview, StoreFault>> {
  const { store, organizationId, founding, deadline, now } = options;
  const keys = touches(command, true);
  const late = () => storeFault('StoreUnavailable', 'the store did not answer in time');
  const loaded = await withDeadline(store.load(organizationId, keys, [command.id]), deadline, late);
  if (loaded.isErr()) return err(loaded.error);
  const { known, slice } = loaded.value;
  const [record] = known;
  const differs = record === undefined ? [] : differences(command, record);
  if (record !== undefined && differs.length === 0)
    return ok({ kind: 'WouldReplay', receipt: receiptOf(record, store) });
  const before = found(founding, slice);
  const rows = workingCopy(slice, keys);
  advance(rows, before);
  const moves = movesOf(command);
  const reasons = [
    record === undefined ? null : reused(command.id, differs),
    occursLater(command, now),
    scaleStays(founding, slice),
    misplaced(command, founding.system, rows),
    ...reasonsOf(command, moves, rows, now),
  ].filter(reason => reason !== null);
  if (reasons.length > 0) return ok({ kind: 'WouldRefuse', reasons });
  const events = [...before, ...contentOf(command)];
  return ok({ kind: 'WouldRecord', record: recordOf({ command, events }), balances: balancesAfter(moves, rows) });
}

function receiptOf({ commandId, sequence, recordedAt }: StoredRecord, { durability }: LedgerStore): Receipt {
  return { commandId, sequence, recordedAt, replayed: true, durability };
}

function reused(commandId: CommandId, differs: ReturnType<typeof differences>): Rejection {
  return { kind: 'CommandIdReused', retry: 'never', commandId, differs };
}

function balancesAfter(moves: readonly TallyEntry[], rows: Slice): readonly PreviewedBalance[] {
  return moves.map(({ key, productId, delta }) => {
    // What was loaded is known, and 0 where nothing was.
    const before = balanceIn(rows, key) as number;
    return { ...key, productId, before, onHand: before + delta };
  });
}
