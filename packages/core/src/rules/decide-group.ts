import type { Command } from '../model/command.ts';
import type { Rejection } from '../model/rejection.ts';
import { contentOf, occursLater, rejectionOf, scaleStays } from './decide.ts';
import { advance, workingCopy } from './evolve.ts';
import { type Founding, found, misplaced } from './found.ts';
import type { Decided } from './plan.ts';
import { type Slice, touchesAll } from './slice.ts';
import type { TallyEntry } from './tally.ts';

/** A command with what its lines do to each balance, which is added up once: to know its rows, to decide it, to plan it. */
export type Prepared = Readonly<{ command: Command; moves: readonly TallyEntry[] }>;

/** What became of a group. */
export type GroupDecision<T extends Prepared> = Readonly<{
  accepted: readonly Readonly<{ of: T; decided: Decided }>[];
  refused: readonly Readonly<{ of: T; rejection: Rejection }>[];
  /** Come after a command that has holds kept from then on: which there are was not looked at. */
  postponed: readonly T[];
}>;

/**
 * Decides commands one after the other, each on what the ones before it leave: a floor holds between two of them, and
 * a refusal touches nobody else. What the handle brings to its organization goes into the first record.
 *
 * It works on one copy of the touched rows, moved on in place: a draft for each command costs more than all of its rules.
 * A lone command is decided on the slice itself, since nothing comes after it.
 *
 * @param now - As for `decide`.
 */
export function decideGroup<T extends Prepared>(
  group: readonly T[],
  slice: Slice,
  founding: Founding,
  now?: number,
): GroupDecision<T> {
  const accepted: GroupDecision<T>['accepted'][number][] = [];
  const refused: GroupDecision<T>['refused'][number][] = [];
  const postponed: T[] = [];
  let before = found(founding, slice);
  const isLone = group.length === 1 && before.length === 0;
  const keepsHolds = slice.policy.holds === true || founding.policy?.holds === true;
  const keys = () =>
    touchesAll(
      group.map(({ command }) => command),
      keepsHolds,
    );
  const moved = isLone ? null : workingCopy(slice, keys());
  if (moved !== null) advance(moved, before);
  const rows = moved ?? slice;
  for (const of of group) {
    const { command, moves } = of;
    if (accepted.length > 0 && slice.configVersion > 0 && rows.policy.holds === true && slice.policy.holds !== true) {
      postponed.push(of);
      continue;
    }
    const rejection =
      occursLater(command, now) ??
      scaleStays(founding, slice) ??
      misplaced(command, founding.system, rows) ??
      rejectionOf(command, moves, rows, now);
    if (rejection !== null) {
      refused.push({ of, rejection });
      continue;
    }
    const content = contentOf(command);
    accepted.push({ of, decided: { command, moves, events: before.length === 0 ? content : [...before, ...content] } });
    if (moved !== null) {
      advance(moved, content);
      // What follows is no longer the first.
      moved.configVersion += 1;
    }
    before = [];
  }
  return { accepted, refused, postponed };
}
