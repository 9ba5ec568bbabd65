import { type CommandId, DEFAULT_ORGANIZATION_ID, type OrganizationId, readUuid, type Uuid } from '../model/id.ts';
import { deriveSystemLocations, SYSTEM_LOCATION_TYPES, type SystemLocations } from '../model/location.ts';
import type { Policy, PolicyInput } from '../model/policy.ts';
import { parsePolicy } from '../rules/parse-policy.ts';
import { type Deadline, type SetTimer, setRuntimeTimer } from './deadline.ts';
import type { LedgerStore } from './store.ts';
import { uuidV7 } from './uuid-v7.ts';

/** What a ledger is made of. */
export type LedgerOptions = Readonly<{
  store: LedgerStore;
  /** The tenant; {@link DEFAULT_ORGANIZATION_ID} for an application that has only one. */
  organizationId?: string | undefined;
  /** Floors, kept in the store with this handle's first command; without it, those that are stored go on to count. */
  policy?: PolicyInput | undefined;
  /** Ids for the four locations that the organization begins with; derived from its own id when absent. */
  systemLocations?: Readonly<Record<keyof SystemLocations, string>> | undefined;
  /** Milliseconds since 1970; `Date.now` when absent. */
  clock?: (() => number) | undefined;
  /** Makes UUIDs for `newId` of the ledger; {@link uuidV7} when absent. */
  newId?: (() => string) | undefined;
  /** The most commands of one commit; 256 when absent. */
  groupMax?: number | undefined;
  /** The most commands that wait, beyond which `execute` answers `Overloaded`; 10,000 when absent. */
  queueMax?: number | undefined;
  /** How long a store may take, in milliseconds, before the outcome of a commit is `OutcomeUnknown`; 30,000 when absent. */
  storeTimeoutMs?: number | undefined;
  /**
   * How often `watch` looks for commits through other handles, in milliseconds, where the store does not
   * tell of them; 1,000 when absent.
   */
  watchEveryMs?: number | undefined;
  /** For both: `setTimeout` when absent. */
  setTimer?: SetTimer | undefined;
}>;

/** Options that can be relied on. */
export type ParsedOptions = Readonly<{
  store: LedgerStore;
  organizationId: OrganizationId;
  policy: Policy | undefined;
  systemLocations: SystemLocations;
  clock: () => number;
  newId: () => CommandId;
  groupMax: number;
  queueMax: number;
  deadline: Deadline;
  watchEveryMs: number;
}>;

/** Checks the options of a ledger and fills in the defaults. */
export function parseOptions(options: LedgerOptions): ParsedOptions {
  const { store, organizationId, policy, systemLocations, clock = Date.now, newId = uuidV7 } = options;
  const { setTimer = setRuntimeTimer } = options;
  need(typeof store?.commit === 'function', 'store is a LedgerStore');
  for (const [name, option] of Object.entries({ clock, newId, setTimer }))
    need(typeof option === 'function', `${name} is a function`);
  const organization =
    organizationId === undefined ? DEFAULT_ORGANIZATION_ID : uuidOption('organizationId', organizationId);
  const system = systemLocations === undefined ? deriveSystemLocations(organization) : systemOption(systemLocations);
  return {
    store,
    organizationId: organization,
    policy: policy === undefined ? undefined : policyOption(policy, system),
    systemLocations: system,
    clock: () => readClock(clock),
    newId: () => uuidOption('an id of newId', newId()),
    groupMax: countOption('groupMax', options.groupMax ?? 256),
    queueMax: countOption('queueMax', options.queueMax ?? 10_000),
    watchEveryMs: countOption('watchEveryMs', options.watchEveryMs ?? 1_000),
    deadline: { setTimer, timeoutMs: countOption('storeTimeoutMs', options.storeTimeoutMs ?? 30_000) },
  };
}

function need(isMet: false, what: string): never;
function need(isMet: boolean, what: string): asserts isMet;
function need(isMet: boolean, what: string): void {
  if (!isMet) throw new TypeError(`createLedger: ${what}`);
}

// A clock that gives no whole number of milliseconds is read as 0: the store keeps `recordedAt` from going back, and
// order never comes from it.
function readClock(clock: () => number): number {
  const now: unknown = clock();
  const at = typeof now === 'number' ? Math.trunc(now) : Number.NaN;
  return Number.isSafeInteger(at) ? at + 0 : 0;
}

function uuidOption(name: string, input: unknown): Uuid {
  const id = readUuid(input);
  need(id !== null, `${name} is a UUID`);
  return id;
}

function countOption(name: string, input: number): number {
  need(Number.isSafeInteger(input) && input >= 1, `${name} is 1 or more`);
  return input;
}

function policyOption(input: PolicyInput, system: SystemLocations): Policy {
  const policy = parsePolicy(input, system);
  if (policy.isOk()) return policy.value;
  return need(false, policy.error.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

function systemOption(input: Readonly<Record<keyof SystemLocations, string>>): SystemLocations {
  const ids = SYSTEM_LOCATION_TYPES.map(type => [type, uuidOption(`systemLocations.${type}`, input[type])] as const);
  need(new Set(ids.map(([, id]) => id)).size === ids.length, 'systemLocations are four different ids');
  return Object.fromEntries(ids) as SystemLocations;
}
