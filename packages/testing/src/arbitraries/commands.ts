import {
  type ProvenanceInput,
  type RecordMovementsInput,
  startTracking,
  stopTracking,
  type Uuid,
} from '@stockfold/core';
import fc from 'fast-check';
import { id } from './id.ts';
import { type LineDraft, lineDraft, lineIn } from './line.ts';
import { provenance } from './provenance.ts';
import { productsOf, type World, world } from './world.ts';

/** A shop and what it does, in order. */
export type CommandRun = Readonly<{ world: World; commands: readonly RecordMovementsInput[] }>;

type CommandDraft = Readonly<{
  id: Uuid;
  lines: readonly LineDraft[];
  stops: boolean;
  externalUuid: Uuid | null;
  provenance: ProvenanceInput | undefined;
}>;

const commandDraft: fc.Arbitrary<CommandDraft> = fc.record({
  id,
  lines: fc.array(lineDraft, { minLength: 1, maxLength: 5 }),
  stops: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  externalUuid: fc.option(id, { freq: 4 }),
  provenance: fc.option(provenance, { nil: undefined, freq: 2 }),
});

/**
 * Valid commands with different ids. The first starts to track every product; a few stop to track one and so are
 * refused for what they move, and so may be some that follow. It shrinks towards one command with one line.
 *
 * @example `fc.asyncProperty(commands, async ({ world, commands }) => { for (const command of commands) await ledger.execute(command); })`
 */
export const commands: fc.Arbitrary<CommandRun> = fc
  .record({
    world,
    drafts: fc.uniqueArray(commandDraft, { selector: draft => draft.id, minLength: 1, maxLength: 12 }),
  })
  .map(({ world: shop, drafts }) => ({
    world: shop,
    commands: drafts.map((draft, position) => commandIn(shop, draft, position === 0)),
  }));

function commandIn(shop: World, draft: CommandDraft, isFirst: boolean): RecordMovementsInput {
  const lines = draft.lines.map(line => lineIn(shop, line));
  const { id, externalUuid, provenance } = draft;
  const command = { kind: 'RecordMovements', id, externalUuid, provenance } as const;
  if (isFirst) return { ...command, lines, tracking: productsOf(shop).map(startTracking) };
  if (!draft.stops) return { ...command, lines };
  const [product] = lines.map(line => line.productId);
  // A command that stops tracking moves nothing of that product, or it would always be refused.
  const others = lines.filter(line => line.productId !== product);
  return { ...command, lines: others, tracking: [stopTracking(product ?? '')] };
}
