import type { Result } from 'neverthrow';

/** Asks until it is answered: the same command again is always safe. */
export async function again<T, E extends Readonly<{ retry: string }>>(
  ask: () => PromiseLike<Result<T, E>>,
): Promise<Result<T, E>> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (answer.isOk() || answer.error.retry !== 'same-command' || tries === 9) return answer;
  }
}
