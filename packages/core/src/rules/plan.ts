import type { BalanceKey } from '../model/balance.ts';
import type { Command, Expectation } from '../model/command.ts';
import type { BalanceChange, Commit, ConfigChange, Posting } from '../model/commit.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { OrganizationId, ProductId, VariantId } from '../model/id.ts';
import type { JournalRecord } from '../model/journal.ts';
import { type Policy, samePolicy } from '../model/policy.ts';
import { type Reserved, reservedNote } from '../model/reserved.ts';
import { type Limits, leastAfter, looksAtPromises, onlyPromised } from './least.ts';
import { noteChanges, type ReliedOn } from './note-changes.ts';
import { type Promised, promisedOf, promisesOf } from './promises.ts';
import { noteSequenceIn, type Slice } from './slice.ts';
import { movesOf, type TallyEntry, tallyReads } from './tally.ts';

/** A command that was decided, with all events of its record. */
export type Decided = Readonly<{
  command: Command;
  events: readonly LedgerEvent[];
  /** What the lines do to each balance, where they were added up before. */
  moves?: readonly TallyEntry[] | undefined;
}>;

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
  const sheet = new BalanceSheet(slice.productOf, isDistinct(decided, observe));
  const earlier = new Map<string, Reserved>();
  let limits: Limits = { ...slice, earlier };
  const reliedOn = new Map<number, readonly ReliedOn[]>();
  for (const [index, { command, events, moves = movesOf(command) }] of decided.entries()) {
    limits = limitsAfter(limits, events);
    for (const expectation of expectationsOf(command)) sheet.expect(expectation);
    const keepsFloors = !isOverridden(command);
    const promises = promisesBy(command);
    const only = onlyPromised(moves, promises);
    const least = (entry: TallyEntry) =>
      (keepsFloors ? leastAfter(limits, entry, promisedOf(promises, entry.key), at) : null)?.onHand ?? NO_FLOOR;
    for (const entry of moves) sheet.post(index, entry, least(entry));
    for (const entry of only) sheet.keep(entry, least(entry));
    if (limits.policy.holds === true && keepsFloors)
      reliedOn.set(index, promisesLookedAt(slice, limits, [...moves, ...only], promises));
    for (const { reserved, ...key } of promises) earlier.set(reservedNote(key).id, reserved);
  }
  if (observe.length > 0) for (const entry of tallyReads(observe)) sheet.observe(entry);
  return {
    organizationId,
    configVersion: slice.configVersion,
    at,
    records,
    balances: sheet.balances,
    postings: sheet.postings,
    config: configChanges(slice, records),
    assumed: assumedProducts(slice, decided),
    notes: noteChanges(decided, reliedOn),
    observe: observe.map(command => command.id),
  };
}

/** The products that are moved though nobody knows whether they are tracked. */
function assumedProducts({ tracked, untracked }: Slice, decided: readonly Decided[]): readonly ProductId[] {
  if (untracked === undefined) return [];
  const assumed = new Set<ProductId>();
  for (const { command } of decided)
    if (command.kind === 'RecordMovements')
      for (const { productId } of command.lines)
        if (!tracked.has(productId) && !untracked.has(productId)) assumed.add(productId);
  return [...assumed];
}

/** Whether no balance can be named twice: the lines of a lone command were added up per balance. */
function isDistinct(decided: readonly Decided[], observe: readonly Command[]): boolean {
  return decided.length === 1 && observe.length === 0 && expectationsOf(decided[0]?.command).length === 0;
}

/** The record of a command that was decided. */
export function recordOf({ command, events }: Decided): JournalRecord {
  const externalUuid = command.kind === 'RecordMovements' ? command.externalUuid : null;
  return { commandId: command.id, externalUuid, events };
}

function expectationsOf(command: Command | undefined): readonly Expectation[] {
  return command?.kind === 'RecordMovements' ? command.expect : [];
}

/** The notes about promises that a command was decided on, as they were before the commit. */
function promisesLookedAt(
  slice: Slice,
  limits: Limits,
  entries: readonly TallyEntry[],
  promises: readonly Promised[],
): readonly ReliedOn[] {
  return entries
    .filter(entry => looksAtPromises(limits, entry, promisedOf(promises, entry.key)))
    .map(({ key }) => {
      const note = reservedNote(key);
      // Before the first of the commands nothing is being written.
      return { ...note, sequence: noteSequenceIn(slice, note, 0) as number };
    });
}

