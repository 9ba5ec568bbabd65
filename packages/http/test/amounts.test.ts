import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { amountsOf, hasAmounts, readAmounts, writeAmounts } from '../src/amounts.ts';
import { listBody, problemBody } from '../src/answers.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const one = v.object({ of: v.pipe(v.number(), hasAmounts()), seen: v.number() });

describe('amounts of a body', () => {
  it.each([
    [{ of: 125, seen: 7 }, 2, { of: 1.25, seen: 7 }],
    [{ of: -1, seen: -1 }, 6, { of: -0.000001, seen: -1 }],
    [{ of: 999_999_999_999_999 }, 6, { of: 999_999_999.999999 }],
    [{ of: MAX }, 6, { of: '9007199254.740991' }],
    [{ of: -MAX }, 1, { of: '-900719925474099.1' }],
    [{ of: '12.0' }, 3, { of: '0.012' }],
    [{ of: null }, 3, { of: null }],
    [{ of: 125 }, 0, { of: 125 }],
    [null, 2, null],
  ] as const)('%o with a scale of %i is written as %o', (body, scale, written) => {
    expect(writeAmounts(body, amountsOf(one), scale)).toEqual(written);
  });

  it.each([
    [{ of: '1.25', seen: '1.25' }, 2, { of: 125, seen: '1.25' }],
    [{ of: '9007199254.740991' }, 6, { of: MAX }],
    [{ of: 'many' }, 2, { of: 'many' }],
    [{ of: null }, 2, { of: null }],
    [{ of: true }, 2, { of: true }],
    [{ of: '1.25' }, 0, { of: '1.25' }],
    ['1.25', 2, '1.25'],
  ] as const)('%o with a scale of %i is read as %o', (body, scale, read) => {
    expect(readAmounts(body, amountsOf(one), scale)._unsafeUnwrap()).toEqual(read);
  });

  it('are found in lists, and in what is optional, nullable, by name, or one of several', () => {
    const all = v.object({
      list: v.optional(
        v.array(
          v.pipe(
            one,
            v.check(() => true),
          ),
        ),
      ),
      named: v.record(v.string(), v.nullable(v.pipe(v.string(), hasAmounts()))),
      either: v.union([v.null(), one]),
      none: v.array(v.number()),
    });
    const body = { list: [{ of: 1, seen: 1 }], named: { toString: '1', b: null }, either: { of: 1 }, none: [1] };
    expect(writeAmounts(body, amountsOf(all), 1)).toEqual({
      list: [{ of: 0.1, seen: 1 }],
      named: { toString: '0.1', b: null },
      either: { of: 0.1 },
      none: [1],
    });
  });

  it('are those of an answer, and of a problem', () => {
    const shown = writeAmounts({ latest: 0, variants: [{ balance: 5 }] }, amountsOf(listBody), 1);
    expect(shown).toEqual({ latest: 0, variants: [{ balance: 0.5 }] });
    expect(writeAmounts({ shortages: [{ floor: 5 }] }, amountsOf(problemBody), 1)).toEqual({
      shortages: [{ floor: 0.5 }],
    });
  });

  it('that have too many digits are each named', () => {
    const refused = readAmounts([{ of: 1 }, { of: 0.12 }, { of: 1e15 }], amountsOf(v.array(one)), 1);
    expect(refused._unsafeUnwrapErr()).toEqual([
      { kind: 'AmountInvalid', reason: 'too many decimals', path: [1, 'of'] },
      { kind: 'AmountInvalid', reason: 'too large', path: [2, 'of'] },
    ]);
  });
});
