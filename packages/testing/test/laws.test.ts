import { describe, it } from 'vitest';
import { laws } from '../src/index.ts';
import { hold } from './seed.ts';
import { onNewStore, onOneStore, stores } from './stores.ts';

describe.each(Object.entries(stores))('a ledger on the %s store', (_, { create, numRuns }) => {
  const open = onNewStore(create);
  it('for any commands, what all locations hold adds up to zero', () => hold(laws.conserves(open), numRuns));
  it('for any commands, the journal gives the balances', () => hold(laws.matchesJournal(open), numRuns));
  it('for any sellers racing for scarce stock, never oversells', () => hold(laws.keepsFloor(open), numRuns));
  it('for any command sent again, records it once', () => hold(laws.recordsOnce(open), numRuns));
  it('for any clock, numbers the journal without gap', () => hold(laws.sequenceIsDense(open), numRuns));
  it('for any two organizations, neither sees the other', () =>
    hold(laws.isolatesTenants(onOneStore(create)), numRuns));
  it('for any sequence, knows the balances as of it', () => hold(laws.asOfAgrees(open), numRuns));
  it('for any history, answers what the reference model answers', () => hold(laws.storesAgree(open), numRuns));
  it('for any history, previews what it then does', () => hold(laws.previewsAgree(open), numRuns));
  it('for any history, tells of the past what the journal says', () => hold(laws.historyAgrees(open), numRuns));
  it('for any amounts of any scale, keeps them to the last digit', () => hold(laws.unitsAgree(open), numRuns));
  it('for any commands with notes, the journal gives the notes', () => hold(laws.notesAgree(open), numRuns));
  it('for any levels, tells each crossing of one once', () => hold(laws.tellsLowStock(open), numRuns));
  it('for any holds and sales, promises what is there and answers what the model of holds answers', () =>
    hold(laws.holdsAgree(open), numRuns));
  it('for any reversals, takes each command back once and whole', () => hold(laws.reversalsAgree(open), numRuns));
  it('for any order of movements without floors, ends alike', () => hold(laws.commutes(open), numRuns));
  it('for any history, the journal travels whole', () => hold(laws.travelsWhole(open, create), numRuns));
  it('for any command, records all of it or nothing', () => hold(laws.allOrNothing(open), numRuns));
});

describe('the pure core', () => {
  it('for any command, decides on the rows it touches alone', () => hold(laws.touchesEnough(), 300));
});
