import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { problem, problemResponse } from './problem.ts';

/** The largest body that is read, in bytes. */
export const BODY_BYTES_MAX: number = 1024 * 1024;

/** Refuses a body that is larger than {@link BODY_BYTES_MAX} before it is parsed. */
export const limitBody: MiddlewareHandler = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: () => problemResponse(problem(413, 'BODY_TOO_LARGE', 'The body has at most 1 MiB.')),
});
