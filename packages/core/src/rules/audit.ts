import { type BalanceKey, compareKeys, type OnHand, onHandOf } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { LocationId, VariantId } from '../model/id.ts';
import { type JournalRecord, linesOf, type StoredRecord } from '../model/journal.ts';
import type { MovementLine } from '../model/movement.ts';
import type { Note, NoteKey, NoteState } from '../model/note.ts';
import { policyParts } from '../model/policy.ts';
import {
  heldKey,
  RESERVED_KIND,
  type ReservedUntil,
  readReserved,
  reservedKey,
  reservedNote,
} from '../model/reserved.ts';
import { canonicalJson as canonical } from './canonical-json.ts';
import { ConfigFold, type Configuration } from './config-fold.ts';
import { decide } from './decide.ts';
import { Fold } from './fold.ts';
import { type Limits, leastAfter, onlyPromised } from './least.ts';
import type { LowStockFold } from './low-stock-fold.ts';
import { NoteFold } from './note-fold.ts';
import { promisedOf, promisesIn } from './promises.ts';
import { type NoteInSlice, pickNotes, type Slice, type SliceKeys, touches } from './slice.ts';
import { type TallyEntry, tally } from './tally.ts';

/**
 * The numbered invariants. Each is one predicate over plain data that gives its breaches, and holds when there are
 * none. `ledger.verify()`, the properties and the simulation assert these and no others. Amounts are smallest units.
 */
export type Breach =
  | Readonly<{ invariant: 'conserves'; variantId: VariantId; sum: number }>
  | (BalanceKey & Readonly<{ invariant: 'matchesJournal'; folded: number; stored: number }>)
  /** `floor`: with what is promised to others, where holds are kept. */
  | (BalanceKey & Readonly<{ invariant: 'keepsFloor'; sequence: number; onHand: number; floor: number }>)
  | Readonly<{ invariant: 'recordsOnce'; commandId: string; sequences: readonly number[] }>
  | Readonly<{ invariant: 'sequenceIsDense'; after: number; sequence: number; recordedAt: number }>
  | Readonly<{ invariant: 'touchesEnough'; commandId: string }>
  | Readonly<{ invariant: 'isolatesTenants' | 'storesAgree'; at: string }>
  | (BalanceKey &
      Readonly<{
        invariant: 'asOfAgrees';
        sequence: number;
        folded: number;
        stored: number;
        /** There where it is not the balance that differs, but how much the record is said to have moved it by. */
        what?: 'delta';
      }>)
  | (BalanceKey & Readonly<{ invariant: 'commutes'; one: number; other: number }>)
  | Readonly<{
      invariant: 'configAgrees';
      what: 'location' | 'tracking' | 'product of variant' | 'policy' | 'low-stock rule';
      /** Of the location, product or variant; `policy` for the policy, `variantId.locationId` for a low-stock rule. */
      id: string;
      /** As JSON; null for what is not there. */
      folded: string | null;
      stored: string | null;
    }>
  | Readonly<{
      invariant: 'notesAgree';
      note: NoteKey;
      /** Body and sequence as JSON; null for what is not there. */
      folded: string | null;
      stored: string | null;
    }>
  | Readonly<{ invariant: 'countsAgree'; what: CountedRow | 'head'; folded: number; stored: number }>
  | Readonly<{ invariant: 'sealHolds'; through: number; sealed: string; digest: string }>
  /** As JSON: how much is held until when. */
  | (BalanceKey & Readonly<{ invariant: 'holdsAgree'; held: string; reserved: string }>);

/** Rows that a store can count, whatever leads to them. */
export type CountedRow =
  | 'record'
  | 'balance'
  | 'posting'
  | 'variant'
  | 'location'
  | 'tracked product'
  | 'low-stock rule'
  | 'note';

/** How many rows there are; absent for what is not counted. */
export type RowCounts = Readonly<Partial<Record<CountedRow, number>>>;

/** All that was found; the invariant holds when there are none. */
export type Breaches = readonly Breach[];
type StoredBalance = BalanceKey & Readonly<{ onHand: number }>;

/** 1. For every variant the balances of all locations add up to zero. */
export function conserves(balances: Iterable<StoredBalance>): Breaches {
  const sums = new Map<VariantId, number>();
  for (const { variantId, onHand } of balances) sums.set(variantId, (sums.get(variantId) ?? 0) + onHand);
  return [...sums]
    .filter(([, sum]) => sum !== 0)
    .map(([variantId, sum]) => ({ invariant: 'conserves', variantId, sum }));
}

