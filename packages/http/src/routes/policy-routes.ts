import type { PolicyInput, Scale } from '@stockfold/core';
import { policyBody } from '../answers.ts';
import { readPolicy, setPolicy } from '../policy.ts';
import { putPolicy } from '../policy-schemas.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

const PATH = '/organizations/:organization/policy';
const answers = { 200: { description: 'The policy as it stands', schema: policyBody } } as const;

const put: Operation<PolicyInput> = {
  id: 'putPolicy',
  group: 'Policy',
  method: 'put',
  path: PATH,
  scope: 'WRITE:PRODUCT',
  summary: 'Set the policy, instead of all that was set before',
  description:
    'A floor is the least that a balance may be, of the scale that stands beside it; null under an id is no floor there.',
  body: putPolicy,
  // It may be the first record, which settles the scale; after that another one is refused.
  scaleIn: scaleOfBody,
  answers,
};

/** What an organization allows. */
export const addPolicyRoutes: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      id: 'getPolicy',
      group: 'Policy',
      method: 'get',
      path: PATH,
      scope: 'READ:PRODUCT',
      summary: 'Read the policy: the floors of location types, locations and variants',
      answers,
    },
    async c => respond(await readPolicy(c.var.ledger)),
  );
  addOperation(app, setup, put, async (c, body) => respond(await setPolicy(c.var.ledger, body)));
};

function scaleOfBody(body: unknown): Scale {
  const { scale } = (body ?? {}) as { scale?: unknown };
  return SCALES.find(candidate => candidate === scale) ?? 0;
}

const SCALES: readonly Scale[] = [1, 2, 3, 4, 5, 6];
