import type { Call } from '@stockfold/testing';
import { expect, it } from 'vitest';
import { rounds } from '../../../testing/test/rounds.ts';
import { temporaryFile } from '../../../testing/test/stores.ts';
import { expectHistory, openLedger, readTold, sendAgain } from './history.ts';
import { PATIENCE_MS } from './shelf.ts';
import { runTill } from './tills.ts';

const ROUNDS = rounds({ short: 6, long: 120 });
// A new file now and then: the first commands of a file, and its making, are killed too.
const ROUNDS_PER_FILE = 6;
const SELLERS = 6;

type File = Readonly<{ path: string; remove: () => void; calls: Call[] }>;
const sum = { kills: 0, recorded: 0, unanswered: 0, replayed: 0 };

it(
  `${ROUNDS} rounds of kill -9: what was acknowledged is there once, and a retry settles what was not`,
  async () => {
    let file: File = { ...temporaryFile(), calls: [] };
    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0 && round % ROUNDS_PER_FILE === 0) {
        file.remove();
        file = { ...temporaryFile(), calls: [] };
      }
      await runRound(file, round);
    }
    file.remove();
    console.log(
      `${sum.kills} processes killed: ${sum.recorded} commands acknowledged, ${sum.unanswered} not; ${sum.replayed} of these were in the journal`,
    );
    // Kills that hit nothing under way show nothing.
    expect(sum.unanswered).toBeGreaterThan(ROUNDS);
  },
  PATIENCE_MS,
);

/** One to three tills on the same file, each killed after as many answers as the round says. */
async function runRound({ path, calls }: File, round: number): Promise<void> {
  const processes = 1 + (round % 3);
  const tills = Array.from({ length: processes }, (_, till) => {
    const killAfter = (round * 13 + till * 29) % 60;
    return runTill({ path, seed: round + till, sellers: SELLERS, turns: 10_000, killAfter });
  });
  const { calls: told, unanswered } = readTold((await Promise.all(tills)).join(''));
  const ledger = openLedger(path);
  calls.push(...told);
  for (const sent of unanswered) {
    const again = await sendAgain(ledger, sent);
    calls.push(...again);
    sum.replayed += again.filter(call => call.kind === 'execute' && isReplay(call)).length;
  }
  await expectHistory(ledger, calls);
  await ledger.close();
  sum.kills += processes;
  sum.unanswered += unanswered.length;
  sum.recorded += told.filter(call => call.kind === 'execute' && call.answer.kind === 'recorded').length;
}

function isReplay({ answer }: Extract<Call, { kind: 'execute' }>): boolean {
  return answer.kind === 'recorded' && answer.replayed;
}
