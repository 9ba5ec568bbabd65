import type { BalanceKey } from '../model/balance.ts';
import type { Commit, ConfigChange } from '../model/commit.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { Location } from '../model/location.ts';
import { floorOf, NO_FLOORS, type Policy } from '../model/policy.ts';
import type { Slice, SliceKeys } from '../rules/slice.ts';

// Beyond this many balances, or rows of the configuration, all is forgotten and read again.
const REMEMBERED_MAX = 100_000;

/**
 * The rows that this process has seen last, so that a commit can go out without a load before it. They may be out of
 * date: the guards and the configuration version of the commit prove what was decided on them.
 */
export class RememberedRows {
  #version: number | null = null;
  #policy: Policy = NO_FLOORS;
  readonly #locations = new Map<LocationId, Location | null>();
  readonly #tracked = new Map<ProductId, boolean>();
  readonly #productOf = new Map<VariantId, ProductId>();
  readonly #onHand = new Map<VariantId, Map<LocationId, number>>();
  #balances = 0;

  /**
   * The slice of some keys, if enough of it is known: all of its configuration, and every balance with a floor. A lone
   * command may have unknown balances with a floor too, since nothing is decided after it.
   */
  slice(keys: SliceKeys, isLone: boolean): Slice | null {
    if (this.#version === null) return null;
    if (!keys.locations.every(id => this.#locations.has(id)) || !keys.products.every(id => this.#tracked.has(id)))
      return null;
    if (!isLone && !keys.balances.every(key => this.#isKnown(key) || !this.#hasFloor(key))) return null;
    const onHand = new Map<VariantId, Map<LocationId, number>>();
    for (const key of keys.balances) {
      const known = this.#onHand.get(key.variantId)?.get(key.locationId);
      if (known === undefined) continue;
      const balances = onHand.get(key.variantId) ?? new Map<LocationId, number>();
      onHand.set(key.variantId, balances.set(key.locationId, known));
    }
    return {
      configVersion: this.#version,
      policy: this.#policy,
      locations: present(this.#locations, keys.locations),
      tracked: new Set(keys.products.filter(id => this.#tracked.get(id))),
      productOf: present(this.#productOf, keys.variants),
      onHand,
      isRemembered: true,
    };
  }

  /** Takes in what was loaded. */
  learn(keys: SliceKeys, slice: Slice): void {
    if (slice.configVersion !== this.#version) this.forget();
    this.#version = slice.configVersion;
    this.#policy = slice.policy;
    for (const id of keys.locations) this.#locations.set(id, slice.locations.get(id) ?? null);
    for (const id of keys.products) this.#tracked.set(id, slice.tracked.has(id));
    for (const [variantId, productId] of slice.productOf) this.#productOf.set(variantId, productId);
    for (const key of keys.balances) this.#set(key, slice.onHand.get(key.variantId)?.get(key.locationId) ?? 0);
    this.#stayBounded();
  }

  /** Takes in the balances that came back with a commit, and what it changed if it was applied. */
  learnCommit(commit: Commit, before: readonly number[], isApplied: boolean): void {
    // What was only observed belongs to a command that was refused, and may name a wrong product.
    const posted = new Set(commit.postings.map(posting => posting.balance));
    for (const [index, { key, productId, delta }] of commit.balances.entries()) {
      this.#set(key, (before[index] ?? 0) + (isApplied ? delta : 0));
      if (isApplied && posted.has(index)) this.#productOf.set(key.variantId, productId);
    }
    if (isApplied && commit.config.length > 0) {
      for (const change of commit.config) this.#learnConfig(change);
      this.#version = commit.configVersion + 1;
    }
    this.#stayBounded();
  }

  /** After an outcome that is not known, or a configuration that was changed by another. */
  forget(): void {
    this.#version = null;
    this.#locations.clear();
    this.#tracked.clear();
    this.#productOf.clear();
    this.#onHand.clear();
    this.#balances = 0;
  }

  #learnConfig(change: ConfigChange): void {
    if (change.kind === 'Location') this.#locations.set(change.location.id, change.location);
    else if (change.kind === 'Policy') this.#policy = change.policy;
    else if (change.kind === 'Tracking') this.#tracked.set(change.productId, change.tracked);
  }

  #isKnown({ variantId, locationId }: BalanceKey): boolean {
    return this.#onHand.get(variantId)?.has(locationId) ?? false;
  }

  #hasFloor({ locationId }: BalanceKey): boolean {
    const location = this.#locations.get(locationId);
    return location !== null && location !== undefined && Number.isFinite(floorOf(this.#policy, location.type));
  }

  #set({ variantId, locationId }: BalanceKey, onHand: number): void {
    const balances = this.#onHand.get(variantId) ?? new Map<LocationId, number>();
    if (!balances.has(locationId)) this.#balances += 1;
    this.#onHand.set(variantId, balances.set(locationId, onHand));
  }

  #stayBounded(): void {
    const rows = this.#balances + this.#locations.size + this.#tracked.size + this.#productOf.size;
    if (rows > REMEMBERED_MAX) this.forget();
  }
}

function present<K, V>(map: ReadonlyMap<K, V | null>, keys: readonly K[]): ReadonlyMap<K, V> {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined && value !== null) found.set(key, value);
  }
  return found;
}
