import {
  deriveSystemLocations,
  type OrganizationId,
  type Policy,
  type SystemLocations,
  type Uuid,
} from '@stockfold/core';
import fc from 'fast-check';
import type { WorldVariant } from '../arbitraries/world.ts';
import { FAULT_KINDS, type Fault } from './fault.ts';

/** What a client of a simulated world does, one after the other. Locations, clients and their commands are counted from 0. */
export type Op =
  /** Takes stock from the STORE, of one or both variants. */
  | Readonly<{ kind: 'sell'; pieces: readonly [number, number] }>
  | Readonly<{ kind: 'restock'; pieces: readonly [number, number] }>
  /** Moves stock between any two of the system locations, by their positions. */
  | Readonly<{ kind: 'transfer'; from: number; to: number; pieces: number }>
  /** Stops tracking of the second product, or starts it again, and sells one piece of the first in the same command. */
  | Readonly<{ kind: 'track'; start: boolean }>
  /** Sells a piece of the first variant if the STORE has just so many. */
  | Readonly<{ kind: 'expect'; onHand: number }>
  /** Sells although a floor may be broken. */
  | Readonly<{ kind: 'force'; pieces: readonly [number, number] }>
  /** Sets a floor of STORE, or none, and one of the first variant, or none, or nothing about it. */
  | Readonly<{ kind: 'policy'; store: number | null; first: number | null | undefined; holds?: boolean }>
  /** Holds pieces of the first variant, for ever or for so long after the world began; posts some hold, or gives it up: all of it, or so many pieces. */
  | Readonly<{ kind: 'reserve'; hold: number; pieces: number; untilMs?: number | null }>
  | Readonly<{ kind: 'post' | 'release'; hold: number; pieces: number | null }>
  /** Takes back the first restock, or a command of some client, which may be yet to come; by force where a floor breaks, or not there. */
  | Readonly<{ kind: 'reverse'; client: number; op: number | null; force: boolean }>
  /** Counts the first variant in the STORE, now or so long ago. */
  | Readonly<{ kind: 'count'; pieces: number; agoMs: number }>
  | Readonly<{ kind: 'open'; location: number }>
  /** Writes one of two notes, or takes it away, and sells a piece of the first variant with it, if it was written last when expected. */
  | Readonly<{ kind: 'note'; note: number; isWritten: boolean; ifSequence: number | undefined }>
  /** Sells a piece of the first variant, and says where that comes from: of long ago, or from far ahead. */
  | Readonly<{ kind: 'attribute'; source: number; ahead: boolean }>
  /** Moves the first variant, or one that never moved, under the second product. */
  | Readonly<{ kind: 'misname'; fresh: boolean }>
  /** Sends an earlier command of any client again, as it was. */
  | Readonly<{ kind: 'repeat'; client: number; op: number }>
  /** Sends another command under the id of an earlier one. */
  | Readonly<{ kind: 'reuse'; client: number; op: number }>
  | Readonly<{ kind: 'read' }>
  /** Does nothing for a while. */
  | Readonly<{ kind: 'wait'; ms: number }>;

/** Everything that a run depends on: the same world gives the same run. */
export type SimulatedWorld = Readonly<{
  /** Processes that share the store, each with a ledger of its own. */
  processes: number;
  /** Pieces on the shelf at first, of the two variants. */
  stock: readonly [number, number];
  /** Whether STORE has a floor of 0. */
  floor: boolean;
  /** Whether holds are kept; false when absent. */
  holds?: boolean;
  clients: readonly (readonly Op[])[];
  faults: readonly Fault[];
  /** The order in which all that could go on does; 0 is first come, first served. */
  order: number;
}>;

// A world makes some 30 calls; a fault beyond its last call does not come to pass.
const CALLS_WITH_FAULTS = 40;

