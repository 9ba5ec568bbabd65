import { err, ok, type Result } from 'neverthrow';
import type { Command } from '../model/command.ts';
import type { Commit, Committed } from '../model/commit.ts';
import type { LocationId, OrganizationId, VariantId } from '../model/id.ts';
import type { Receipt, StoredRecord } from '../model/journal.ts';
import type { Rejection } from '../model/rejection.ts';
import { decide } from '../rules/decide.ts';
import { differences } from '../rules/differences.ts';
import { evolve } from '../rules/evolve.ts';
import { type Founding, found, misplaced } from '../rules/found.ts';
import { plan } from '../rules/plan.ts';
import { type Slice, touches } from '../rules/slice.ts';
import type { StoreFault } from './fault.ts';
import type { LedgerStore } from './store.ts';

/** Other writers were faster, every time: the store is under more contention than the attempts allow. */
export type Contended = Readonly<{ kind: 'Contended'; retry: 'same-command'; attempts: number }>;

/** Everything `execute` may answer but a receipt. */
export type ExecuteError = Rejection | StoreFault | Contended;

export type ExecuteContext = Readonly<{
  store: LedgerStore;
  organizationId: OrganizationId;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** What this handle brings to the organization, as it is now. */
  founding: () => Founding;
}>;

// Each attempt that fails means that another writer got through; so many in a row are a fault worth reporting.
const ATTEMPTS_MAX = 100;

/**
 * One command from its rows to its receipt: load, decide, plan, commit. What the store answers instead of
 * `committed` carries the rows to decide again on; a rejection is only ever given on rows read after the call began.
 */
export async function executeOne(command: Command, context: ExecuteContext): Promise<Result<Receipt, ExecuteError>> {
  const { store } = context;
  let slice: Slice | null = null;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (slice === null) {
      const loaded = await store.load(context.organizationId, touches(command), [command.id]);
      if (loaded.isErr()) return err(loaded.error);
      const record = loaded.value.known[0];
      if (record !== undefined) return replay(command, record, store);
      slice = loaded.value.slice;
    }
    const decision = decideOne(command, slice, context);
    if (decision.isErr()) return err(decision.error);
    const answer = await store.commit(decision.value);
    if (answer.isErr()) return err(answer.error);
    const settled = settle(command, answer.value, store);
    if (settled !== null) return settled;
    slice = answer.value.kind === 'stale' ? refresh(slice, decision.value, answer.value.before) : null;
  }
  return err({ kind: 'Contended', retry: 'same-command', attempts: ATTEMPTS_MAX });
}

function decideOne(command: Command, slice: Slice, context: ExecuteContext): Result<Commit, Rejection> {
  const founding = context.founding();
  const wrong = misplaced(founding.system, slice);
  if (wrong !== null) return err(wrong);
  const before = found(founding, slice);
  const { organizationId } = context;
  return decide(command, evolve(slice, before)).map(events =>
    plan(slice, [{ command, events: [...before, ...events] }], { organizationId, at: context.clock() }),
  );
}

function settle(command: Command, answer: Committed, store: LedgerStore): Result<Receipt, Rejection> | null {
  switch (answer.kind) {
    case 'committed': {
      const { firstSequence: sequence, recordedAt } = answer;
      return ok({ commandId: command.id, sequence, recordedAt, replayed: false, durability: store.durability });
    }
    case 'known': {
      const record = answer.records.find(candidate => candidate.commandId === command.id);
      return record === undefined ? null : replay(command, record, store);
    }
    case 'stale':
    case 'configChanged':
      return null;
  }
}

function replay(command: Command, record: StoredRecord, store: LedgerStore): Result<Receipt, Rejection> {
  const differs = differences(command, record);
  if (differs.length > 0) return err({ kind: 'CommandIdReused', retry: 'never', commandId: command.id, differs });
  const { sequence, recordedAt } = record;
  return ok({ commandId: command.id, sequence, recordedAt, replayed: true, durability: store.durability });
}

/** The slice with the balances that came back: fresh rows, so no load is needed. */
function refresh(slice: Slice, commit: Commit, before: readonly number[]): Slice {
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const [index, { key }] of commit.balances.entries()) {
    const balances = onHand.get(key.variantId) ?? new Map<LocationId, number>();
    onHand.set(key.variantId, balances.set(key.locationId, before[index] ?? 0));
  }
  return { ...slice, onHand };
}
