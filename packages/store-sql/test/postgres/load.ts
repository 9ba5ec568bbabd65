import type { Ledger } from '@stockfold/core';
import type { Call } from '@stockfold/testing';
import { doOp, drawOps } from './traders.ts';

/** Traders at work, until they are told to stop. */
export type Load = Readonly<{
  /** All that they were told up to now. */
  calls: readonly Call[];
  /** Resolves when this many more commands have been acknowledged. */
  acknowledged: (more: number) => Promise<void>;
  /** Lets everybody finish what is under way. */
  stop: () => Promise<void>;
}>;

const OPS_PER_DRAW = 500;

/**
 * Sets traders to work.
 *
 * @param ledgerOf - The ledger of a trader, asked for at each attempt, so that another can take its place.
 */
export function startLoad(traders: number, ledgerOf: (trader: number) => Ledger): Load {
  const calls: Call[] = [];
  const waiting: { left: number; resolve: () => void }[] = [];
  let isOver = false;
  const tell = (call: Call) => {
    calls.push(call);
    if (call.kind !== 'execute' || call.answer.kind !== 'recorded') return;
    for (const one of [...waiting]) {
      one.left -= 1;
      if (one.left <= 0) waiting.splice(waiting.indexOf(one), 1);
      if (one.left <= 0) one.resolve();
    }
  };
  const work = async (trader: number) => {
    for (let draw = 0; !isOver; draw++)
      for (const op of drawOps(trader * 1_000 + draw, OPS_PER_DRAW)) {
        if (isOver) return;
        for (const call of await doOp(() => ledgerOf(trader), op)) tell(call);
      }
  };
  const works = Promise.all(Array.from({ length: traders }, (_, trader) => work(trader)));
  works.catch(() => undefined);
  return {
    calls,
    acknowledged: more => {
      const enough = new Promise<void>(resolve => waiting.push({ left: more, resolve }));
      // A trader who fails is not waited for.
      return Promise.race([enough, works.then(() => enough)]);
    },
    stop: async () => {
      isOver = true;
      await works;
    },
  };
}
