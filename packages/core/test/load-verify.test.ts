import { createMemoryStore } from '@stockfold/store-memory';
import { expect, it, vi } from 'vitest';
import { createLedger } from '../src/ledger/create-ledger.ts';

it('a page that cannot load the code of verify, for want of a network, is told so and may ask again', async () => {
  vi.doMock('../src/ledger/verify.ts', () => Promise.reject(new TypeError('Failed to fetch')));
  const ledger = createLedger({ store: createMemoryStore() });
  expect((await ledger.verify())._unsafeUnwrapErr()).toMatchObject({
    kind: 'StoreUnavailable',
    retry: 'same-command',
    message: 'the code of verify could not be loaded',
  });
  vi.doUnmock('../src/ledger/verify.ts');
  expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
});
