import { err, errAsync, ok, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { carryOut, type ExecuteError, type Ledger, storeFault } from '../src/index.ts';
import { uuid } from './shop.ts';

const STALE: ExecuteError = { kind: 'BalanceStale', retry: 'after-refresh', balances: [] };

/** A ledger that answers every command alike. */
function answering(error: ExecuteError, records: ReturnType<Ledger['records']> = okAsync([])): Ledger {
  return { execute: () => errAsync(error), records: () => records } as unknown as Ledger;
}

const request = (make: () => unknown) =>
  ({ id: uuid(1), asked: { kind: 'Count' }, make: async () => make() as never }) as Parameters<typeof carryOut>[1];

describe('a request to a capability', () => {
  it('is made anew when the stock has changed since, but not for ever', async () => {
    let made = 0;
    const count = () => {
      made += 1;
      return ok({ lines: [] });
    };
    expect((await carryOut(answering(STALE), request(count)))._unsafeUnwrapErr()).toEqual(STALE);
    expect(made).toBe(100);
  });

  it('is made once when it is refused for anything else', async () => {
    let made = 0;
    const count = () => {
      made += 1;
      return ok({ lines: [] });
    };
    const short: ExecuteError = { kind: 'StockInsufficient', retry: 'after-refresh', shortages: [] };
    expect((await carryOut(answering(short), request(count)))._unsafeUnwrapErr()).toEqual(short);
    expect(made).toBe(1);
  });

  const answerOf = async (records: ReturnType<Ledger['records']>) =>
    (
      await carryOut(
        answering(STALE, records),
        request(() => err({ kind: 'HoldClosed' })),
      )
    )._unsafeUnwrapErr();

  it('says why nothing can be made of it, also under an id that is none', async () => {
    expect(await answerOf(okAsync([]))).toEqual({ kind: 'HoldClosed' });
    const none = errAsync({ kind: 'QueryInvalid', retry: 'never', field: 'commandIds' } as const);
    expect(await answerOf(none)).toEqual({ kind: 'HoldClosed' });
  });

  it('is to be asked for again where nobody can tell whether it was carried out before', async () => {
    const gone = storeFault('StoreUnavailable', 'gone');
    expect(await answerOf(errAsync(gone))).toEqual(gone);
  });
});
