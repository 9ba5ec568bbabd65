import type { CommandInput } from '@stockfold/core';
import fc from 'fast-check';
import { type PolicyDraft, policyDraft, policyIn } from './policy.ts';
import type { World } from './world.ts';

const NOWHERE = '00000000-0000-4000-8000-00000000dead';

/** A policy, and after how many commands it is set. */
export type Setting = Readonly<{ position: number; draft: PolicyDraft; nowhere: boolean }>;

/** One time that a shop sets its policy. It shrinks towards the first command, and a floor of 0. */
export const setting: fc.Arbitrary<Setting> = fc.record({
  position: fc.nat({ max: 12 }),
  draft: policyDraft,
  // Some name a place that is not there.
  nowhere: fc.integer({ min: 0, max: 7 }).map(draw => draw === 7),
});

function settingIn(world: World, { position, draft, nowhere }: Setting): CommandInput {
  const policy = policyIn(world, draft);
  const id = NOWHERE.replace('dead', `ab${String(position).padStart(2, '0')}`);
  return { kind: 'SetPolicy', id, policy: nowhere ? { ...policy, locations: { [NOWHERE]: 0 } } : policy };
}

/** The commands with each setting at its place. */
export function withSettings(
  world: World,
  commands: readonly CommandInput[],
  settings: readonly Setting[],
): readonly CommandInput[] {
  const all = [...commands];
  for (const set of [...settings].sort((a, b) => b.position - a.position))
    all.splice(Math.min(set.position, commands.length), 0, settingIn(world, set));
  return all;
}
