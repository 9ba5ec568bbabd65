import { type AmountInvalid, formatPath, type Ledger, type Scale } from '@stockfold/core';
import { ok, type Result } from 'neverthrow';
import { amountsOf, readAmounts, writeAmounts } from './amounts.ts';
import { problemBody } from './answers.ts';
import { type ApiViolation, ledgerProblem, type Problem, problemResponse, VIOLATIONS_MAX } from './problem.ts';
import type { Operation } from './routes/operation.ts';
import { scaleOf } from './scale-of.ts';

/** How an operation speaks of amounts: decimals of the organization's scale outside, smallest units inside. */
export type Decimals = Readonly<{
  /** The scale of a request; 0 where nothing in it is an amount. */
  scale: (ledger: Ledger, body: unknown) => Promise<Result<Scale, Problem>>;
  /** A body with its amounts in smallest units; a problem where one has too many digits. */
  read: (body: unknown, scale: Scale) => Result<unknown, Problem>;
  /** An answer with its amounts as decimals. */
  write: (response: Response, scale: Scale) => Promise<Response>;
  /** As `write`, for what changed nothing, so that the scale may be asked for when there is something to write. */
  writeRead: (response: Response, ledger: Ledger) => Promise<Response>;
}>;

/** Finds the amounts of an operation in the schemas that also document it. */
export function decimalsOf({ body, answers, scaleIn }: Pick<Operation, 'body' | 'answers' | 'scaleIn'>): Decimals {
  const asked = body === undefined ? null : amountsOf(body);
  const answered = new Map(
    Object.entries(answers).map(([status, { schema }]) => [Number(status), schema ? amountsOf(schema) : null]),
  );
  const has = asked !== null || [...answered.values()].some(amounts => amounts !== null);
  const scale: Decimals['scale'] = async (ledger, body) => {
    const own = has ? scaleIn?.(body) : 0;
    return own === undefined ? (await scaleOf(ledger)).mapErr(fault => ledgerProblem(fault)) : ok(own);
  };
  const write: Decimals['write'] = async (response, scale) => {
    const amounts = response.status < 400 ? answered.get(response.status) : REFUSED;
    if (scale === 0 || amounts == null) return response;
    const { status, headers } = response;
    return new Response(JSON.stringify(writeAmounts(await response.json(), amounts, scale)), { status, headers });
  };
  return {
    scale,
    read: (body, scale) => readAmounts(body, asked, scale).mapErr(invalid => toProblem(invalid, scale)),
    write,
    writeRead: async (response, ledger) => {
      if (answered.get(response.status) == null) return response;
      const found = await scale(ledger, undefined);
      return found.isErr() ? problemResponse(found.error) : write(response, found.value);
    },
  };
}

const REFUSED = amountsOf(problemBody);

function toProblem(invalid: readonly AmountInvalid[], scale: Scale): Problem {
  const violations = invalid.slice(0, VIOLATIONS_MAX).map(amount => toViolation(amount, scale));
  const [{ constraintType: errorType, developerMessage } = TOO_LARGE] = violations;
  return { status: 400, errorType, developerMessage, violations };
}

function toViolation({ path, reason }: AmountInvalid, scale: Scale): ApiViolation {
  return { propertyName: formatPath(path), ...(reason === 'too large' ? TOO_LARGE : tooManyDecimals(scale)) };
}

const tooManyDecimals = (scale: Scale) =>
  ({
    developerMessage: `This has more decimals than the scale of the organization, which is ${scale}.`,
    constraintType: 'TOO_MANY_DECIMALS',
  }) as const;
const TOO_LARGE = {
  developerMessage:
    'This has more digits than are kept: at most 15 in a number with decimals, and a few more in a text.',
  constraintType: 'TOO_MANY_DIGITS',
} as const;
