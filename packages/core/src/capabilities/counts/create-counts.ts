import { err, errAsync, okAsync, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../../ledger/fault.ts';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import type { QueryInvalid } from '../../ledger/query.ts';
import type { Page } from '../../ledger/store.ts';
import type { LocationId } from '../../model/id.ts';
import type { Receipt } from '../../model/journal.ts';
import { carryOut, isOutdated, type Request } from '../carry-out.ts';
import { adjustmentOf, openAdjustment } from './adjustment.ts';
import type { CountError, CountInput, LateInput, Variance, VarianceQuery } from './count.ts';
import { EACH, varianceOf } from './count-notes.ts';
import { late } from './late.ts';
import { settle } from './settle.ts';

/** Counts of shelves, and what they leave. */
export type Counts = Readonly<{
  /** Where differences go, of type ADJUSTMENT; opened by the first one. */
  adjustmentId: LocationId;
  /**
   * Records what was counted, and settles the difference in the same command. It is taken against the balance as effective
   * when the shelf was looked at: a sale that occurred later and was recorded before the count stays sold.
   *
   * @returns The receipt, and no figure that was expected: who counts is not to know it. `CountInvalid`, `CountSuperseded`, or the
   *   rejection or fault of a command.
   */
  count: (input: CountInput) => ResultAsync<Receipt, CountError | LedgerError>;
  /**
   * Records movements that have occurred a while ago. What a count has seen already is not taken a second time: it is moved
   * back against the adjustments in the same command. Gives what a command gives: a receipt, a rejection, or a fault.
   */
  record: (input: LateInput) => ResultAsync<Receipt, LedgerError>;
  /**
   * A page of the counts, balance by balance, in the order in which they were observed; it may hold fewer than `limit`. Fails with
   * a fault of the store, or with `QueryInvalid`.
   */
  variances: (query?: VarianceQuery) => ResultAsync<Page<Variance>, StoreFault | QueryInvalid>;
}>;

/**
 * Counts on a ledger: their notes are of the kinds `count` and `counted`.
 *
 * @see Square Inventory API, PHYSICAL_COUNT: a count is a barrier in the time of the observation, whatever the arrival.
 */
export function createCounts(ledger: Ledger): Counts {
  return {
    adjustmentId: adjustmentOf(ledger.organizationId),
    count: input => {
      const request = settle(ledger, input);
      if (request.isErr()) return errAsync(request.error);
      return new ResultAsync(adjust<CountError>(ledger, request.value));
    },
    record: input => {
      const request = late(ledger, input);
      if (request.isErr()) return errAsync(request.error);
      return new ResultAsync(adjust<never>(ledger, request.value));
    },
    variances: ({ from = 0, to = Number.POSITIVE_INFINITY, ...page } = {}) =>
      ledger.notes({ kind: EACH, ...page }).andThen(({ items, ...rest }) =>
        okAsync({
          ...rest,
          items: items.map(varianceOf).filter(({ observedAt }) => observedAt >= from && observedAt < to),
        }),
      ),
  };
}

/** Carries a request out, and opens the location of the adjustments for it when it lacks nothing else. */
async function adjust<E>(ledger: Ledger, request: Request<E>): Promise<Result<Receipt, E | LedgerError>> {
  const first = await carryOut(ledger, request);
  if (first.isOk() || !lacksAdjustment(ledger, first.error)) return first;
  const made = await request.make();
  if (made.isErr()) return err(made.error);
  const { id, asked, provenance } = request;
  const command = { ...made.value, kind: 'RecordMovements', id, request: asked, provenance } as const;
  const looked = await ledger.preview(command);
  if (looked.isErr()) return err(looked.error);
  // What is refused leaves nothing behind, not even a location.
  const reasons = looked.value.kind === 'WouldRefuse' ? looked.value.reasons : [];
  const other = reasons.find(reason => !lacksAdjustment(ledger, reason) && !isOutdated(err(reason)));
  if (other !== undefined) return err(other);
  const opened = await openAdjustment(ledger);
  return opened.isErr() ? err(opened.error) : carryOut(ledger, request);
}

/** Whether nothing is unknown but the location of the adjustments. */
function lacksAdjustment({ organizationId }: Ledger, error: unknown): boolean {
  const { kind, locations = [] } = error as Partial<Extract<LedgerError, { kind: 'LocationUnknown' }>>;
  return kind === 'LocationUnknown' && locations.every(({ locationId }) => locationId === adjustmentOf(organizationId));
}
