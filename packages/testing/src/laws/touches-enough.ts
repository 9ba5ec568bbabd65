import {
  touchesEnough as breachesOf,
  type Command,
  touches as coreTouches,
  decide,
  evolve,
  type LedgerEvent,
  NO_FLOORS,
  type Policy,
  parseCommand,
  type Slice,
  type SliceKeys,
  systemLocationList,
} from '@stockfold/core';
import fc from 'fast-check';
import { commands } from '../arbitraries/commands.ts';
import { scarceStock } from '../arbitraries/scarce-stock.ts';
import type { World } from '../arbitraries/world.ts';
import { assertNone, type Law } from './law.ts';

/**
 * Invariant 6: for any command, `decide` comes to the same answer on the rows of `touches` alone.
 *
 * @param touches - That of core, unless another one is to be judged.
 */
export function touchesEnough(touches: (command: Command) => SliceKeys = coreTouches): Law {
  return fc.asyncProperty(history, async ({ world, policy, commands }) => {
    let slice = evolve(EMPTY, foundingOf(world, policy));
    for (const input of commands) {
      const command = parseCommand(input, world.locations)._unsafeUnwrap();
      for (const tried of [command, stolen(command)]) assertNone(breachesOf(tried, slice, touches(tried)));
      slice = evolve(slice, decide(command, slice).unwrapOr([]));
    }
  });
}

/** The command with its variants as those of another product, for the rule that looks at that. */
function stolen(command: Command): Command {
  if (command.kind !== 'RecordMovements') return command;
  return { ...command, lines: command.lines.map(line => ({ ...line, productId: command.id })) };
}

const history = fc.oneof(
  commands.map(run => ({ ...run, policy: NO_FLOORS })),
  scarceStock.map(({ world, policy, stocking, sales }) => ({ world, policy, commands: [stocking, ...sales] })),
);

const EMPTY: Slice = {
  configVersion: 1,
  policy: NO_FLOORS,
  locations: new Map(),
  tracked: new Set(),
  productOf: new Map(),
  onHand: new Map(),
};

function foundingOf(world: World, policy: Policy): readonly LedgerEvent[] {
  const opened = systemLocationList(world.locations).map(location => ({ kind: 'LocationOpened', location }) as const);
  return [...opened, { kind: 'PolicySet', policy }];
}