/** 2. Folding the journal from empty gives the stored balances, exactly. */
export function matchesJournal(records: Iterable<JournalRecord>, balances: Iterable<StoredBalance>): Breaches {
  const fold = new Fold();
  for (const record of records) fold.addRecord(record);
  return compareBalances(fold, balances, (key, folded, stored) => ({
    invariant: 'matchesJournal',
    ...key,
    folded,
    stored,
  }));
}

/**
 * 3. No command took a balance below the floor that its policy set at the time, or from what was held where holds are kept,
 * unless its record says that it might.
 * Records in order, from the first.
 */
export function keepsFloor(records: Iterable<StoredRecord>): Breaches {
  const check = new FloorCheck();
  return [...records].flatMap(record => check.next(record));
}

/** The running state of {@link keepsFloor}, for journals that are read page by page. */
export class FloorCheck {
  readonly fold: Fold = new Fold();
  readonly config: ConfigFold = new ConfigFold();
  readonly #reserved = new Map<string, NoteInSlice>();
  readonly #notes = new Map([[RESERVED_KIND, this.#reserved]]);

  /** Takes one more record. `moved`: its lines, added up per balance. */
  next(record: StoredRecord, moved: readonly TallyEntry[] = tally(linesOf(record))): Breaches {
    this.config.addRecord(record);
    const { policy, locations } = this.config;
    const limits: Limits = { policy, locations, notes: this.#notes };
    const notes = writtenNotes(record);
    const promises = promisesIn(notes);
    const breaches: Breach[] = [];
    const look = (entry: TallyEntry, onHand: number) => {
      const least = leastAfter(limits, entry, promisedOf(promises, entry.key), record.recordedAt);
      if (least !== null && onHand < least.onHand && !isOverridden(record))
        breaches.push({
          invariant: 'keepsFloor',
          ...entry.key,
          sequence: record.sequence,
          onHand,
          floor: least.onHand,
        });
    };
    for (const entry of moved) look(entry, this.fold.move(entry.key, entry.delta));
    for (const entry of onlyPromised(moved, promises)) look(entry, onHandOf(this.fold.onHand, entry.key));
    for (const { kind, id, body } of notes)
      if (kind === RESERVED_KIND) this.#reserved.set(id, { body, sequence: record.sequence });
    return breaches;
  }
}

function writtenNotes({ events }: JournalRecord): Extract<LedgerEvent, { kind: 'NotesWritten' }>['notes'] {
  return events.flatMap(event => (event.kind === 'NotesWritten' ? event.notes : []));
}

function isOverridden(record: JournalRecord): boolean {
  return record.events.some(event => event.kind === 'FloorsOverridden');
}

/** 4. One journal record per command id, whatever was retried, crashed or delivered twice. */
export function recordsOnce(records: Iterable<StoredRecord>): Breaches {
  const sequences = new Map<string, number[]>();
  for (const { commandId, sequence } of records) {
    const known = sequences.get(commandId);
    if (known === undefined) sequences.set(commandId, [sequence]);
    else known.push(sequence);
  }
  return [...sequences]
    .filter(([, places]) => places.length > 1)
    .map(([commandId, places]) => ({ invariant: 'recordsOnce', commandId, sequences: places }));
}

/** 5. Sequences are 1, 2, 3 … without gap, and `recordedAt` never goes back. Records in the order they were read. */
export function sequenceIsDense(records: Iterable<StoredRecord>): Breaches {
  const breaches: Breach[] = [];
  let before = { sequence: 0, recordedAt: Number.NEGATIVE_INFINITY };
  for (const record of records) {
    breaches.push(...follows(before, record));
    before = record;
  }
  return breaches;
}

/** One step of {@link sequenceIsDense}. */
export function follows(before: Readonly<{ sequence: number; recordedAt: number }>, record: StoredRecord): Breaches {
  if (record.sequence === before.sequence + 1 && record.recordedAt >= before.recordedAt) return [];
  const { sequence, recordedAt } = record;
  return [{ invariant: 'sequenceIsDense', after: before.sequence, sequence, recordedAt }];
}

/** 6. `decide` reads no key outside `touches`: with those rows alone it comes to the same answer. */
export function touchesEnough(
  command: Command,
  slice: Slice,
  keys: ReturnType<typeof touches> = touches(command, slice.policy.holds),
): Breaches {
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const key of keys.balances) {
    const balances = onHand.get(key.variantId) ?? new Map<LocationId, number>();
    onHand.set(key.variantId, balances.set(key.locationId, onHandOf(slice.onHand, key)));
  }
  const touched: Slice = {
    ...slice,
    locations: pick(slice.locations, keys.locations),
    tracked: new Set(keys.products.filter(productId => slice.tracked.has(productId))),
    productOf: pick(slice.productOf, keys.variants),
    onHand,
    notes: slice.notes && pickNotes(slice.notes, keys.notes),
  };
  const same = JSON.stringify(decide(command, touched)) === JSON.stringify(decide(command, slice));
  return same ? [] : [{ invariant: 'touchesEnough', commandId: command.id }];
}

