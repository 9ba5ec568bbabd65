/**
 * A query as it was when it was called, for code that is yet to be loaded: whoever called may change his own by then.
 *
 * @returns What cannot be copied, as it is: whoever reads it says what is wrong.
 */
export function asCalled<Q>(query: Q): Q {
  if (typeof query !== 'object' || query === null) return query;
  try {
    const fields = Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.slice() : value]);
    return { __proto__: Object.getPrototypeOf(query), ...Object.fromEntries(fields) };
  } catch {
    return query;
  }
}
