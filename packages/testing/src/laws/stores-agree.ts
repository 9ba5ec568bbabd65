import {
  type Balance,
  storesAgree as breachesOf,
  type CommandInput,
  type ExecuteError,
  expecting,
  type Ledger,
  type PolicyInput,
  type Receipt,
  type RecordMovementsInput,
} from '@stockfold/core';
import fc from 'fast-check';
import type { Result } from 'neverthrow';
import { commands } from '../arbitraries/commands.ts';
import { noting, withNotes } from '../arbitraries/noting.ts';
import { scarceStock } from '../arbitraries/scarce-stock.ts';
import { setting, withSettings } from '../arbitraries/setting.ts';
import type { World } from '../arbitraries/world.ts';
import { createReferenceModel, type ModelAnswer, type ModelBalance } from '../reference-model.ts';
import { assertNone, type Law, type OpenLedger, onLedger } from './law.ts';
import { readBalances, readNotes } from './read-ledger.ts';

/** Invariant 9: for any history, a ledger on this store answers what the reference model answers. */
export function storesAgree(open: OpenLedger): Law {
  return fc.asyncProperty(history, ({ world, policy, commands }) =>
    onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
      const model = createReferenceModel({ locations: world.locations, policy, now: 0 });
      const expected = commands.map(command => model.apply(command));
      assertNone(breachesOf(expected, await answersOf(ledger, commands)));
      const recorded = expected.filter(answer => answer === 'recorded').length;
      for (const sequence of [recorded >> 1, recorded])
        assertNone(breachesOf(model.asOf(sequence), nonZero(await readBalances(ledger, sequence))));
      assertNone(breachesOf(model.balances(), nonZero(await readBalances(ledger))));
      assertNone(breachesOf(model.notes(), await readNotes(ledger)));
    }),
  );
}

type History = Readonly<{ world: World; policy: PolicyInput | undefined; commands: readonly CommandInput[] }>;

/**
 * A well-formed command in a worse moment: sent again, sent with other content or from elsewhere, ahead of its time, to where nothing
 * is, or expecting so many pieces where it takes some.
 */
type Twist = Readonly<{ position: number; kind: (typeof TWISTS)[number]; pieces: number }>;

const TWISTS = [
  'again',
  'altered',
  'elsewhere',
  'untracked',
  'overridden',
  'reattributed',
  'tomorrow',
  'expecting',
] as const;

const twist: fc.Arbitrary<Twist> = fc.record({
  position: fc.nat({ max: 12 }),
  kind: fc.constantFrom(...TWISTS),
  pieces: fc.integer({ min: -2, max: 6 }),
});

/** A day of well-formed commands, some of them in a worse moment. */
export const history: fc.Arbitrary<History> = fc
  .record({
    day: fc.oneof(
      commands.map(run => ({ ...run, policy: undefined })),
      scarceStock.map(({ world, policy, stocking, sales }) => ({ world, policy, commands: [stocking, ...sales] })),
    ),
    twists: fc.array(twist, { maxLength: 4 }),
    settings: fc.uniqueArray(setting, { selector: ({ position }) => position, maxLength: 3 }),
    notings: fc.array(noting, { maxLength: 6 }),
  })
  .map(({ day, twists, settings, notings }) => ({
    ...day,
    commands: withNotes(
      [...withSettings(day.world, day.commands, settings), ...twists.map(change => twisted(day.commands, change))],
      notings,
    ),
  }));

// Later than any clock shows.
const FAR_AHEAD = 8_000_000_000_000_000;
const NOWHERE = '00000000-0000-4000-8000-00000000dead';

function twisted(commands: readonly RecordMovementsInput[], { position, kind, pieces }: Twist): CommandInput {
  const command = commands[position % commands.length] as RecordMovementsInput;
  const id = NOWHERE.replace('dead', `be${String(position).padStart(2, '0')}`);
  const lines = command.lines ?? [];
  if (kind === 'again' || lines.length === 0) return command;
  if (kind === 'reattributed') return { ...command, provenance: { source: 'an importer' } };
  if (kind === 'tomorrow') return { ...command, id, provenance: { occurredAt: FAR_AHEAD } };
  if (kind === 'expecting')
    return { ...command, id, expect: lines.slice(0, 1).map(({ from, ...line }) => expecting(from, line, pieces)) };
  if (kind === 'altered') return { ...command, lines: lines.map(line => ({ ...line, quantity: 7 })) };
  if (kind === 'overridden') return { ...command, id, override: { floors: true, reason: 'counted later' } };
  if (kind === 'elsewhere') return { ...command, id, lines: lines.map(line => ({ ...line, from: NOWHERE })) };
  return { ...command, id, tracking: lines.map(({ productId }) => ({ kind: 'StopTracking', productId })) };
}

async function answersOf(ledger: Ledger, commands: readonly CommandInput[]): Promise<readonly ModelAnswer[]> {
  const answers: Result<Receipt, ExecuteError>[] = [];
  for (const command of commands) answers.push(await ledger.execute(command));
  return answers.map(answer =>
    answer.match<ModelAnswer>(
      receipt => (receipt.replayed ? 'replayed' : 'recorded'),
      error => error.kind as ModelAnswer,
    ),
  );
}

function nonZero(balances: readonly Balance[]): readonly ModelBalance[] {
  return balances
    .filter(balance => balance.onHand !== 0)
    .map(({ variantId, locationId, onHand }) => ({ variantId, locationId, onHand }));
}
