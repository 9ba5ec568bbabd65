import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInput, ExecuteError, Ledger, Receipt } from '@stockfold/core';
import type { Result } from 'neverthrow';

const DELAYS_MS = [50, 200, 800];

/**
 * Sends one command, and the very same one again while its error says that this is what to do. Nothing can be done twice by
 * that: the ledger knows the command by its id.
 *
 * @returns What the last attempt was answered.
 */
export async function send(ledger: Ledger, command: CommandInput): Promise<Result<Receipt, ExecuteError>> {
  let answer = await ledger.execute(command);
  for (const delayMs of DELAYS_MS) {
    if (answer.isOk() || answer.error.retry !== 'same-command') return answer;
    await sleep(delayMs);
    answer = await ledger.execute(command);
  }
  return answer;
}
