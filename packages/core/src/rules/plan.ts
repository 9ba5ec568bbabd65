import type { BalanceKey } from '../model/balance.ts';
import type { Command, Expectation } from '../model/command.ts';
import type { BalanceChange, Commit, ConfigChange, Posting } from '../model/commit.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { LocationId, OrganizationId, ProductId, VariantId } from '../model/id.ts';
import { type JournalRecord, linesOf } from '../model/journal.ts';
import { floorOf, type Policy } from '../model/policy.ts';
import { advance, type WorkingSlice, workingCopy } from './evolve.ts';
import type { Slice } from './slice.ts';
import { type TallyEntry, tally, tallyReads } from './tally.ts';

/** A command that was decided, with all events of its record. */
export type Decided = Readonly<{ command: Command; events: readonly LedgerEvent[] }>;

/** Who commits, and when. */
export type PlanContext = Readonly<{
  organizationId: OrganizationId;
  /** Milliseconds since 1970. */
  at: number;
  /** Commands about to be refused: their ids and balances are looked up in the same transaction. */
  observe?: readonly Command[];
}>;

/**
 * Turns decisions into what a store writes: one record per command, balances by delta, and guards only for what the
 * decisions relied on. A movement that no floor restricts carries no guard, so it conflicts with nobody.
 *
 * @param slice - The rows before the first of the commands, which were decided one after the other.
 */
export function plan(slice: Slice, decided: readonly Decided[], context: PlanContext): Commit {
  const { organizationId, at, observe = [] } = context;
  const records = decided.map(recordOf);
  const sheet = new BalanceSheet(slice.productOf);
  // Of what the commands move on, only the floors are looked at: mostly none of them moves one.
  let rows: WorkingSlice | null = null;
  for (const [index, record] of records.entries()) {
    const settings = record.events.filter(event => event.kind !== 'MovementsRecorded');
    if (settings.length > 0) {
      rows ??= workingCopy(slice);
      advance(rows, settings);
    }
    for (const expectation of expectationsOf(decided[index]?.command)) sheet.expect(expectation);
    for (const entry of tally(linesOf(record))) sheet.post(index, entry, floorAt(rows ?? slice, entry.key));
  }
  for (const entry of tallyReads(observe)) sheet.observe(entry);
  return {
    organizationId,
    configVersion: slice.configVersion,
    at,
    records,
    balances: sheet.balances,
    postings: sheet.postings,
    config: configChanges(slice, records),
    observe: observe.map(command => command.id),
  };
}

function recordOf({ command, events }: Decided): JournalRecord {
  const externalUuid = command.kind === 'RecordMovements' ? command.externalUuid : null;
  return { commandId: command.id, externalUuid, events };
}

function expectationsOf(command: Command | undefined): readonly Expectation[] {
  return command?.kind === 'RecordMovements' ? command.expect : [];
}

function floorAt(slice: Slice, key: BalanceKey): number {
  const location = slice.locations.get(key.locationId);
  return location === undefined ? Number.NEGATIVE_INFINITY : floorOf(slice.policy, location.type);
}

type OpenChange = { key: BalanceKey; productId: ProductId; delta: number; min?: number; max?: number };
type Position = Pick<TallyEntry, 'key' | 'productId'>;

/** Adds up what the records of one commit do to each balance. */
class BalanceSheet {
  readonly #changes: OpenChange[] = [];
  readonly #postings: Posting[] = [];
  readonly #index = new Map<VariantId, Map<LocationId, number>>();
  // What is settled, and not what a command says that is about to be refused for it.
  readonly #settled: ReadonlyMap<VariantId, ProductId>;
  readonly #named = new Map<VariantId, ProductId>();

  constructor(settled: ReadonlyMap<VariantId, ProductId>) {
    this.#settled = settled;
  }

  get balances(): readonly BalanceChange[] {
    return this.#changes;
  }

  get postings(): readonly Posting[] {
    return this.#postings;
  }

  post(record: number, entry: TallyEntry, floor: number): void {
    const balance = this.#position(entry);
    const change = this.#changes[balance] as OpenChange;
    change.delta += entry.delta;
    this.#postings.push({ record, balance, delta: entry.delta, running: change.delta });
    // The guard speaks of the balance before the commit, so that it holds at every sequence in it: taking 5 and then
    // bringing 10 needs 5 to begin with, though the end is higher.
    if (entry.delta < 0 && floor !== Number.NEGATIVE_INFINITY)
      change.min = Math.max(change.min ?? Number.NEGATIVE_INFINITY, floor - change.delta);
  }

  /** The balance is to be that much at this record, so before the commit what the records in between add is less. */
  expect({ variantId, locationId, productId, onHand }: Expectation): void {
    const change = this.#changes[this.#position({ key: { variantId, locationId }, productId })] as OpenChange;
    const before = onHand - change.delta;
    change.min = Math.max(change.min ?? before, before);
    change.max = Math.min(change.max ?? before, before);
  }

  observe(entry: Position): void {
    this.#position(entry);
  }

  #position(entry: Position): number {
    const { variantId, locationId } = entry.key;
    const ofVariant = this.#index.get(variantId) ?? new Map<LocationId, number>();
    this.#index.set(variantId, ofVariant);
    const known = ofVariant.get(locationId);
    if (known !== undefined) return known;
    const productId = this.#settled.get(variantId) ?? this.#named.get(variantId) ?? entry.productId;
    this.#named.set(variantId, productId);
    const position = this.#changes.push({ key: entry.key, productId, delta: 0 }) - 1;
    ofVariant.set(locationId, position);
    return position;
  }
}

/**
 * Only what is another than before: starting to track a tracked product is recorded, but changes no row. Low-stock rules
 * are written as they come, in order, since no decision reads what was there.
 */
function configChanges(slice: Slice, records: readonly JournalRecord[]): readonly ConfigChange[] {
  const changes: ConfigChange[] = [];
  const tracked = new Map<ProductId, boolean>();
  let policy: Policy | undefined;
  for (const event of records.flatMap(record => record.events)) {
    if (event.kind === 'LocationOpened') changes.push({ kind: 'Location', location: event.location });
    if (event.kind === 'PolicySet') policy = event.policy;
    if (event.kind === 'TrackingStarted') tracked.set(event.productId, true);
    if (event.kind === 'TrackingStopped') tracked.set(event.productId, false);
    // Of several for one key the last is the one that stays, as a row that is written over.
    if (event.kind === 'LowStockSet') for (const rule of event.rules) changes.push({ kind: 'LowStock', rule });
  }
  if (policy !== undefined) changes.push({ kind: 'Policy', policy });
  for (const [productId, now] of tracked)
    if (slice.tracked.has(productId) !== now) changes.push({ kind: 'Tracking', productId, tracked: now });
  return changes;
}
