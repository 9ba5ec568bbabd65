import {
  createLedger,
  isolatesTenants,
  type Ledger,
  type LedgerOptions,
  type LedgerStore,
  restock,
  startTracking,
} from '@stockfold/core';
import { checkWorld } from './check-world.ts';
import { type ClientWorld, type Outcome, type Reading, runClient } from './client.ts';
import { createFaultyStore, type FaultyWorld } from './create-faulty-store.ts';
import type { FaultKind } from './fault.ts';
import { observeStore, type State, type States } from './observe-store.ts';
import { createScheduler, type Scheduler, Stuck } from './scheduler.ts';
import { scriptsOf } from './script.ts';
import { trackCalls } from './track-calls.ts';
import type { Violation } from './violation.ts';
import { numberedId, type SimulatedShop, type SimulatedWorld, shopOf } from './world.ts';

/** What is simulated: the shipped code, or something else that should keep the same promises. */
export type Subject = Readonly<{
  /** A fresh, empty store: what outlives every crash. */
  openStore: () => LedgerStore | Promise<LedgerStore>;
  /** The ledger of one process; `createLedger` when absent. */
  openLedger?: ((options: LedgerOptions) => Ledger) | undefined;
}>;

/** What a world has come to. */
export type WorldReport = Readonly<{
  violations: readonly Violation[];
  commands: number;
  calls: number;
  faults: number;
  steps: number;
}>;

/** Runs one world to its end, with all faults healed, and holds everything that was promised against what happened. */
export async function runWorld(world: SimulatedWorld, subject: Subject, states: States): Promise<WorldReport> {
  const disk = await subject.openStore();
  const { store: tracked, isBusy } = trackCalls(disk);
  const scheduler = createScheduler({ order: world.order, isBusy });
  const shop = shopOf(world);
  const counters = { calls: 0, faults: 0, stale: 0, head: 0 };
  const neighbour = await openNeighbour(disk, shop);
  const store = observeStore(tracked, states, sequence => {
    counters.head = Math.max(counters.head, sequence);
  });
  const onFault = (kind: FaultKind) => {
    counters.faults += 1;
    if (kind === 'stale' || kind === 'clockJump') counters.stale += 1;
    const state = STATE_OF[kind];
    if (state !== undefined) states[state] += 1;
  };
  const onLate: FaultyWorld['onLate'] = answer => {
    if (answer?.kind === 'committed') states['late effect landed'] += 1;
    if (answer?.kind === 'known') states['late effect was too late'] += 1;
  };
  const open = (faulty: LedgerStore, clock: () => number) =>
    (subject.openLedger ?? createLedger)({
      store: faulty,
      organizationId: shop.organizationId,
      policy: shop.policy,
      clock,
      // Shorter than the patience of a client: a store that hangs is given up before its clients give up the ledger.
      storeTimeoutMs: STORE_TIMEOUT_MS,
      setTimer: scheduler.setTimer,
    });
  const processes = Array.from({ length: world.processes }, () =>
    createProcess({ scheduler, world, store, open, onFault, onLate, nextCall: () => counters.calls++ }),
  );
  const outcomes: Outcome[] = [];
  const readings: Reading[][] = [];
  const violations: Violation[] = [];
  const tasks = scriptsOf(world).map((steps, client) => async () => {
    const process = processes[client % processes.length] as SimulatedProcess;
    const clientWorld: ClientWorld = {
      ...process,
      scheduler,
      states,
      head: () => counters.head,
      staleAnswers: () => counters.stale,
    };
    const done = await runClient(steps, clientWorld);
    outcomes.push(...done.outcomes);
    readings.push(done.readings);
  });
  try {
    await scheduler.run(tasks);
    const ledger = open(disk, scheduler.now);
    violations.push(...(await checkWorld({ disk, ledger, shop, outcomes, readings })), ...(await neighbour()));
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    violations.push({ promise: 'liveness', detail: error.message });
  }
  await disk.close();
  return {
    violations,
    commands: outcomes.length,
    calls: counters.calls,
    faults: counters.faults,
    steps: scheduler.step(),
  };
}

/** Another organization on the same store, with the same ids: what it is answered must be the same at the end. */
async function openNeighbour(disk: LedgerStore, shop: SimulatedShop): Promise<() => Promise<readonly Violation[]>> {
  const organizationId = numberedId(0xa, 2);
  const { execute, journal, balances, locations } = createLedger({ store: disk, organizationId, clock: () => 0 });
  const lines = shop.variants.map(variant => restock('STORE', variant, 7));
  const tracking = shop.variants.map(({ productId }) => startTracking(productId));
  await execute({ kind: 'RecordMovements', id: numberedId(0xd, 1), tracking, lines });
  const answers = async () =>
    [await journal(), await balances(), await locations()].map(answer => answer.unwrapOr(null));
  const before = await answers();
  return async () =>
    isolatesTenants(before, await answers()).map(breach => ({ promise: breach.invariant, detail: breach }));
}

const STATE_OF: Readonly<Partial<Record<FaultKind, State>>> = {
  crashBefore: 'process crashed and came back',
  crashAfter: 'process crashed and came back',
  full: 'store was full',
  busy: 'store was busy',
  stale: 'stale rows were read',
  twice: 'delivered twice',
  clockJump: 'clock jumped',
};

/** A process: a ledger that can be lost, and is then opened again on the same store. */
type SimulatedProcess = Readonly<{ ledger: () => Ledger; crashed: () => Promise<'crashed'> }>;

type ProcessGround = Readonly<{
  scheduler: Scheduler;
  world: SimulatedWorld;
  store: LedgerStore;
  open: (store: LedgerStore, clock: () => number) => Ledger;
  onFault: FaultyWorld['onFault'];
  onLate: FaultyWorld['onLate'];
  nextCall: () => number;
}>;

// As long as the backoff of a client: some late effects come before its next attempt, some after.
const LATE_MS = 50;
const STORE_TIMEOUT_MS = 400;
const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000;
// A new one each time: a promise that all wait for would keep all of them in memory.
const never = () => new Promise<never>(() => undefined);

function createProcess({ scheduler, world, store, open, onFault, onLate, nextCall }: ProcessGround): SimulatedProcess {
  let offset = 0;
  let jumps = 0;
  const start = () => {
    let die: (end: 'crashed') => void = () => undefined;
    const end = new Promise<'crashed'>(resolve => {
      die = resolve;
    });
    let alive = true;
    const faulty = createFaultyStore(store, world.faults, {
      nextCall,
      onFault,
      onLate,
      later: () => scheduler.sleep(LATE_MS),
      // Code of a process that has ended goes no further.
      pause: () => scheduler.pause().then(() => (alive ? undefined : never())),
      jump: () => {
        offset += jumps++ % 2 === 0 ? -TEN_YEARS_MS : 2 * TEN_YEARS_MS;
      },
      crash: () => {
        alive = false;
        running = start();
        die('crashed');
      },
    });
    return { ledger: open(faulty, () => scheduler.now() + offset), end };
  };
  let running = start();
  return { ledger: () => running.ledger, crashed: () => running.end };
}