/** 7. What an organization is answered is the same, to the letter, whatever the others did in between. */
export function isolatesTenants(before: unknown, after: unknown): Breaches {
  return sameAnswers(before, after).map(at => ({ invariant: 'isolatesTenants', at }));
}

/** 8. The balances as of a sequence are the fold of the records up to it. */
export function asOfAgrees(
  records: Iterable<StoredRecord>,
  sequence: number,
  balances: Iterable<StoredBalance>,
): Breaches {
  const fold = new Fold();
  for (const record of records) if (record.sequence <= sequence) fold.addRecord(record);
  return compareBalances(fold, balances, (key, folded, stored) => ({
    invariant: 'asOfAgrees',
    ...key,
    sequence,
    folded,
    stored,
  }));
}

/** 9. Two stores give the same answers to the same history. */
export function storesAgree(one: unknown, other: unknown): Breaches {
  return sameAnswers(one, other).map(at => ({ invariant: 'storesAgree', at }));
}

/** 10. Reordering movements that no guard restricts changes no balance. */
export function commutes(lines: readonly MovementLine[], reordered: readonly MovementLine[]): Breaches {
  const other = [...new Fold().add(reordered).entries()];
  return compareBalances(new Fold().add(lines), other, (key, a, b) => ({
    invariant: 'commutes',
    ...key,
    one: a,
    other: b,
  }));
}

/** 11. Folding the journal from empty gives the stored locations, tracking, products of variants, and policy. */
export function configAgrees(folded: ConfigFold, stored: Configuration, keys: ConfigKeys): Breaches {
  const place = (config: Configuration, id: LocationId) => {
    const { type, name, system } = config.locations.get(id) ?? {};
    return type === undefined ? undefined : { type, name, system };
  };
  const differ = (what: ConfigBreach['what'], id: string, of: (config: Configuration) => unknown): Breaches => {
    const [one, other] = [folded, stored].map(config => JSON.stringify(of(config)) ?? null);
    return one === other ? [] : [{ invariant: 'configAgrees', what, id, folded: one ?? null, stored: other ?? null }];
  };
  return [
    ...(keys.policy ? differ('policy', 'policy', config => policyParts(config.policy)) : []),
    ...keys.locations.flatMap(id => differ('location', id, config => place(config, id))),
    ...keys.products.flatMap(id => differ('tracking', id, config => config.tracked.has(id))),
    ...keys.variants.flatMap(id => differ('product of variant', id, config => config.productOf.get(id))),
    ...keys.variants
      .filter(id => folded.contested.has(id))
      .flatMap(id =>
        differ('product of variant', id, config => (config === folded ? folded.contested : stored.productOf).get(id)),
      ),
  ];
}

/** Which rows of the configuration are compared. */
export type ConfigKeys = Pick<SliceKeys, 'locations' | 'products' | 'variants'> & Readonly<{ policy: boolean }>;
type ConfigBreach = Breach & { invariant: 'configAgrees' };

/** 11, for low-stock rules: folding the journal from empty gives those that are stored. */
export function lowStockAgrees(folded: LowStockFold, stored: LowStockFold): Breaches {
  const missing = [...folded.entries()].filter(rule => stored.get(rule) === undefined);
  return [...stored.entries(), ...missing].flatMap(({ variantId, locationId }): Breaches => {
    const key = { variantId, locationId };
    const [one, other] = [folded, stored].map(rules =>
      rules.get(key) === undefined ? null : canonical(rules.get(key)),
    );
    if (one === other) return [];
    const id = `${variantId}.${locationId}`;
    return [{ invariant: 'configAgrees', what: 'low-stock rule', id, folded: one ?? null, stored: other ?? null }];
  });
}

/** 12. Folding the journal from empty gives the stored notes, with the sequences at which they were written last. */
export function notesAgree(records: Iterable<StoredRecord>, notes: Iterable<Note>): Breaches {
  const fold = new NoteFold();
  for (const record of records) fold.addRecord(record);
  const stored = new NoteFold();
  for (const { kind, id, ...state } of notes) stored.set({ kind, id }, state);
  const missing = [...fold.entries()].filter(note => stored.get(note) === undefined);
  return [...stored.entries(), ...missing].flatMap(note => compareNote(note, fold.get(note), stored.get(note)));
}

