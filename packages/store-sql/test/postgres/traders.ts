import { createLedger, type Ledger, type LedgerStore, restock, sale, startTracking } from '@stockfold/core';
import type { Call } from '@stockfold/testing';
import fc from 'fast-check';

/** The one variant that everybody trades. */
export const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
};

/** What a trader does. `shared` numbers a command that other traders send too, with the same id and content. */
export type Op = Readonly<{ kind: 'sell' | 'restock'; pieces: number; shared?: number }> | Readonly<{ kind: 'look' }>;

const MORE_THAN_THERE_IS = 1_000_000;
const SHARED_MAX = 400;

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }).map(pieces => ({ kind: 'sell' as const, pieces })) },
  { weight: 7, arbitrary: fc.integer({ min: 1, max: 3 }).map(pieces => ({ kind: 'restock' as const, pieces })) },
  { weight: 2, arbitrary: fc.constant({ kind: 'sell' as const, pieces: MORE_THAN_THERE_IS }) },
  {
    weight: 1,
    arbitrary: fc
      .nat({ max: SHARED_MAX })
      .map(shared => ({ kind: shared % 2 === 0 ? ('sell' as const) : ('restock' as const), pieces: 1, shared })),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
);

/** A day of a trader: mostly scarce sales and restocks, some that are too large, some that others send too, some looks. */
export function drawOps(seed: number, count: number): readonly Op[] {
  return fc.sample(op, { seed, numRuns: count });
}

/** Puts mugs on a shelf that may not go below 0. */
export async function stockMugs(store: LedgerStore, quantity: number): Promise<void> {
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } } });
  const tracking = [startTracking(MUG.productId)];
  const lines = [restock('STORE', MUG, quantity)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
}

/** Does one thing, and gives its call, after one for each attempt with an unknown outcome; none for a look that failed. */
export function doOp(open: () => Ledger, op: Op): Promise<readonly Call[]> {
  return op.kind === 'look' ? look(open()) : untilAnswered(open, op);
}

async function look(ledger: Ledger): Promise<readonly Call[]> {
  const sentAt = now();
  const read = await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId });
  return read.isErr() ? [] : [{ kind: 'read', sentAt, ...read.value, answeredAt: now() }];
}

const PAUSE_MS = 5;

/** Sends a command, and sends it again under the same id, until it is answered. */
async function untilAnswered(open: () => Ledger, op: Exclude<Op, { kind: 'look' }>): Promise<readonly Call[]> {
  const { newId, systemLocations } = open();
  const id = op.shared === undefined ? newId() : sharedId(op.shared);
  const line = (op.kind === 'sell' ? sale : restock)('STORE', MUG, op.pieces);
  const spelt = { ...line, from: systemLocations[line.from as 'STORE'], to: systemLocations[line.to as 'STORE'] };
  const calls: Call[] = [];
  for (;;) {
    const sentAt = now();
    const result = await open().execute({ kind: 'RecordMovements', id, lines: [line] });
    const call = { kind: 'execute', commandId: id, lines: [spelt], sentAt, answeredAt: now() } as const;
    if (result.isOk()) {
      const { sequence, recordedAt, replayed } = result.value;
      return [...calls, { ...call, answer: { kind: 'recorded', sequence, recordedAt, replayed } }];
    }
    if (result.error.kind === 'StockInsufficient') return [...calls, { ...call, answer: { kind: 'short' } }];
    // Closed: another ledger has been opened in its place.
    if (result.error.retry !== 'same-command' && result.error.kind !== 'StoreClosed')
      throw new Error(JSON.stringify(result.error));
    // Any other fault says that nothing was done, and is held to that.
    if (result.error.kind === 'OutcomeUnknown') calls.push({ ...call, answer: { kind: 'unknown' } });
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}

function sharedId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Nanoseconds by a clock that all processes of the machine share and that never goes back. */
function now(): number {
  return Number(process.hrtime.bigint());
}
