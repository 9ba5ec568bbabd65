import { expect } from 'vitest';
import {
  type Command,
  decide,
  type ExpectationInput,
  evolve,
  type LedgerEvent,
  type MovementLine,
  type MovementLineInput,
  onHandOf,
  type PolicyInput,
  parseCommand,
  type Rejection,
  type Slice,
  type SystemLocationType,
  type TrackingChangeInput,
} from '../src/index.ts';
import { parsePolicy } from '../src/rules/parse-policy.ts';
import { NEW_SHOP, PLACES, uuid } from './shop.ts';

type Part = MovementLineInput | TrackingChangeInput | ExpectationInput | Readonly<{ override: string }>;
type Past = Part | Readonly<{ policy: PolicyInput }>;

/** What comes of one command. */
export type Outcome = Readonly<{
  thenRecorded: () => void;
  /** The kind of the rejection, and whatever of its fields is of interest. */
  thenRejected: <K extends Rejection['kind']>(kind: K, fields?: Partial<Extract<Rejection, { kind: K }>>) => void;
  thenOnHand: (place: SystemLocationType, variant: Readonly<{ variantId: string }>, onHand: number) => void;
}>;

/** A least balance for STORE locations, in force from the beginning. */
export function floor(least: number): Past {
  return policy({ floors: { STORE: least } });
}

/** What is allowed, in force from the beginning. */
export function policy(allowed: PolicyInput): Past {
  return { policy: allowed };
}

/** Leave for the command to break floors. */
export function overriding(reason: string): Part {
  return { override: reason };
}

/** Tells a story: a shop where some things have happened, and then one command. */
export function given(...past: readonly Past[]): Readonly<{ when: (...parts: readonly Part[]) => Outcome }> {
  const slice = evolve(NEW_SHOP, past.flatMap(eventsOf));
  return { when: (...parts) => outcomeOf(commandOf(...parts), slice) };
}

/** A parsed command of some lines, tracking changes and expectations. */
export function commandOf(...parts: readonly Part[]): Command {
  const lines = parts.filter(part => 'quantity' in part);
  const tracking = parts.filter(part => 'kind' in part);
  const expect = parts.filter(part => 'onHand' in part);
  const [override = null] = parts.flatMap(part =>
    'override' in part ? [{ floors: true, reason: part.override }] : [],
  );
  const command = { kind: 'RecordMovements', id: uuid(900), lines, tracking, expect, override };
  return parseCommand(command, PLACES)._unsafeUnwrap();
}

/** A parsed line. */
export function lineOf(line: MovementLineInput): MovementLine {
  const command = commandOf(line);
  return (command.kind === 'RecordMovements' ? command.lines[0] : undefined) as MovementLine;
}

function eventsOf(part: Past): readonly LedgerEvent[] {
  if ('policy' in part) return [{ kind: 'PolicySet', policy: parsePolicy(part.policy, PLACES)._unsafeUnwrap() }];
  return decide(commandOf(part), NEW_SHOP)._unsafeUnwrap();
}

function outcomeOf(command: Command, slice: Slice): Outcome {
  const decision = decide(command, slice);
  return {
    thenRecorded: () => expect(decision.map(events => events.length > 0)).toEqual(decision.map(() => true)),
    thenRejected: (kind, fields = {}) => expect(decision._unsafeUnwrapErr()).toMatchObject({ kind, ...fields }),
    thenOnHand: (place, { variantId }, onHand) => {
      const after = evolve(slice, decision._unsafeUnwrap());
      const [key] = [...after.onHand.keys()].filter(id => id === variantId);
      expect(key === undefined ? 0 : onHandOf(after.onHand, { variantId: key, locationId: PLACES[place] })).toBe(
        onHand,
      );
    },
  };
}