/**
 * 15. What is promised of a balance is what its open holds add up to, but for those that had expired when it was written.
 *
 * @param notes - All there are.
 */
export function holdsAgree(notes: Iterable<Note>): Breaches {
  const held = new Map<string, Map<number | null, number>>();
  const keys = new Map<string, BalanceKey>();
  const promised = new Map<string, Note>();
  for (const note of notes) {
    const ofHold = heldKey(note);
    const key = ofHold ?? reservedKey(note);
    if (key === null) continue;
    const { id } = reservedNote(key);
    keys.set(id, key);
    if (ofHold === null) promised.set(id, note);
    else {
      const { expiresAt, quantity } = note.body as Readonly<{ expiresAt: number | null; quantity: number }>;
      const sums = held.get(id) ?? new Map<number | null, number>();
      held.set(id, sums.set(expiresAt, (sums.get(expiresAt) ?? 0) + quantity));
    }
  }
  return [...keys].flatMap(([id, key]): Breaches => {
    const reserved = readReserved(promised.get(id)?.body);
    const at = reserved?.at ?? 0;
    const open = [...(held.get(id) ?? [])].filter(([expiresAt]) => expiresAt === null || expiresAt > at);
    const [one, other] = [open, reserved?.until ?? []].map(untilText) as [string, string];
    return one === other ? [] : [{ invariant: 'holdsAgree', ...key, held: one, reserved: other }];
  });
}

function untilText(until: readonly ReservedUntil[]): string {
  return JSON.stringify(until.toSorted(([a], [b]) => (a ?? -1) - (b ?? -1)));
}

/** One note of {@link notesAgree}; undefined for what is not there. */
export function compareNote(
  { kind, id }: NoteKey,
  folded: NoteState | undefined,
  stored: NoteState | undefined,
): Breaches {
  const [one, other] = [folded, stored].map(state => (state === undefined ? null : canonical(state)));
  if (one === other) return [];
  return [{ invariant: 'notesAgree', note: { kind, id }, folded: one ?? null, stored: other ?? null }];
}

/** 13. As many rows are stored as the journal comes to, and a head leads to them. */
export function countsAgree(folded: RowCounts, stored: RowCounts, hasHead: boolean): Breaches {
  const counted = Object.entries(stored) as [CountedRow, number][];
  if (!hasHead)
    return counted.some(([, count]) => count > 0)
      ? [{ invariant: 'countsAgree', what: 'head', folded: 1, stored: 0 }]
      : [];
  return counted
    .map(([what, count]) => ({ invariant: 'countsAgree' as const, what, folded: folded[what] ?? 0, stored: count }))
    .filter(breach => breach.folded !== breach.stored);
}

/**
 * 14. Hashing a sealed journal up to its last seal gives what the seal says.
 *
 * @param through - The last sequence that was hashed.
 */
export function sealHolds(through: number, sealed: string, digest: string): Breaches {
  return digest === sealed ? [] : [{ invariant: 'sealHolds', through, sealed, digest }];
}

function compareBalances(
  fold: { readonly onHand: OnHand; entries(): Iterable<StoredBalance> },
  balances: Iterable<StoredBalance>,
  breach: (key: BalanceKey, folded: number, stored: number) => Breach,
): Breaches {
  const stored = new Map<VariantId, Map<LocationId, number>>();
  const keys: BalanceKey[] = [];
  for (const { variantId, locationId, onHand } of balances) {
    const ofVariant = stored.get(variantId) ?? new Map<LocationId, number>();
    stored.set(variantId, ofVariant.set(locationId, onHand));
    keys.push({ variantId, locationId });
  }
  for (const { variantId, locationId } of fold.entries())
    if (!stored.get(variantId)?.has(locationId)) keys.push({ variantId, locationId });
  return keys
    .sort(compareKeys)
    .filter(key => onHandOf(fold.onHand, key) !== onHandOf(stored, key))
    .map(key => breach(key, onHandOf(fold.onHand, key), onHandOf(stored, key)));
}

function pick<K, V>(map: ReadonlyMap<K, V>, keys: readonly K[]): ReadonlyMap<K, V> {
  return new Map(keys.flatMap(key => (map.has(key) ? [[key, map.get(key) as V] as const] : [])));
}

/** Where two answers differ: the first place, as a path. */
function sameAnswers(a: unknown, b: unknown, at = ''): readonly string[] {
  if (Object.is(a, b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [at];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const found = sameAnswers((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${at}/${key}`);
    if (found.length > 0) return found;
  }
  return [];
}
