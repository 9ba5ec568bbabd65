import { err } from 'neverthrow';
import type { Command } from '../model/command.ts';
import type { Rejection } from '../model/rejection.ts';
import { decide } from './decide.ts';
import { advance, workingCopy } from './evolve.ts';
import { type Founding, found, misplaced } from './found.ts';
import type { Decided } from './plan.ts';
import type { Slice } from './slice.ts';

/** What became of a group: positions are those of its commands. */
export type GroupDecision = Readonly<{
  accepted: readonly Readonly<{ position: number; decided: Decided }>[];
  refused: readonly Readonly<{ position: number; rejection: Rejection }>[];
}>;

/**
 * Decides commands one after the other, each on what the ones before it leave: a floor holds between two of them, and
 * a refusal touches nobody else. What the handle brings to its organization goes into the first record.
 *
 * It works on one copy of the slice, moved on in place: a draft for each command costs more than all of its rules. A
 * lone command is decided on the slice itself, since nothing comes after it.
 */
export function decideGroup(commands: readonly Command[], slice: Slice, founding: Founding): GroupDecision {
  const accepted: GroupDecision['accepted'][number][] = [];
  const refused: GroupDecision['refused'][number][] = [];
  let before = found(founding, slice);
  const isLone = commands.length === 1 && before.length === 0;
  const moved = isLone ? null : workingCopy(slice);
  if (moved !== null) advance(moved, before);
  const rows = moved ?? slice;
  for (const [position, command] of commands.entries()) {
    const wrong = misplaced(command, founding.system, rows);
    const decision = wrong === null ? decide(command, rows) : err(wrong);
    if (decision.isErr()) {
      refused.push({ position, rejection: decision.error });
      continue;
    }
    accepted.push({ position, decided: { command, events: [...before, ...decision.value] } });
    if (moved !== null) advance(moved, decision.value);
    before = [];
  }
  return { accepted, refused };
}