const pieces = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })).map(([a, b]) => [a + b === 0 ? 1 : a, b] as const);
const floor: fc.Arbitrary<number | null> = fc.option(fc.integer({ min: -1, max: 2 }), { freq: 3 });
const holds = fc.integer({ min: 0, max: 3 }).map(draw => draw < 3);
const floors = { holds, store: floor, first: fc.option(floor, { nil: undefined, freq: 2 }) };
const note = {
  note: fc.nat({ max: 1 }),
  isWritten: fc.integer({ min: 0, max: 4 }).map(draw => draw < 4),
  ifSequence: fc.option(fc.nat({ max: 8 }), { nil: undefined, freq: 3 }),
};
const origin = { source: fc.nat({ max: 1 }), ahead: fc.boolean() };
// Few, so that one that has ended is often asked for again.
const hold = fc.constantFrom(0, 0, 1);
const someOf = { hold, pieces: fc.constantFrom(null, null, 1, 2) };
// Few here too, so that one is often taken back twice.
const reversed = {
  client: fc.nat({ max: 1 }),
  op: fc.constantFrom(null, 0, 1),
  force: fc.constantFrom(false, false, true),
};
const count = { pieces: fc.nat({ max: 5 }), agoMs: fc.constantFrom(0, 0, 0, 60, 400) };
const earlier = { client: fc.nat({ max: 3 }), op: fc.nat({ max: 5 }) };

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 10, arbitrary: pieces.map(pieces => ({ kind: 'sell' as const, pieces })) },
  { weight: 4, arbitrary: pieces.map(pieces => ({ kind: 'restock' as const, pieces })) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        from: fc.nat({ max: 3 }),
        step: fc.integer({ min: 1, max: 3 }),
        pieces: fc.integer({ min: 1, max: 4 }),
      })
      .map(({ from, step, pieces }) => ({ kind: 'transfer' as const, from, to: (from + step) % 4, pieces })),
  },
  { weight: 2, arbitrary: fc.boolean().map(start => ({ kind: 'track' as const, start })) },
  { weight: 4, arbitrary: fc.nat({ max: 5 }).map(onHand => ({ kind: 'expect' as const, onHand })) },
  { weight: 1, arbitrary: pieces.map(pieces => ({ kind: 'force' as const, pieces })) },
  { weight: 1, arbitrary: fc.record(floors).map(floors => ({ kind: 'policy' as const, ...floors })) },
  { weight: 1, arbitrary: fc.boolean().map(fresh => ({ kind: 'misname' as const, fresh })) },
  { weight: 1, arbitrary: fc.nat({ max: 1 }).map(location => ({ kind: 'open' as const, location })) },
  { weight: 3, arbitrary: fc.record(note).map(note => ({ kind: 'note' as const, ...note })) },
  { weight: 2, arbitrary: fc.record(origin).map(given => ({ kind: 'attribute' as const, ...given })) },
  {
    weight: 5,
    arbitrary: fc
      .record({
        hold,
        pieces: fc.integer({ min: 1, max: 3 }),
        untilMs: fc.constantFrom(null, null, 40, 1_000),
      })
      .map(placed => ({ kind: 'reserve' as const, ...placed })),
  },
  { weight: 5, arbitrary: fc.record(someOf).map(ended => ({ kind: 'post' as const, ...ended })) },
  { weight: 2, arbitrary: fc.record(someOf).map(ended => ({ kind: 'release' as const, ...ended })) },
  { weight: 4, arbitrary: fc.record(reversed).map(at => ({ kind: 'reverse' as const, ...at })) },
  { weight: 3, arbitrary: fc.record(count).map(seen => ({ kind: 'count' as const, ...seen })) },
  { weight: 4, arbitrary: fc.record(earlier).map(at => ({ kind: 'repeat' as const, ...at })) },
  { weight: 1, arbitrary: fc.record(earlier).map(at => ({ kind: 'reuse' as const, ...at })) },
  { weight: 3, arbitrary: fc.constant({ kind: 'read' as const }) },
  { weight: 2, arbitrary: fc.constantFrom(50, 200).map(ms => ({ kind: 'wait' as const, ms })) },
);

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.nat({ max: CALLS_WITH_FAULTS }),
  kind: fc.constantFrom(...FAULT_KINDS),
  n: fc.constantFrom(1, 1, 3),
});

/**
 * Worlds of one to three processes and one to four clients, with none to many faults. A world that breaks something
 * shrinks to a few operations and one to five faults.
 */
export const simulatedWorld: fc.Arbitrary<SimulatedWorld> = fc.record({
  processes: fc.integer({ min: 1, max: 3 }),
  stock: fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })),
  floor: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  holds: fc.boolean(),
  clients: fc.array(fc.array(op, { minLength: 1, maxLength: 6, size: 'max' }), {
    minLength: 1,
    maxLength: 4,
    size: 'max',
  }),
  faults: fc.array(fault, { maxLength: 24, size: 'max' }),
  order: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0 }) }, { weight: 1, arbitrary: fc.constant(0) }),
});

/** The shop in which all simulated worlds play. */
export type SimulatedShop = Readonly<{
  organizationId: OrganizationId;
  locations: SystemLocations;
  variants: readonly [WorldVariant, WorldVariant];
  policy: Policy | undefined;
}>;

/** A UUID that says where it comes from: the same in every run. */
export function numberedId(group: number, item: number): Uuid {
  const digits = (value: number, length: number) => value.toString(16).padStart(length, '0');
  return `${digits(group, 8)}-0000-8000-8000-${digits(item, 12)}` as Uuid;
}

/** The shop of a world: two products with a variant each. */
export function shopOf(world: SimulatedWorld): SimulatedShop {
  const organizationId = numberedId(0xa, 1);
  return {
    organizationId,
    locations: deriveSystemLocations(organizationId),
    variants: [
      { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) },
      { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 2) },
    ],
    policy: world.floor ? { floors: { STORE: 0 }, ...(world.holds === true && { holds: true }) } : undefined,
  };
}
