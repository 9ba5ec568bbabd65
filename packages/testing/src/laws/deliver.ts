import type { CommandInput, ExecuteError, Ledger, Receipt } from '@stockfold/core';
import type { Result } from 'neverthrow';

/**
 * Sends commands in order, several at a time: the next ones go out when the ones before have been answered.
 *
 * @param width - How many are under way at once, 1 or more.
 * @returns One answer per command, in their order.
 */
export async function deliver(
  ledger: Ledger,
  commands: readonly CommandInput[],
  width: number,
): Promise<readonly Result<Receipt, ExecuteError>[]> {
  const answers: Result<Receipt, ExecuteError>[] = [];
  for (let start = 0; start < commands.length; start += width) {
    const group = commands.slice(start, start + width);
    answers.push(...(await Promise.all(group.map(command => ledger.execute(command)))));
  }
  return answers;
}
