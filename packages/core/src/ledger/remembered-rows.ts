import type { BalanceKey } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { Commit, ConfigChange } from '../model/commit.ts';
import type { LocationId, ProductId } from '../model/id.ts';
import type { JsonValue } from '../model/json.ts';
import { floorOf, NO_FLOORS } from '../model/policy.ts';
import { RESERVED_KIND, reservedNote } from '../model/reserved.ts';
import type { Prepared } from '../rules/decide-group.ts';
import type { WorkingSlice } from '../rules/evolve.ts';
import { promisesOf } from '../rules/promises.ts';
import { type Slice, type SliceKeys, touches } from '../rules/slice.ts';

// Beyond this many balances, or rows of the configuration, all is forgotten and read again.
const REMEMBERED_MAX = 100_000;

/**
 * The rows that this process has seen last, so that a commit can go out without a load before it. They may be out of
 * date: the guards and the configuration version of the commit prove what was decided on them.
 */
export class RememberedRows {
  /** All of them as one slice, so that a decision on them copies nothing. */
  #slice: RememberedSlice = nothing();
  /** Locations that were looked for and are not open. */
  readonly #unopened = new Set<LocationId>();
  #isEmpty = true;
  #balances = 0;

  /**
   * The rows, if they hold enough for a group: all of its configuration, and every balance with a floor. A lone command
   * may have unknown balances with a floor too, since nothing is decided after it, and products of which nobody knows
   * whether they are tracked: it is assumed, and the commit proves it. So are the notes that it expects: none are remembered
   * but those about promises, which must be known where holds are kept.
   *
   * @returns No copy: it is good until the next call of another method.
   */
  slice(group: readonly Prepared[]): Slice | null {
    if (this.#isEmpty) return null;
    const isLone = group.length === 1;
    for (const { command, moves } of group) {
      if (!this.#knowsSettings(command, isLone)) return null;
      if (!isLone && touchesNotes(command)) return null;
      if (this.keepsHolds && !this.#knowsPromises(command, moves)) return null;
      if (!isLone && !moves.every(({ key }) => this.#isKnown(key) || !this.#hasFloor(key))) return null;
    }
    return this.#slice;
  }

  /** Whether the organization keeps holds, as far as is known. */
  get keepsHolds(): boolean {
    return this.#slice.policy.holds === true;
  }

  /** Takes in what was loaded. */
  learn(keys: SliceKeys, loaded: Slice): void {
    if (loaded.configVersion !== this.#slice.configVersion) this.forget();
    this.#isEmpty = false;
    const slice = this.#slice;
    slice.configVersion = loaded.configVersion;
    slice.policy = loaded.policy as WorkingSlice['policy'];
    for (const id of keys.locations) {
      const location = loaded.locations.get(id);
      if (location === undefined) this.#unopened.add(id);
      else slice.locations.set(id, location);
    }
    for (const id of keys.products) this.#learnTracking(id, loaded.tracked.has(id));
    for (const [variantId, productId] of loaded.productOf) slice.productOf.set(variantId, productId);
    for (const key of keys.balances) this.#set(key, loaded.onHand.get(key.variantId)?.get(key.locationId) ?? 0);
    for (const { kind, id } of keys.notes ?? []) {
      const { body, sequence } = loaded.notes?.get(kind)?.get(id) ?? NO_NOTE;
      if (kind === RESERVED_KIND) this.#promises.set(id, { body: body as Body, sequence });
    }
    this.#stayBounded();
  }

  /**
   * Takes in the balances that came back with a commit, and what it changed if it was applied.
   *
   * @param firstSequence - That of its first record; null for one that was not applied.
   */
  learnCommit(commit: Commit, before: readonly number[], firstSequence: number | null): void {
    const { balances, postings, config, assumed, notes = [] } = commit;
    const isApplied = firstSequence !== null;
    for (let index = 0; index < balances.length; index++) {
      const { key, delta } = balances[index] as Commit['balances'][number];
      this.#set(key, (before[index] ?? 0) + (isApplied ? delta : 0));
    }
    if (isApplied) {
      // What was only observed belongs to a command that was refused, and may name a wrong product.
      for (const { balance } of postings) {
        const { key, productId } = balances[balance] as Commit['balances'][number];
        if (this.#slice.productOf.get(key.variantId) !== productId) this.#slice.productOf.set(key.variantId, productId);
      }
      for (const id of assumed) this.#learnTracking(id, true);
      for (const { kind, id, write } of notes)
        if (kind === RESERVED_KIND && write !== undefined) {
          const { body, record } = write;
          this.#promises.set(id, { body: body as Body, sequence: body === null ? 0 : firstSequence + record });
        }
      for (const change of config) this.#learnConfig(change);
      if (config.length > 0) this.#slice.configVersion = commit.configVersion + 1;
    }
    this.#stayBounded();
  }

  /** After an outcome that is not known, or a configuration that was changed by another. */
  forget(): void {
    this.#slice = nothing();
    this.#unopened.clear();
    this.#isEmpty = true;
    this.#balances = 0;
  }

  #learnConfig(change: ConfigChange): void {
    if (change.kind === 'Location') this.#slice.locations.set(change.location.id, change.location);
    else if (change.kind === 'Policy') this.#slice.policy = change.policy as WorkingSlice['policy'];
    else if (change.kind === 'Tracking') this.#learnTracking(change.productId, change.tracked);
  }

  #learnTracking(id: ProductId, isTracked: boolean): void {
    const { tracked, untracked } = this.#slice;
    (isTracked ? tracked : untracked).add(id);
    (isTracked ? untracked : tracked).delete(id);
  }

  get #promises(): Promises {
    return this.#slice.notes.get(RESERVED_KIND) as Promises;
  }

  /** What is promised of each balance that is taken from, or promised, and has a floor. */
  #knowsPromises(command: Command, moves: Prepared['moves']): boolean {
    if (command.kind !== 'RecordMovements') return true;
    const taken = moves.filter(({ key, delta }) => delta < 0 && this.#hasFloor(key)).map(({ key }) => key);
    return [...taken, ...promisesOf(command)].every(key => this.#promises.has(reservedNote(key).id));
  }

  #knowsSettings(command: Command, isLone: boolean): boolean {
    if (
      command.kind === 'RecordMovements' &&
      command.tracking.length + command.expect.length === 0 &&
      promisesOf(command).length === 0
    )
      return command.lines.every(
        ({ from, to, productId }) =>
          this.#knowsLocation(from) && this.#knowsLocation(to) && (isLone || this.#knowsProduct(productId)),
      );
    const { locations, products } = touches(command);
    return locations.every(id => this.#knowsLocation(id)) && products.every(id => this.#knowsProduct(id));
  }

  #knowsLocation(id: LocationId): boolean {
    return this.#slice.locations.has(id) || this.#unopened.has(id);
  }

  #knowsProduct(id: ProductId): boolean {
    return this.#slice.tracked.has(id) || this.#slice.untracked.has(id);
  }

  #isKnown({ variantId, locationId }: BalanceKey): boolean {
    return this.#slice.onHand.get(variantId)?.has(locationId) ?? false;
  }

  #hasFloor(key: BalanceKey): boolean {
    const location = this.#slice.locations.get(key.locationId);
    return location !== undefined && Number.isFinite(floorOf(this.#slice.policy, key, location.type));
  }

  #set({ variantId, locationId }: BalanceKey, onHand: number): void {
    const balances = this.#slice.onHand.get(variantId) ?? new Map<LocationId, number>();
    const before = balances.size;
    balances.set(locationId, onHand);
    this.#balances += balances.size - before;
    if (before === 0) this.#slice.onHand.set(variantId, balances);
  }

  #stayBounded(): void {
    const { locations, tracked, untracked, productOf } = this.#slice;
    const settings = locations.size + this.#unopened.size + tracked.size + untracked.size + productOf.size;
    if (this.#balances + this.#promises.size + settings > REMEMBERED_MAX) this.forget();
  }
}

type Notes = NonNullable<WorkingSlice['notes']>;
type RememberedSlice = WorkingSlice & Required<Pick<WorkingSlice, 'untracked'>> & { notes: Notes };
type Promises = NonNullable<ReturnType<Notes['get']>>;
type Body = NonNullable<ReturnType<Promises['get']>>['body'];

const NO_NOTE: Readonly<{ body: JsonValue; sequence: number }> = { body: null, sequence: 0 };

function touchesNotes(command: Command): boolean {
  return command.kind === 'RecordMovements' && command.notes !== undefined && touches(command).notes !== undefined;
}

function nothing(): RememberedSlice {
  return {
    configVersion: 0,
    policy: NO_FLOORS as WorkingSlice['policy'],
    locations: new Map(),
    tracked: new Set(),
    productOf: new Map(),
    onHand: new Map(),
    isRemembered: true,
    untracked: new Set(),
    notes: new Map([[RESERVED_KIND, new Map()]]),
  };
}
