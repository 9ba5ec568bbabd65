import type {
  CommandInput,
  ExpectationInput,
  JsonValue,
  LocationType,
  Note,
  NoteWrite,
  PolicyInput,
  ProvenanceInput,
  Rejection,
  SystemLocations,
} from '@stockfold/core';

/** What the model says to a command: what became of it, or the kind of its rejection. */
export type ModelAnswer = 'recorded' | 'replayed' | Rejection['kind'];

/** A balance other than 0, in smallest units. */
export type ModelBalance = Readonly<{ variantId: string; locationId: string; onHand: number }>;

/** A low-stock rule with a level, an alert or both. */
export type ModelLowStock = Readonly<{
  productId: string;
  variantId: string;
  locationId: string;
  level: number | null;
  alert: boolean;
}>;

/** The smallest ledger that is obviously right: it keeps the commands and folds all of them for every question. */
export type ReferenceModel = Readonly<{
  /**
   * Judges a well-formed command, and records it when nothing speaks against it.
   *
   * @param founding - The policy that its handle brings with it, when it brings one.
   * @param decidedAt - Milliseconds since 1970: holds that end by then have expired; none has when absent.
   */
  apply: (command: CommandInput, founding?: PolicyInput, decidedAt?: number) => ModelAnswer;
  /**
   * What `apply` would say now; nothing is recorded.
   *
   * @param decidedAt - Milliseconds since 1970, as for `apply`.
   */
  preview: (command: CommandInput, founding?: PolicyInput, decidedAt?: number) => ModelAnswer;
  /**
   * Every rule that a command breaks now, in their order; none for one that would be recorded or replayed.
   *
   * @param decidedAt - Milliseconds since 1970, as for `apply`.
   */
  reasons: (command: CommandInput, founding?: PolicyInput, decidedAt?: number) => readonly Rejection['kind'][];
  /** All balances other than 0, by variant and location. */
  balances: () => readonly ModelBalance[];
  /** The low-stock rules that stand, by variant and location. */
  lowStock: () => readonly ModelLowStock[];
  /** The notes that are there, by kind and id. */
  notes: () => readonly Note[];
  /** The balances after the first `sequence` commands. */
  asOf: (sequence: number) => readonly ModelBalance[];
}>;

/** Whose ledger it is. */
export type ReferenceModelOptions = Readonly<{
  /** The ids of the system locations, as the ledger has them. */
  locations: SystemLocations;
  /** What it is founded with. */
  policy?: PolicyInput | undefined;
  /** Milliseconds since 1970: what occurs more than five minutes later is refused; nothing when absent. */
  now?: number | undefined;
}>;

/**
 * Makes the reference model. It shares types with core and no code, so that one mistake cannot be made in both.
 *
 * @example `createReferenceModel(world).apply(command) === 'recorded'`
 */
export function createReferenceModel({ locations, policy, now }: ReferenceModelOptions): ReferenceModel {
  // One list per record: its command, behind the policy that came with it.
  const recorded: (readonly CommandInput[])[] = [];
  const foldRecords = (records: readonly (readonly CommandInput[])[]) =>
    foldAll(records.flat(), locations, spellPolicy(policy, locations));
  const balancesOf = (records: readonly (readonly CommandInput[])[]) => sheetToList(foldRecords(records).onHand);
  const recordOf = (command: CommandInput, founding: PolicyInput | undefined): readonly CommandInput[] =>
    founding === undefined
      ? [spellOut(command, locations)]
      : [{ kind: 'SetPolicy', id: '', policy: founding }, command].map(one => spellOut(one as CommandInput, locations));
  const knownAs = (command: CommandInput) => recorded.flat().find(candidate => candidate.id === command.id);
  const isReplay = (command: CommandInput) => {
    const first = knownAs(command);
    return first !== undefined && isSame(first, command);
  };
  const reasons: ReferenceModel['reasons'] = (input, founding, at = 0) => {
    const command = spellOut(input, locations);
    if (isReplay(command)) return [];
    const isLate = (command.provenance?.occurredAt ?? 0) > (now ?? Number.POSITIVE_INFINITY) + FIVE_MINUTES_MS;
    const expected = expectationsOf(input, locations);
    const before = recordOf(input, founding).slice(0, -1);
    const expectedNotes = input.kind === 'RecordMovements' ? (input.notes ?? []) : [];
    const state = { ...foldRecords([...recorded, before]), notes: foldNotes(recorded), at };
    return [
      ...(knownAs(command) === undefined ? [] : (['CommandIdReused'] as const)),
      ...(isLate ? (['OccursLater'] as const) : []),
      ...brokenRules({ command, expected, expectedNotes }, state),
    ];
  };
  const preview: ReferenceModel['preview'] = (input, founding, at) =>
    isReplay(spellOut(input, locations)) ? 'replayed' : (reasons(input, founding, at)[0] ?? 'recorded');
  return {
    reasons,
    preview,
    apply: (input, founding, at) => {
      const answer = preview(input, founding, at);
      if (answer === 'recorded') recorded.push(recordOf(input, founding));
      return answer;
    },
    balances: () => balancesOf(recorded),
    lowStock: () =>
      [...foldRecords(recorded).lowStock]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, rule]) => (rule.level === null && !rule.alert ? [] : [rule])),
    notes: () => [...foldNotes(recorded)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, note]) => note),
    asOf: sequence => balancesOf(recorded.slice(0, sequence)),
  };
}

