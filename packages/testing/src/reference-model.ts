import type { CommandInput, ExpectationInput, LocationType, Policy, Rejection, SystemLocations } from '@stockfold/core';

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
  /** Judges a well-formed command, and records it when nothing speaks against it. */
  apply: (command: CommandInput) => ModelAnswer;
  /** What `apply` would say now; nothing is recorded. */
  preview: (command: CommandInput) => ModelAnswer;
  /** All balances other than 0, by variant and location. */
  balances: () => readonly ModelBalance[];
  /** The low-stock rules that stand, by variant and location. */
  lowStock: () => readonly ModelLowStock[];
  /** The balances after the first `sequence` commands. */
  asOf: (sequence: number) => readonly ModelBalance[];
}>;

/** Whose ledger it is. */
export type ReferenceModelOptions = Readonly<{
  /** The ids of the system locations, as the ledger has them. */
  locations: SystemLocations;
  policy?: Policy | undefined;
}>;

/**
 * Makes the reference model. It shares types with core and no code, so that one mistake cannot be made in both.
 *
 * @example `createReferenceModel(world).apply(command) === 'recorded'`
 */
export function createReferenceModel({ locations, policy }: ReferenceModelOptions): ReferenceModel {
  const recorded: CommandInput[] = [];
  const balancesOf = (commands: readonly CommandInput[]) => sheetToList(foldAll(commands, locations).onHand);
  const preview = (input: CommandInput): ModelAnswer => {
    const command = spellOut(input, locations);
    const first = recorded.find(candidate => candidate.id === command.id);
    if (first !== undefined) return JSON.stringify(first) === JSON.stringify(command) ? 'replayed' : 'CommandIdReused';
    const expected = expectationsOf(input, locations);
    return judge({ command, expected }, foldAll(recorded, locations), policy?.floors ?? {}) ?? 'recorded';
  };
  return {
    preview,
    apply: input => {
      const answer = preview(input);
      if (answer === 'recorded') recorded.push(spellOut(input, locations));
      return answer;
    },
    balances: () => balancesOf(recorded),
    lowStock: () =>
      [...foldAll(recorded, locations).lowStock]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, rule]) => (rule.level === null && !rule.alert ? [] : [rule])),
    asOf: sequence => balancesOf(recorded.slice(0, sequence)),
  };
}

/** Everything that some commands come to. */
type State = {
  onHand: Map<string, number>;
  types: Map<string, LocationType>;
  tracked: Set<string>;
  productOf: Map<string, string>;
  lowStock: Map<string, ModelLowStock>;
};

function foldAll(commands: readonly CommandInput[], system: SystemLocations): State {
  const types = Object.entries(system).map(([type, id]) => [id, type as LocationType] as const);
  const state: State = {
    onHand: new Map(),
    types: new Map(types),
    tracked: new Set(),
    productOf: new Map(),
    lowStock: new Map(),
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

/** A command, and the balances that it expects, spelt out. */
type Judged = Readonly<{ command: CommandInput; expected: readonly ExpectationInput[] }>;

/** The first rule that a command breaks: it is tried out on a copy, and the result is looked at. */
function judge({ command, expected }: Judged, state: State, floors: Policy['floors']): Rejection['kind'] | null {
  if (command.kind === 'OpenLocation') return state.types.has(command.location.id) ? 'LocationAlreadyOpen' : null;
  if (command.kind === 'SetLowStock') {
    const { rules } = command;
    if (rules.some(({ locationId }) => !state.types.has(locationId))) return 'LocationUnknown';
    return rules.some(rule => productOf(rule, rules, state) !== rule.productId) ? 'VariantOfOtherProduct' : null;
  }
  const lines = command.lines ?? [];
  const places = [...lines.flatMap(({ from, to }) => [from, to]), ...expected.map(({ locationId }) => locationId)];
  if (places.some(place => !state.types.has(place))) return 'LocationUnknown';
  const named = [...lines, ...expected];
  if (named.some(item => productOf(item, named, state) !== item.productId)) return 'VariantOfOtherProduct';
  const after: State = {
    ...state,
    onHand: new Map(state.onHand),
    tracked: new Set(state.tracked),
    productOf: new Map(),
  };
  fold(after, command);
  if (lines.some(line => !after.tracked.has(line.productId))) return 'ProductNotTracked';
  if (
    expected.some(
      ({ variantId, locationId, onHand }) => (state.onHand.get(`${variantId} ${locationId}`) ?? 0) !== onHand,
    )
  )
    return 'BalanceStale';
  if ([...after.onHand.values()].some(onHand => !Number.isSafeInteger(onHand))) return 'BalanceOverflow';
  const isShort = [...after.onHand].some(([key, onHand]) => {
    const floor = floors[state.types.get(key.split(' ')[1] ?? '') ?? 'BIN'] ?? Number.NEGATIVE_INFINITY;
    return onHand < (state.onHand.get(key) ?? 0) && onHand < floor;
  });
  return isShort ? 'StockInsufficient' : null;
}

type Named = Readonly<{ variantId: string; productId: string }>;

/** A variant belongs to the product with which it moved first. */
function productOf(line: Named, lines: readonly Named[], state: State): string | undefined {
  return state.productOf.get(line.variantId) ?? lines.find(other => other.variantId === line.variantId)?.productId;
}

/** The command with every field there, ids in lower case, and ids for the names of system locations. */
function spellOut(command: CommandInput, system: SystemLocations): CommandInput {
  const id = command.id.toLowerCase();
  if (command.kind === 'OpenLocation') {
    const { id: locationId, type, name } = command.location;
    return { kind: command.kind, id, location: { id: locationId.toLowerCase(), type, name } };
  }
  if (command.kind === 'SetLowStock') {
    const rules = command.rules.map(({ productId, variantId, locationId, level = null, alert = false }) => ({
      productId: productId.toLowerCase(),
      variantId: variantId.toLowerCase(),
      locationId: place(locationId, system),
      level,
      alert,
    }));
    return { kind: command.kind, id, rules };
  }
  return {
    kind: command.kind,
    id,
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

function expectationsOf(command: CommandInput, system: SystemLocations): readonly ExpectationInput[] {
  if (command.kind !== 'RecordMovements') return [];
  return (command.expect ?? []).map(({ locationId, productId, variantId, onHand }) => ({
    locationId: place(locationId, system),
    productId: productId.toLowerCase(),
    variantId: variantId.toLowerCase(),
    onHand,
  }));
}

function place(ref: string, system: SystemLocations): string {
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