function promisesBy(command: Command): readonly Promised[] {
  return command.kind === 'RecordMovements' ? promisesOf(command) : [];
}

function isOverridden(command: Command): boolean {
  return command.kind === 'RecordMovements' && command.override !== undefined;
}

const NO_FLOOR = Number.NEGATIVE_INFINITY;

function limitsAfter(limits: Limits, events: readonly LedgerEvent[]): Limits {
  let after = limits;
  for (const event of events) {
    if (event.kind === 'PolicySet') after = { ...after, policy: event.policy };
    if (event.kind === 'LocationOpened')
      after = { ...after, locations: new Map(after.locations).set(event.location.id, event.location) };
  }
  return after;
}

type OpenChange = { key: BalanceKey; productId: ProductId; delta: number; min?: number; max?: number };
type Position = Pick<TallyEntry, 'key' | 'productId'>;

/** Adds up what the records of one commit do to each balance. */
class BalanceSheet {
  readonly #changes: OpenChange[] = [];
  readonly #postings: Posting[] = [];
  /** Where the balances of a variant stand; of use when a balance may be named twice. */
  readonly #places = new Map<VariantId, number[]>();
  readonly #isDistinct: boolean;
  // What is settled, and not what a command says that is about to be refused for it.
  readonly #settled: ReadonlyMap<VariantId, ProductId>;
  readonly #named = new Map<VariantId, ProductId>();

  constructor(settled: ReadonlyMap<VariantId, ProductId>, isDistinct: boolean) {
    this.#settled = settled;
    this.#isDistinct = isDistinct;
  }

  get balances(): readonly BalanceChange[] {
    return this.#changes;
  }

  get postings(): readonly Posting[] {
    return this.#postings;
  }

  /** @param least - What it may be after the record, at least. */
  post(record: number, entry: TallyEntry, least: number): void {
    const balance = this.#position(entry);
    const change = this.#changes[balance] as OpenChange;
    change.delta += entry.delta;
    this.#postings.push({ record, balance, delta: entry.delta, running: change.delta });
    // The guard speaks of the balance before the commit, so that it holds at every sequence in it: taking 5 and then
    // bringing 10 needs 5 to begin with, though the end is higher.
    if (least !== NO_FLOOR) change.min = Math.max(change.min ?? NO_FLOOR, least - change.delta);
  }

  /** As {@link post}, of a balance that is not moved. */
  keep(entry: Position, least: number): void {
    const change = this.#changes[this.#position(entry)] as OpenChange;
    if (least !== NO_FLOOR) change.min = Math.max(change.min ?? NO_FLOOR, least - change.delta);
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

  #position({ key, productId }: Position): number {
    if (this.#isDistinct) return this.#open(key, this.#settled.get(key.variantId) ?? productId);
    const { variantId, locationId } = key;
    const places = this.#places.get(variantId) ?? [];
    const known = places.find(place => this.#changes[place]?.key.locationId === locationId);
    if (known !== undefined) return known;
    const product = this.#settled.get(variantId) ?? this.#named.get(variantId) ?? productId;
    this.#named.set(variantId, product);
    const place = this.#open(key, product);
    if (places.push(place) === 1) this.#places.set(variantId, places);
    return place;
  }

  #open(key: BalanceKey, productId: ProductId): number {
    return this.#changes.push({ key, productId, delta: 0 }) - 1;
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
  for (const { events } of records)
    for (const event of events) {
      if (event.kind === 'LocationOpened') changes.push({ kind: 'Location', location: event.location });
      else if (event.kind === 'PolicySet') policy = event.policy;
      else if (event.kind === 'TrackingStarted') tracked.set(event.productId, true);
      else if (event.kind === 'TrackingStopped') tracked.set(event.productId, false);
      // Of several for one key the last is the one that stays, as a row that is written over.
      else if (event.kind === 'LowStockSet') for (const rule of event.rules) changes.push({ kind: 'LowStock', rule });
    }
  if (policy !== undefined && !samePolicy(policy, slice.policy)) changes.push({ kind: 'Policy', policy });
  for (const [productId, now] of tracked)
    if (slice.tracked.has(productId) !== now) changes.push({ kind: 'Tracking', productId, tracked: now });
  return changes;
}
