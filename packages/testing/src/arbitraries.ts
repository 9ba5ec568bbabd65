import type { MovementLine, NoteWrite, PolicyInput, Quantity, Uuid } from '@stockfold/core';
import type fc from 'fast-check';
import { type CommandRun, commands } from './arbitraries/commands.ts';
import { hostileInput } from './arbitraries/hostile-input.ts';
import { id } from './arbitraries/id.ts';
import { line } from './arbitraries/line.ts';
import { note } from './arbitraries/noting.ts';
import { policy } from './arbitraries/policy.ts';
import { quantity } from './arbitraries/quantity.ts';
import { type ScarceStock, scarceStock } from './arbitraries/scarce-stock.ts';
import { type World, world } from './arbitraries/world.ts';

/** What fast-check can draw for a ledger. All of it shrinks. */
export type Arbitraries = Readonly<{
  /** A UUID in lower case. `fc.property(arbitraries.id, text => parseUuid(text).isOk())` */
  id: fc.Arbitrary<Uuid>;
  /** What one movement carries, in smallest units. `fc.property(arbitraries.quantity, pieces => pieces >= 1)` */
  quantity: fc.Arbitrary<Quantity>;
  /** A small shop. `arbitraries.world.map(shop => shop.variants.length)` gives 1 to 9. */
  world: fc.Arbitrary<World>;
  /** A movement in a shop. `arbitraries.world.chain(shop => fc.array(arbitraries.line(shop)))` */
  line: (shop: World) => fc.Arbitrary<MovementLine>;
  /** What a shop allows. `arbitraries.world.chain(shop => arbitraries.policy(shop))` */
  policy: (shop: World) => fc.Arbitrary<PolicyInput>;
  /** What a command does to a note. `arbitraries.note.map(note => ({ kind: 'RecordMovements', id, notes: [note] }))` */
  note: fc.Arbitrary<NoteWrite>;
  /** A shop and valid commands. `fc.asyncProperty(arbitraries.commands, async ({ world, commands }) => …)` */
  commands: fc.Arbitrary<CommandRun>;
  /** Many sellers, little stock. `fc.asyncProperty(arbitraries.scarceStock, async ({ policy, stocking, sales }) => …)` */
  scarceStock: fc.Arbitrary<ScarceStock>;
  /** No commands. `fc.property(arbitraries.hostileInput, input => parseCommand(input, system).isErr())` */
  hostileInput: fc.Arbitrary<unknown>;
}>;

/** The arbitraries of this package, for properties of one's own. */
export const arbitraries: Arbitraries = {
  id,
  quantity,
  world,
  line,
  policy,
  note,
  commands,
  scarceStock,
  hostileInput,
};
