import type { Ledger } from '@stockfold/core';
import type { Hono, MiddlewareHandler } from 'hono';
import type { Result } from 'neverthrow';
import type { HttpHandlerOptions } from '../options.ts';
import { okResponse, type Problem, problemResponse } from '../problem.ts';

/** What a route finds in its context once its guard has let the request through. */
export type Env = { Variables: { ledger: Ledger } };

/** What a group of routes is given. Each route begins with one of the guards. */
export type RouteSetup = Readonly<{
  options: HttpHandlerOptions;
  /** Needs the scope READ:PRODUCT. */
  reads: MiddlewareHandler<Env>;
  /** Needs the scope WRITE:PRODUCT. */
  writes: MiddlewareHandler<Env>;
}>;

/** Adds the routes of one group; a file in this folder exports one. */
export type AddRoutes = (app: Hono<Env>, setup: RouteSetup) => void;

/** The response of what a route came to. */
export function respond(result: Result<unknown, Problem>): Response {
  return result.match(okResponse, problemResponse);
}
