import { isSerializationFailure } from './fault.ts';

const ATTEMPTS_MAX = 8;
const BACKOFF_MS = 5;

/**
 * Runs a whole transaction again when the server gave it up for another one (40001, 40P01). With the head row locked
 * first this happens only to reads on a standby, and to a server that was told another isolation.
 *
 * @see PostgreSQL manual 13.5, "Serialization Failure Handling".
 */
export async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !isSerializationFailure(error)) throw error;
      // Full jitter: two that met do not meet again.
      await new Promise(resolve => setTimeout(resolve, Math.random() * BACKOFF_MS * 2 ** attempt));
    }
  }
}
