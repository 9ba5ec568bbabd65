import { parseUuid, type Uuid } from '@stockfold/core';
import type { Context } from 'hono';
import { err, ok, type Result } from 'neverthrow';
import { type Problem, problemAt } from './problem.ts';

/**
 * A UUID in the path, in lower case.
 *
 * @param place - What the API calls it, for the problem.
 */
export function uuidInPath(c: Context, name: string, place: string): Result<Uuid, Problem> {
  return parseUuid(c.req.param(name)).mapErr(() => problemAt(400, 'INVALID_UUID', 'This is not a UUID.', [place]));
}

/** A whole number after the `?`; undefined when it is absent. */
export function wholeInQuery(
  c: Context,
  name: string,
  { min, max }: Readonly<{ min: number; max: number }>,
): Result<number | undefined, Problem> {
  const text = c.req.query(name);
  if (text === undefined) return ok(undefined);
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && value >= min && value <= max) return ok(value);
  return err(problemAt(400, 'INVALID_QUERY', `This is not a whole number from ${min} to ${max}.`, [name]));
}

/** `?asOf=`: the sequence of which balances are asked for. */
export function asOfInQuery(c: Context): Result<number | undefined, Problem> {
  return wholeInQuery(c, 'asOf', { min: 0, max: Number.MAX_SAFE_INTEGER });
}
