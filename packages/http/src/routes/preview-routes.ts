import type { Ledger, Preview } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import { type PreviewBody, previewBody } from '../answers.ts';
import { type Moving, movingOfBulk, movingOfPut } from '../moving.ts';
import { ledgerProblem, type Problem, problemBodyOf } from '../problem.ts';
import { type BulkInventoryBody, bulkInventory, type PutInventoryBody, putInventory } from '../schemas.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

const preview = {
  group: 'Movements',
  method: 'post',
  // It writes nothing.
  scope: 'READ:PRODUCT',
  answers: { 200: { description: 'What would change, or every reason why not', schema: previewBody } },
} as const;

const ofPut: Operation<PutInventoryBody> = {
  ...preview,
  id: 'previewMovements',
  path: '/organizations/:organization/movements/preview',
  summary: 'Say what `PUT …/inventory` would do with this body, and do nothing',
  body: putInventory,
};

const ofBulk: Operation<BulkInventoryBody> = {
  ...preview,
  id: 'previewBulkInventory',
  path: '/organizations/:organization/v2/inventory/bulk/preview',
  summary: 'Say what the bulk path would do with this body, and do nothing',
  body: bulkInventory,
};

/** What would become of a request that moves stock. */
export const addPreviewRoutes: AddRoutes = (app, setup) => {
  addOperation(app, setup, ofPut, async (c, body) => respond(await previewMoving(c.var.ledger, movingOfPut(body))));
  addOperation(app, setup, ofBulk, async (c, body) => {
    const moving = movingOfBulk(body);
    return respond(moving.isErr() ? moving : await previewMoving(c.var.ledger, moving.value));
  });
};

async function previewMoving(ledger: Ledger, { command, place }: Moving): Promise<Result<PreviewBody, Problem>> {
  const asked = await ledger.preview({ ...command, kind: 'RecordMovements', id: ledger.newId() });
  return asked.isErr() ? err(ledgerProblem(asked.error)) : ok(toPreviewBody(asked.value, place));
}

function toPreviewBody(preview: Preview, place: Moving['place']): PreviewBody {
  const reasons = preview.kind === 'WouldRefuse' ? preview.reasons : [];
  const balances = preview.kind === 'WouldRecord' ? preview.balances : [];
  return {
    recorded: reasons.length === 0,
    balances: balances.map(({ locationId, productId, variantId, before, onHand }) => ({
      locationUuid: locationId,
      productUuid: productId,
      variantUuid: variantId,
      before,
      balance: onHand,
    })),
    problems: reasons.map(reason => problemBodyOf(ledgerProblem(reason, place))),
  };
}
