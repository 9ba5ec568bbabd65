import type { StoreFault } from '@stockfold/core';
import type { Result, ResultAsync } from 'neverthrow';

/** Throws when two values are not the same to the last field; maps and sets are compared as what they hold. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [textOf(actual), textOf(expected)];
  if (got === wanted) return;
  const whole = `expected ${wanted}, got ${got}`;
  throw new Error(whole.length <= READ_AT_ONCE ? `${what}: ${whole}` : `${what}: ${partingOf(wanted, got)}; ${whole}`);
}

const READ_AT_ONCE = 300;
const AROUND = 40;

/** Where two long texts part, with a little of what is before and after it. */
function partingOf(wanted: string, got: string): string {
  let at = 0;
  while (at < wanted.length && wanted[at] === got[at]) at++;
  const near = (text: string) => `…${text.slice(Math.max(0, at - AROUND), at + AROUND)}…`;
  return `they part where ${near(wanted)} was expected, and ${near(got)} is`;
}

/** Throws when something is not so. */
export function assertTrue(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What a call on a store gave; throws when it was a fault. */
export async function answerOf<T>(result: ResultAsync<T, StoreFault> | Result<T, StoreFault>): Promise<T> {
  const settled = await result;
  if (settled.isErr()) throw new Error(`the store answered ${settled.error.kind}: ${settled.error.message}`);
  return settled.value;
}

/** The kind of the fault of a call; throws when there was none. */
export async function faultOf(result: ResultAsync<unknown, StoreFault>): Promise<StoreFault['kind']> {
  const settled = await result;
  if (settled.isOk()) throw new Error(`expected a fault, got ${textOf(settled.value)}`);
  return settled.error.kind;
}

/** JSON with sorted keys, without fields that are undefined. Numbers that JSON has no word for are spelled out. */
function textOf(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (value instanceof Map) return `Map${textOf(sorted([...value].map(textOf)))}`;
  if (value instanceof Set) return `Set${textOf(sorted([...value].map(textOf)))}`;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${sorted(fields.map(([name, field]) => `${name}: ${textOf(field)}`)).join(', ')}}`;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort();
}