/** Whether a command is the one that was recorded: by what it was asked for and by whom, where it was made of a request. */
function isSame(first: CommandInput, command: CommandInput): boolean {
  const [one, other] = [first, command].map(({ kind, ...rest }) => {
    const request = 'request' in rest ? rest.request : null;
    const { provenance } = rest;
    return JSON.stringify(request == null ? { kind, ...rest } : { kind, provenance, request });
  });
  return one === other;
}

/** The notes that some records leave, by kind and id; a sequence is the place of a record. */
function foldNotes(records: readonly (readonly CommandInput[])[]): ReadonlyMap<string, Note> {
  const notes = new Map<string, Note>();
  for (const [index, record] of records.entries())
    for (const command of record)
      for (const { kind, id, body } of (command.kind === 'RecordMovements' && command.notes) || []) {
        if (body == null) notes.delete(`${kind} ${id}`);
        else notes.set(`${kind} ${id}`, { kind, id, body, sequence: index + 1 });
      }
  return notes;
}
const FIVE_MINUTES_MS = 5 * 60 * 1_000;

/** Everything that some commands come to. */
type State = {
  onHand: Map<string, number>;
  types: Map<string, LocationType>;
  tracked: Set<string>;
  productOf: Map<string, string>;
  lowStock: Map<string, ModelLowStock>;
  policy: ModelPolicy;
};

type ModelPolicy = Readonly<Record<'floors' | 'locations' | 'variants', ReadonlyMap<string, number | null>>> &
  Readonly<{ holds: boolean }>;

function foldAll(commands: readonly CommandInput[], system: SystemLocations, policy: ModelPolicy): State {
  const types = Object.entries(system).map(([type, id]) => [id, type as LocationType] as const);
  const state: State = {
    onHand: new Map(),
    types: new Map(types),
    tracked: new Set(),
    productOf: new Map(),
    lowStock: new Map(),
    policy,
  };
  for (const command of commands) fold(state, command);
  return state;
}

function fold(state: State, command: CommandInput): void {
  if (command.kind === 'OpenLocation') {
    state.types.set(command.location.id, command.location.type);
    return;
  }
  if (command.kind === 'SetLowStock') {
    for (const { productId, variantId, locationId, level = null, alert = false } of command.rules)
      state.lowStock.set(`${variantId} ${locationId}`, { productId, variantId, locationId, level, alert });
    return;
  }
  if (command.kind === 'SetPolicy') {
    // It was spelt out: no name of a system location is left in it.
    state.policy = spellPolicy(command.policy, {});
    return;
  }
  for (const { kind, productId } of command.tracking ?? []) {
    if (kind === 'StartTracking') state.tracked.add(productId);
    else state.tracked.delete(productId);
  }
  for (const line of command.lines ?? []) {
    state.productOf.set(line.variantId, line.productId);
    add(state.onHand, line.variantId, line.from, -line.quantity);
    add(state.onHand, line.variantId, line.to, line.quantity);
  }
}

function add(sheet: Map<string, number>, variantId: string, locationId: string, quantity: number): void {
  const key = `${variantId} ${locationId}`;
  sheet.set(key, (sheet.get(key) ?? 0) + quantity);
}

/** A command, and the balances and notes that it expects, spelt out. */
type Judged = Readonly<{
  command: CommandInput;
  expected: readonly ExpectationInput[];
  expectedNotes: readonly NoteWrite[];
}>;
type Judgement = State & Readonly<{ notes: ReadonlyMap<string, Note>; at: number }>;

