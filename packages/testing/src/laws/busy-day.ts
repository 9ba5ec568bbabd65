import type { CommandInput, Policy } from '@stockfold/core';
import fc from 'fast-check';
import { commands } from '../arbitraries/commands.ts';
import { scarceStock } from '../arbitraries/scarce-stock.ts';
import type { World } from '../arbitraries/world.ts';

/** What a shop is told on one day, and how many tell it at once. */
export type BusyDay = Readonly<{
  world: World;
  policy: Policy | undefined;
  commands: readonly CommandInput[];
  /** Commands under way at the same time. */
  width: number;
}>;

const width = fc.integer({ min: 1, max: 6 });

/** Either a mixture of movements without floors, or a rush on scarce stock with them. */
export const busyDay: fc.Arbitrary<BusyDay> = fc.oneof(
  fc.record({ run: commands, width }).map(({ run, width }) => ({ ...run, policy: undefined, width })),
  fc.record({ rush: scarceStock, width }).map(({ rush: { world, policy, stocking, sales }, width }) => ({
    world,
    policy,
    commands: [stocking, ...sales],
    width,
  })),
);
