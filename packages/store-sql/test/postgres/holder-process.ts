import { once } from 'node:events';
import { createHolds, createLedger, restock, sale } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import fc from 'fast-check';
import { MUG } from './traders.ts';

// One of several processes that hold and sell the same mug: `node holder-process.ts <address> <seed> <holders> <each>`. Says
// that it is ready, waits for a word, and prints how often it was answered what as a line of JSON.

const [connectionString = '', seed, holders, each] = process.argv.slice(2);
const ledger = createLedger({ store: createPostgresStore({ connectionString }) });
const holds = createHolds(ledger);
const answers: Record<string, number> = {};

type Op = Readonly<{ kind: 'reserve' | 'post' | 'release' | 'sell' | 'restock'; pieces: number; expires: boolean }>;

const op: fc.Arbitrary<Op> = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'reserve', 'post', 'post', 'release', 'sell', 'sell', 'restock'),
  pieces: fc.integer({ min: 1, max: 3 }),
  expires: fc.boolean(),
});

// Some expire while they are posted.
const SHORT_MS = 5;

async function holder(number: number): Promise<void> {
  const placed: string[] = [];
  for (const { kind, pieces, expires } of fc.sample(op, { seed: Number(seed) * 100 + number, numRuns: Number(each) })) {
    const id = ledger.newId();
    const [holdId] = placed;
    const moved = kind === 'restock' ? restock('STORE', MUG, 1) : sale('STORE', MUG, pieces);
    const done =
      kind === 'reserve'
        ? await holds.reserve({
            id,
            owner: `process ${seed}`,
            expiresAt: expires ? ledger.now() + SHORT_MS : null,
            lines: [{ holdId: id, locationId: 'STORE', ...MUG, quantity: pieces }],
          })
        : (kind === 'post' || kind === 'release') && holdId !== undefined
          ? await holds[kind]({ id, lines: [{ holdId, quantity: pieces === 1 ? 1 : undefined }] })
          : await ledger.execute({ kind: 'RecordMovements', id, lines: [moved] });
    if (kind === 'reserve' && done.isOk()) placed.push(id);
    if (kind !== 'reserve' && (pieces > 1 || done.isErr())) placed.shift();
    const answer = `${kind}: ${done.isOk() ? 'recorded' : done.error.kind}`;
    answers[answer] = (answers[answer] ?? 0) + 1;
  }
}

// Its connection is open and its tables are there before the others begin.
(await ledger.journal({ limit: 1 }))._unsafeUnwrap();
console.log('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
await Promise.all(Array.from({ length: Number(holders) }, (_, number) => holder(number)));
console.log(JSON.stringify(answers));
await ledger.close();
