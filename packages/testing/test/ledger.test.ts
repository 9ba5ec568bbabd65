import { createLedger, type Ledger, type LedgerOptions } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { describe, expect, it } from 'vitest';
import { describeLedger } from '../src/index.ts';
import * as previews from './mutants/wrong-previews.ts';
import { SEED } from './seed.ts';

type Open = (options: Omit<LedgerOptions, 'store'>) => Ledger;

const onMemory: Open = options => createLedger({ store: createMemoryStore(), ...options });

describeLedger('on the memory store', { open: onMemory, runner: { describe, it }, seed: SEED });
describeLedger('on SQLite', {
  open: options => createLedger({ store: createSqliteStore({ path: ':memory:' }), ...options }),
  runner: { describe, it },
  seed: SEED,
  numRuns: 20,
});

/** Runs the suite with a runner that takes notes; gives the tests that failed. */
async function failuresOf(open: Open): Promise<readonly string[]> {
  const tests: [string, () => Promise<void>][] = [];
  const runner = {
    describe: (_: string, body: () => void) => body(),
    it: (name: string, body: () => Promise<void>) => tests.push([name, body]),
  };
  describeLedger('broken', { open, runner, numRuns: 20 });
  const failed: string[] = [];
  for (const [name, body] of tests) await body().catch(() => failed.push(name));
  return failed;
}

describe('a broken ledger turns its suite red', () => {
  const broken = (change: (ledger: Ledger) => Partial<Ledger>): Open => {
    return options => {
      const ledger = onMemory(options);
      return { ...ledger, ...change(ledger) };
    };
  };

  it.each<[string, Open]>([
    [
      'gives the first receipt again for the same command',
      broken(({ execute }) => ({ execute: c => execute(c).map(r => ({ ...r, replayed: false })) })),
    ],
    [
      'names what differs in another command under a used id',
      broken(({ execute }) => ({
        execute: c => execute(c).mapErr(e => (e.kind === 'CommandIdReused' ? { ...e, differs: [] } : e)),
      })),
    ],
    [
      'names every balance that is short, and what is on hand',
      broken(({ execute }) => ({
        execute: c =>
          execute(c).mapErr(e => (e.kind === 'StockInsufficient' ? { ...e, shortages: e.shortages.slice(1) } : e)),
      })),
    ],
    [
      'keeps the floors that a command sets, and says what they are',
      broken(({ policy }) => ({ policy: () => policy().map(({ floors }) => ({ floors })) })),
    ],
    [
      'says where a command is wrong, and records nothing',
      broken(({ execute }) => ({
        execute: c => execute(c).mapErr(e => (e.kind === 'CommandInvalid' ? { ...e, violations: [] } : e)),
      })),
    ],
    [
      'answers each of several commands by itself, in their order',
      broken(({ executeAll }) => ({ executeAll: async c => [...(await executeAll(c))].reverse() })),
    ],
    [
      'gives all balances page by page',
      broken(({ balances }) => ({ balances: q => balances(q).map(p => ({ ...p, next: null })) })),
    ],
    [
      'writes notes with the movements, and names those that another command has written',
      broken(({ notes }) => ({ notes: q => notes(q).map(p => ({ ...p, items: [] })) })),
    ],
    [
      'compares a command that was made of a request by that alone',
      broken(({ execute }) => ({ execute: c => execute({ ...c, request: undefined } as typeof c) })),
    ],
    [
      'keeps where a command comes from, and compares it',
      broken(({ execute }) => ({ execute: c => execute({ ...c, provenance: null }) })),
    ],
    [
      'refuses what says that it occurred long after now, and records nothing',
      options => onMemory({ ...options, clock: () => Number.MAX_SAFE_INTEGER }),
    ],
    [
      'leaves out of the journal, and of what is watched, what came through one source',
      broken(({ journal }) => ({ journal: q => journal({ ...q, exceptSource: undefined }) })),
    ],
    [
      'leaves out of the journal, and of what is watched, what came through one source',
      broken(({ watch }) => ({ watch: (q, listener) => watch({ ...q, exceptSource: undefined }, listener) })),
    ],
    [
      'previews what a command would record, and every reason why not, and records nothing',
      broken(({ preview, newId }) => ({ preview: c => preview({ ...c, id: newId() }) })),
    ],
    ['for any history, previews what it then does', options => previews.withOne(options) as Ledger],
    [
      'keeps from a sale what is held, and says what is reserved',
      broken(({ execute }) => ({
        execute: c => execute(c.kind === 'SetPolicy' ? { ...c, policy: { ...c.policy, holds: false } } : c),
      })),
    ],
    [
      'for any holds and sales, promises what is there and answers what the model of holds answers',
      broken(({ notes }) => ({ notes: q => notes({ ...q, limit: 1 }).map(p => ({ ...p, next: null })) })),
    ],
    ['names the field of a query that is wrong', broken(({ balances }) => ({ journal: () => balances() as never }))],
    [
      'has its four locations from the beginning',
      broken(({ locations }) => ({ locations: () => locations().map(list => list.slice(1)) })),
    ],
    [
      'finds nothing wrong with itself',
      broken(({ verify }) => ({ verify: () => verify().map(v => ({ ...v, records: 0 })) })),
    ],
    ['refuses every call once it is closed', broken(({ verify }) => ({ close: () => verify().map(() => undefined) }))],
    ['for any sellers racing for scarce stock, never oversells', ({ policy: _, ...options }) => onMemory(options)],
    [
      'for any sellers racing for scarce stock, never oversells',
      ({ policy = {}, ...options }) => onMemory({ ...options, policy: { floors: policy.floors } }),
    ],
  ])('%s', async (name, open) => {
    expect(await failuresOf(open)).toContain(name);
  });

  it('and one that is right does not', async () => {
    expect(await failuresOf(onMemory)).toEqual([]);
  });
});