/** The rules that a command breaks, in their order: it is tried out on a copy, and the result is looked at. */
function brokenRules({ command, expected, expectedNotes }: Judged, state: Judgement): readonly Rejection['kind'][] {
  const isUnknown = (place: string) => !state.types.has(place);
  if (command.kind === 'OpenLocation') return broken({ LocationAlreadyOpen: state.types.has(command.location.id) });
  if (command.kind === 'SetLowStock') {
    const { rules } = command;
    return broken({
      LocationUnknown: rules.some(({ locationId }) => isUnknown(locationId)),
      VariantOfOtherProduct: rules.some(rule => productOf(rule, rules, state) !== rule.productId),
    });
  }
  if (command.kind === 'SetPolicy')
    return broken({ LocationUnknown: Object.keys(command.policy.locations ?? {}).some(isUnknown) });
  const lines = command.lines ?? [];
  const places = [...lines.flatMap(({ from, to }) => [from, to]), ...expected.map(({ locationId }) => locationId)];
  const named = [...lines, ...expected];
  const after: State = {
    ...state,
    onHand: new Map(state.onHand),
    tracked: new Set(state.tracked),
    productOf: new Map(),
  };
  fold(after, command);
  const written = new Map(state.notes);
  for (const { kind, id, body } of command.notes ?? [])
    written.set(`${kind} ${id}`, { kind, id, body: body ?? null, sequence: 0 });
  const keys = [...new Set([...after.onHand.keys(), ...promisedKeys(written)])];
  const isShort = (key: string) => {
    const floor = floorOf(key, state);
    if (floor === null) return false;
    const [was, is] = [state, after].map(({ onHand }) => onHand.get(key) ?? 0) as [number, number];
    const [owed, owes] = state.policy.holds ? promisedAround(state, written, key) : [0, 0];
    return is - owes < was - owed ? is - owes < floor : is < was && is < floor;
  };
  return broken({
    LocationUnknown: places.some(isUnknown),
    VariantOfOtherProduct: named.some(item => productOf(item, named, state) !== item.productId),
    ProductNotTracked: lines.some(line => !after.tracked.has(line.productId)),
    NoteStale: expectedNotes.some(
      ({ kind, id, ifSequence }) =>
        ifSequence !== undefined && (state.notes.get(`${kind} ${id}`)?.sequence ?? 0) !== ifSequence,
    ),
    BalanceStale: expected.some(
      ({ variantId, locationId, onHand }) => (state.onHand.get(`${variantId} ${locationId}`) ?? 0) !== onHand,
    ),
    BalanceOverflow: [...after.onHand.values()].some(onHand => !Number.isSafeInteger(onHand)),
    StockInsufficient: command.override == null && keys.some(isShort),
  });
}

function broken(rules: Readonly<Partial<Record<Rejection['kind'], boolean>>>): readonly Rejection['kind'][] {
  return Object.entries(rules).flatMap(([kind, isBroken]) => (isBroken ? [kind as Rejection['kind']] : []));
}

type Promises = Readonly<{ at: number; until: readonly (readonly [expiresAt: number | null, quantity: number])[] }>;

/** The balances of which something is promised, as far as notes say so. */
function promisedKeys(notes: ReadonlyMap<string, Note>): readonly string[] {
  return [...notes.keys()].flatMap(name => {
    const [, locationId, variantId] = /^reserved ([^.]+)[.]([^.]+)$/.exec(name) ?? [];
    return locationId === undefined ? [] : [`${variantId} ${locationId}`];
  });
}

/** What the open holds of a balance come to before and after a command: by the time it says that for, if it says so. */
function promisedAround({ notes, at }: Judgement, written: ReadonlyMap<string, Note>, key: string) {
  const [before, after] = [promisesOf(notes, key), promisesOf(written, key)];
  const then = before === after ? at : (after?.at ?? at);
  return [before, after].map(promises =>
    (promises?.until ?? []).reduce(
      (sum, [expiresAt, quantity]) => sum + (expiresAt === null || expiresAt > then ? quantity : 0),
      0,
    ),
  ) as [number, number];
}

function promisesOf(notes: ReadonlyMap<string, Note>, key: string): Promises | undefined {
  const [variantId, locationId] = key.split(' ');
  return notes.get(`reserved ${locationId}.${variantId}`)?.body as Promises | undefined;
}

/** The least that a balance may be; null where there is none. */
function floorOf(key: string, { policy, types }: State): number | null {
  const [variantId = '', locationId = ''] = key.split(' ');
  const type = types.get(locationId) ?? '';
  if (policy.locations.get(locationId) === null) return null;
  const ofPlace = policy.locations.get(locationId) ?? policy.floors.get(type);
  const isKept = type === 'STORE' || ofPlace != null;
  return isKept && policy.variants.has(variantId) ? (policy.variants.get(variantId) ?? null) : (ofPlace ?? null);
}

