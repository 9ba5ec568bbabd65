import type { CommandInput } from '@stockfold/core';
import fc from 'fast-check';
import type { World } from './world.ts';

/** Low-stock rules, and after how many commands they are set. */
export type Levels = Readonly<{ position: number; rules: readonly LevelDraft[] }>;

type LevelDraft = Readonly<{ variant: number; place: number; level: number | null; alert: boolean }>;

const draft: fc.Arbitrary<LevelDraft> = fc.record({
  variant: fc.nat({ max: 8 }),
  // Mostly where stock is sold from.
  place: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 3 })),
  level: fc.option(fc.nat({ max: 8 })),
  alert: fc.boolean(),
});

/** One time that a shop says when stock is low, with small levels, so that stock crosses them. It shrinks towards one rule. */
export const levels: fc.Arbitrary<Levels> = fc.record({
  position: fc.nat({ max: 16 }),
  rules: fc.array(draft, { minLength: 1, maxLength: 3 }),
});

/** The commands with each setting of levels at its place. */
export function withLevels(
  { locations, variants }: World,
  commands: readonly CommandInput[],
  settings: readonly Levels[],
): readonly CommandInput[] {
  const places = Object.values(locations);
  const all = [...commands];
  for (const [index, { position, rules }] of [...settings].sort((a, b) => b.position - a.position).entries()) {
    const set = rules.map(({ variant, place, level, alert }) => ({
      ...(variants[variant % variants.length] as World['variants'][number]),
      locationId: places[place] as string,
      level,
      alert,
    }));
    const id = `00000000-0000-4000-8000-00000000ac${String(index).padStart(2, '0')}`;
    all.splice(Math.min(position, commands.length), 0, { kind: 'SetLowStock', id, rules: set });
  }
  return all;
}
