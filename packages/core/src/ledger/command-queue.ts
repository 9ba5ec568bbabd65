import { err, type Result } from 'neverthrow';
import type { Command } from '../model/command.ts';
import type { CommandId } from '../model/id.ts';
import type { Receipt } from '../model/journal.ts';
import { movesOf } from '../rules/tally.ts';
import type { CommitError, GroupCommit, Waiting } from './group-commit.ts';

/** More commands wait than this ledger takes; nothing was done with this one. */
export type Overloaded = Readonly<{
  kind: 'Overloaded';
  retry: 'same-command';
  /** How many commands wait. */
  waiting: number;
}>;

/** Everything `execute` may answer but a receipt. */
export type ExecuteError = CommitError | Overloaded;

export type QueueOptions = Readonly<{
  commit: GroupCommit;
  /** The most commands of one group. */
  groupMax: number;
  /** The most commands that wait. */
  queueMax: number;
}>;

// A commit of more lines takes longer than those who wait for it save.
const GROUP_LINES_MAX = 2_000;

/**
 * Commands that arrive while a commit is under way wait here, and the next commit takes them all. A lone command waits
 * for nobody.
 */
export class CommandQueue {
  readonly #options: QueueOptions;
  #queue: Waiting[] = [];
  #isRunning = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  submit(command: Command): Promise<Result<Receipt, ExecuteError>> {
    const waiting = this.#queue.length;
    if (waiting >= this.#options.queueMax)
      return Promise.resolve(err({ kind: 'Overloaded', retry: 'same-command', waiting }));
    return new Promise((answer, reject) => {
      this.#queue.push({ command, moves: movesOf(command), answer, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    // A tick later: what is submitted in the same breath goes into the first group.
    await null;
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        const again = await this.#options.commit.run(group);
        if (again.length > 0) this.#queue.unshift(...again);
      } catch (bug) {
        // A store, a clock or a rule has thrown: those who wait for this group are told, the next group is tried.
        for (const { reject } of group) reject(bug);
      }
    }
    this.#isRunning = false;
  }

  /** From the front; a command whose twin is in the group waits for the next one, and so do those behind it. */
  #takeGroup(): readonly Waiting[] {
    if (this.#queue.length === 1) return this.#queue.splice(0);
    const group = new Map<CommandId, Waiting>();
    const rest: Waiting[] = [];
    let lines = 0;
    for (const waiting of this.#queue) {
      const { command } = waiting;
      const isFull = group.size >= this.#options.groupMax || lines >= GROUP_LINES_MAX;
      if (rest.length > 0 || isFull || group.has(command.id)) {
        rest.push(waiting);
        continue;
      }
      group.set(command.id, waiting);
      lines += command.kind === 'RecordMovements' ? command.lines.length + (command.notes?.length ?? 0) : 1;
    }
    this.#queue = rest;
    return [...group.values()];
  }
}