type Named = Readonly<{ variantId: string; productId: string }>;

/** A variant belongs to the product with which it moved first. */
function productOf(line: Named, lines: readonly Named[], state: State): string | undefined {
  return state.productOf.get(line.variantId) ?? lines.find(other => other.variantId === line.variantId)?.productId;
}

/** The command with every field there, ids in lower case, and ids for the names of system locations. */
function spellOut(command: CommandInput, system: SystemLocations): CommandInput {
  const id = command.id.toLowerCase();
  const provenance = spellProvenance(command.provenance);
  if (command.kind === 'OpenLocation') {
    const { id: locationId, type, name } = command.location;
    return { kind: command.kind, id, provenance, location: { id: locationId.toLowerCase(), type, name } };
  }
  if (command.kind === 'SetLowStock') {
    const rules = command.rules.map(({ productId, variantId, locationId, level = null, alert = false }) => ({
      productId: productId.toLowerCase(),
      variantId: variantId.toLowerCase(),
      locationId: place(locationId, system),
      level,
      alert,
    }));
    return { kind: command.kind, id, provenance, rules };
  }
  if (command.kind === 'SetPolicy') {
    const { floors, locations, variants, holds } = spellPolicy(command.policy, system);
    const inOrder = (part: ReadonlyMap<string, number | null>) => Object.fromEntries([...part].sort());
    return {
      kind: command.kind,
      id,
      provenance,
      policy: { floors: inOrder(floors), locations: inOrder(locations), variants: inOrder(variants), holds },
    };
  }
  return {
    kind: command.kind,
    id,
    provenance,
    override: command.override == null ? null : { floors: true, reason: command.override.reason },
    notes: (command.notes ?? []).flatMap(({ kind, id, body }) => (body === undefined ? [] : [{ kind, id, body }])),
    request: sorted(command.request ?? null),
    externalUuid: command.externalUuid?.toLowerCase() ?? null,
    tracking: (command.tracking ?? []).map(({ kind, productId }) => ({ kind, productId: productId.toLowerCase() })),
    lines: (command.lines ?? []).map(({ productId, variantId, from, to, quantity }) => ({
      productId: productId.toLowerCase(),
      variantId: variantId.toLowerCase(),
      from: place(from, system),
      to: place(to, system),
      quantity,
    })),
  };
}

/** JSON with its fields in order: a request is the same whatever the order in which it was written. */
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field as JsonValue)]),
  );
}

function expectationsOf(command: CommandInput, system: SystemLocations): readonly ExpectationInput[] {
  if (command.kind !== 'RecordMovements') return [];
  return (command.expect ?? []).map(({ locationId, productId, variantId, onHand }) => ({
    locationId: place(locationId, system),
    productId: productId.toLowerCase(),
    variantId: variantId.toLowerCase(),
    onHand,
  }));
}

/** Where a command comes from with every field there, null where nobody said. */
function spellProvenance(provenance: ProvenanceInput | null | undefined): ProvenanceInput {
  const { source = null, externalId = null, reason = null, causedBy, occurredAt = null } = provenance ?? {};
  return { source, externalId, reason, causedBy: causedBy?.toLowerCase() ?? null, occurredAt };
}

/** A policy with every list there, in lower case, and without floors of types that are none. */
function spellPolicy(policy: PolicyInput = {}, system: Partial<SystemLocations>): ModelPolicy {
  const { floors = {}, locations = {}, variants = {}, holds = false } = policy;
  const byId = (part: Readonly<Record<string, number | null>>) =>
    new Map(Object.entries(part).map(([id, floor]) => [place(id, system), floor]));
  const ofTypes = Object.entries(floors).flatMap(([type, floor]) => (floor == null ? [] : [[type, floor] as const]));
  return { floors: new Map(ofTypes), locations: byId(locations), variants: byId(variants), holds };
}

function place(ref: string, system: Partial<SystemLocations>): string {
  return Object.entries(system).find(([name]) => name === ref)?.[1] ?? ref.toLowerCase();
}

function sheetToList(sheet: ReadonlyMap<string, number>): readonly ModelBalance[] {
  return [...sheet]
    .filter(([, onHand]) => onHand !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, onHand]) => {
      const [variantId = '', locationId = ''] = key.split(' ');
      return { variantId, locationId, onHand };
    });
}
