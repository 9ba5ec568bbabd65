import type { Ledger } from '@stockfold/core';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { Result } from 'neverthrow';
import { decimalsOf } from '../decimals.ts';
import type { HttpHandlerOptions } from '../options.ts';
import { okResponse, type Problem, problemResponse } from '../problem.ts';
import { readFields, readJson } from '../read-body.ts';
import type { Operation } from './operation.ts';

/** What a route finds in its context once its guard has let the request through. */
export type Env = { Variables: { ledger: Ledger; publicUrl: string; isReplay?: boolean } };

/** What stands in front of a route, in their order. */
export type Guards = readonly MiddlewareHandler<Env>[];

/** What a group of routes is given. Each route begins with one of the lists of guards. */
export type RouteSetup = Readonly<{
  options: HttpHandlerOptions;
  /** Needs the scope READ:PRODUCT. */
  reads: Guards;
  /** As `reads`, for event streams. */
  streams: Guards;
  /** Needs the scope WRITE:PRODUCT. */
  writes: Guards;
  /** Everything that {@link addOperation} has added, for the OpenAPI document. */
  operations: Operation[];
}>;

/** Adds the routes of one group; a file in this folder exports one. */
export type AddRoutes = (app: Hono<Env>, setup: RouteSetup) => void;

/**
 * Adds one route with its guards; its body is held against the schema that also documents it. What handles it knows
 * nothing but smallest units.
 */
export function addOperation<Body = undefined>(
  app: Hono<Env>,
  setup: RouteSetup,
  operation: Operation<Body>,
  handle: (c: Context<Env>, body: Body) => Response | Promise<Response>,
): void {
  const { method, path, scope, produces, body: schema } = operation;
  const reads = produces === 'text/event-stream' ? setup.streams : setup.reads;
  const decimals = decimalsOf(operation as Operation);
  setup.operations.push(operation as Operation);
  app.on(method.toUpperCase(), [path], ...(scope === 'READ:PRODUCT' ? reads : setup.writes), async c => {
    const { ledger } = c.var;
    if (schema === undefined) return decimals.writeRead(await handle(c, undefined as Body), ledger);
    const json = await readJson(c.req.raw, c.env);
    if (json.isErr()) return problemResponse(json.error);
    const scale = await decimals.scale(ledger, json.value);
    if (scale.isErr()) return problemResponse(scale.error);
    const body = decimals.read(json.value, scale.value).andThen(units => readFields(units, schema));
    return body.isErr() ? problemResponse(body.error) : decimals.write(await handle(c, body.value), scale.value);
  });
}

/** The response of what a route came to. */
export function respond(result: Result<unknown, Problem>): Response {
  return result.match(body => okResponse(body), problemResponse);
}
