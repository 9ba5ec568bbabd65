import { formatPath, type Ledger, type Path, type ProvenanceInput, type ReversalError, reverse } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import { type MovementRow, movementRow } from '../answers.ts';
import { object, provenance, reason, type Schema } from '../json-schemas.ts';
import { toMovementRow } from '../movement-row.ts';
import { doneUnreadable, ledgerProblem, type Problem, problem, problemAt } from '../problem.ts';
import { uuidInPath } from '../read-request.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

type ReversalBody = {
  force?: { reason: string } | null | undefined;
  provenance?: ProvenanceInput | null | undefined;
};

const body: Schema<ReversalBody> = object({
  force: v.nullish(object({ reason })),
  provenance: v.nullish(provenance),
});

const reversal: Operation<ReversalBody> = {
  id: 'postReversal',
  group: 'Movements',
  method: 'post',
  path: '/organizations/:organization/movements/:command/reversal',
  scope: 'WRITE:PRODUCT',
  summary: 'Take a command back, once: move all that it moved the other way',
  description: 'It is refused where a floor would break, unless it is forced, which is recorded with its reason.',
  body,
  answers: { 200: { description: 'The record of the reversal', schema: movementRow } },
};

/** What takes movements back. */
export const addReversalRoutes: AddRoutes = (app, setup) =>
  addOperation(app, setup, reversal, async (c, { force, provenance }) => {
    const command = uuidInPath(c, 'command', 'commandUuid');
    if (command.isErr()) return respond(command);
    const input = { commandId: command.value, force: force ?? undefined, provenance: provenance ?? undefined };
    return respond(await takeBack(c.var.ledger, input));
  });

type Input = Omit<Parameters<typeof reverse>[1], 'id'>;

async function takeBack(ledger: Ledger, input: Input): Promise<Result<MovementRow, Problem>> {
  const done = await reverse(ledger, { ...input, id: ledger.newId() });
  if (done.isErr()) return err(toProblem(done.error));
  const page = await ledger.journal({ after: done.value.sequence - 1, limit: 1 });
  const [record] = page.isOk() ? page.value.items : [];
  return record === undefined ? err(doneUnreadable('its record')) : ok(toMovementRow(record));
}

type NotDone = Parameters<typeof ledgerProblem>[0] | ReversalError;

function toProblem(error: NotDone): Problem {
  switch (error.kind) {
    case 'CommandUnknown':
      return problemAt(404, 'ENTITY_NOT_FOUND', 'No such command was recorded.', ['commandUuid']);
    case 'AlreadyReversed':
      return {
        ...problem(409, 'ALREADY_REVERSED', 'The command was taken back before.'),
        extra: { reversedBy: error.by },
      };
    case 'NotReversible':
      return problem(422, 'NOT_REVERSIBLE', 'The command moved nothing, or is taken back where it was made.');
    default:
      return ledgerProblem(error, placeOf);
  }
}

/** The lines are those of the command that is named in the path. */
function placeOf(path: Path): string {
  if (path[0] === 'lines') return 'commandUuid';
  return path[0] === 'override' ? `force.${path[1]}` : formatPath(path);
}
