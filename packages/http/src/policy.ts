import type { Ledger, Policy, PolicyInput } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { PolicyBody } from './answers.ts';
import { doneUnreadable, ledgerProblem, type Problem } from './problem.ts';

/** `GET …/policy` */
export async function readPolicy(ledger: Ledger): Promise<Result<PolicyBody, Problem>> {
  return (await ledger.policy()).map(toPolicyBody).mapErr(fault => ledgerProblem(fault));
}

/** `PUT …/policy`: sets all of it, and answers with what was set, as its record says, so that a replay is the same. */
export async function setPolicy(ledger: Ledger, input: PolicyInput): Promise<Result<PolicyBody, Problem>> {
  const done = await ledger.execute({ kind: 'SetPolicy', id: ledger.newId(), policy: input });
  if (done.isErr()) return err(ledgerProblem(done.error, placeOf));
  const page = await ledger.journal({ after: done.value.sequence - 1, limit: 1 });
  const event = page.isOk() ? page.value.items[0]?.events.findLast(({ kind }) => kind === 'PolicySet') : undefined;
  return event?.kind === 'PolicySet' ? ok(toPolicyBody(event.policy)) : err(doneUnreadable('the policy'));
}

/** `policy.floors.STORE` of the command is `floors.STORE` of the body. */
function placeOf([, ...path]: readonly (string | number)[]): string {
  return path.join('.');
}

/** A policy with every list there. */
export function toPolicyBody({ floors, locations = {}, variants = {}, holds, scale }: Policy): PolicyBody {
  return {
    floors: { ...floors },
    locations: { ...locations },
    variants: { ...variants },
    holds: holds === true,
    ...(scale && { scale }),
  };
}
