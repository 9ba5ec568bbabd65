import { err, type Result } from 'neverthrow';
import type { StoreFault } from './fault.ts';

/** Calls `run` after that many milliseconds, unless the function it gives is called before. */
export type SetTimer = (run: () => void, ms: number) => () => void;

/** How long a store may take, and whose clock says so. */
export type Deadline = Readonly<{ setTimer: SetTimer; timeoutMs: number }>;

/** The answer of a call, or a fault when it takes too long: a store that hangs must not hold up all that wait. */
export function withDeadline<T>(
  call: PromiseLike<Result<T, StoreFault>>,
  { setTimer, timeoutMs }: Deadline,
  late: () => StoreFault,
): Promise<Result<T, StoreFault>> {
  return new Promise((resolve, reject) => {
    const cancel = setTimer(() => resolve(err(late())), timeoutMs);
    call.then(
      answer => {
        cancel();
        resolve(answer);
      },
      bug => {
        cancel();
        reject(bug);
      },
    );
  });
}
