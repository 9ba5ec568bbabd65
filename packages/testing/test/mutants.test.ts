import { type CommandInput, createLedger, type LedgerStore } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { describe, expect, it } from 'vitest';
import { type Law, laws, type OpenLedger } from '../src/index.ts';
import { runSuite } from './mutants/collect.ts';
import { forgetful } from './mutants/forgetful-touches.ts';
import * as ids from './mutants/forgotten-ids.ts';
import * as guards from './mutants/lost-guards.ts';
import * as notes from './mutants/lost-notes.ts';
import { type Mutant, mutated } from './mutants/mutant.ts';
import * as organizations from './mutants/shared-organizations.ts';
import * as torn from './mutants/torn-commits.ts';
import * as amounts from './mutants/wrong-amounts.ts';
import * as crossings from './mutants/wrong-crossings.ts';
import * as previews from './mutants/wrong-previews.ts';
import * as reads from './mutants/wrong-reads.ts';
import * as rebuilds from './mutants/wrong-rebuilds.ts';
import type { Twist } from './mutants/wrong-requests.ts';
import * as reversals from './mutants/wrong-reversals.ts';
import * as sequences from './mutants/wrong-sequences.ts';
import * as tellings from './mutants/wrong-tellings.ts';
import { isBroken } from './seed.ts';
import { onNewStore, onOneStore } from './stores.ts';

type LawName = keyof typeof laws;

const open = (mutant: Mutant) => onNewStore(() => mutated(mutant));
const openSound = onNewStore(createMemoryStore);
const travel = (mutant: Mutant) => laws.travelsWhole(open(mutant), () => mutated(mutant));
const forgetsExpectations: OpenLedger = options => {
  const ledger = createLedger({ store: createMemoryStore(), ...options });
  const withoutExpect = (command: CommandInput) => ({ ...command, expect: [] }) as CommandInput;
  return { ...ledger, execute: command => ledger.execute(withoutExpect(command)) };
};
const reversed = (twist: Twist) => laws.reversalsAgree(openSound, reversals.reversing(twist));
const openSqlite = () => createSqliteStore({ path: ':memory:' });
const openOne = (mutant: Mutant) => onOneStore(() => mutated(mutant));

// What is broken, and the law that must say so.
const BROKEN_LAWS: readonly (readonly [string, LawName, Law])[] = [
  ['a store that tears commits', 'conserves', laws.conserves(open(torn.tearsCommits))],
  ['a store that drops a posting', 'conserves', laws.conserves(open(torn.dropsPosting))],
  ['a store that drops a posting', 'matchesJournal', laws.matchesJournal(open(torn.dropsPosting))],
  ['a store that skips guards', 'keepsFloor', laws.keepsFloor(open(guards.skipsGuards))],
  ['a store that forgets overrides', 'keepsFloor', laws.keepsFloor(open(guards.forgetsOverrides))],
  ['a store without unique ids', 'recordsOnce', laws.recordsOnce(open(ids.ignoresKnownIds))],
  ['a store that looks for ids too early', 'recordsOnce', laws.recordsOnce(open(ids.forgetsKnownAtCommit))],
  [
    'a store that answers with another sequence',
    'sequenceIsDense',
    laws.sequenceIsDense(open(sequences.answersOneBefore)),
  ],
  ['a store that leaves a gap', 'sequenceIsDense', laws.sequenceIsDense(open(sequences.leavesGap))],
  ['a store that lets time go back', 'sequenceIsDense', laws.sequenceIsDense(open(sequences.letsTimeGoBack))],
  ['touches that forgets locations', 'touchesEnough', laws.touchesEnough(forgetful('locations', 'all but the last'))],
  ['touches that forgets a balance', 'touchesEnough', laws.touchesEnough(forgetful('balances', 'none'))],
  ['touches that forgets products', 'touchesEnough', laws.touchesEnough(forgetful('products', 'none'))],
  ['touches that forgets variants', 'touchesEnough', laws.touchesEnough(forgetful('variants', 'none'))],
  ['balances of all organizations', 'isolatesTenants', laws.isolatesTenants(openOne(organizations.mixesBalances))],
  ['commands of all organizations', 'isolatesTenants', laws.isolatesTenants(openOne(organizations.mixesCommands))],
  ['locations of all organizations', 'isolatesTenants', laws.isolatesTenants(openOne(organizations.mixesLocations))],
  ['the past of all organizations', 'isolatesTenants', laws.isolatesTenants(openOne(organizations.mixesPast))],
  ['a store whose past is one behind', 'asOfAgrees', laws.asOfAgrees(open(reads.isOneBehind))],
  ['a store without a past', 'asOfAgrees', laws.asOfAgrees(open(reads.knowsNoPast))],
  ['a store whose past is one behind', 'historyAgrees', laws.historyAgrees(open(reads.isOneBehind))],
  ['a past that knows its end alone', 'historyAgrees', laws.historyAgrees(openSound, tellings.explainsTheEnd)],
  ['a page that begins at nothing', 'historyAgrees', laws.historyAgrees(openSound, tellings.addsFromNothing)],
  ['a past without what was undone', 'historyAgrees', laws.historyAgrees(openSound, tellings.leavesOutNothings)],
  ['a difference in what both have', 'historyAgrees', laws.historyAgrees(openSound, tellings.differsInWhatBothHave)],
  ['amounts that are multiplied', 'unitsAgree', laws.unitsAgree(openSound, amounts.multiplies)],
  ['amounts that are cut', 'unitsAgree', laws.unitsAgree(openSound, amounts.cuts)],
  ['amounts of two decimals', 'unitsAgree', laws.unitsAgree(openSound, amounts.writesTwoDecimals)],
  ['a store that forgets the scale', 'unitsAgree', laws.unitsAgree(open(amounts.forgetsScale))],
  ['a store that loses a note', 'notesAgree', laws.notesAgree(open(notes.losesNote))],
  ['a store that numbers notes by commit', 'notesAgree', laws.notesAgree(open(notes.numbersNotesByCommit))],
  ['a store that guards no note', 'storesAgree', laws.storesAgree(open(notes.guardsNoNote))],
  ['a ledger that forgets what is expected', 'storesAgree', laws.storesAgree(forgetsExpectations)],
  ['a store that loses a note', 'holdsAgree', laws.holdsAgree(open(notes.losesNote))],
  ['a store that never stops tracking', 'storesAgree', laws.storesAgree(open(guards.forgetsToStop))],
  ['a store that guards too much', 'storesAgree', laws.storesAgree(open(guards.guardsTooMuch))],
  ['a ledger that previews all but the first reason', 'previewsAgree', laws.previewsAgree(previews.withoutTheFirst)],
  ['a ledger that previews one reason', 'previewsAgree', laws.previewsAgree(previews.withOne)],
  ['a ledger that previews without its floors', 'previewsAgree', laws.previewsAgree(previews.withoutFloors)],
  ['a ledger that previews by recording', 'previewsAgree', laws.previewsAgree(previews.byRecording)],
  ['a ledger that previews a replay as new', 'previewsAgree', laws.previewsAgree(previews.underNewIds)],
  ['a store whose past is one behind', 'tellsLowStock', laws.tellsLowStock(open(reads.isOneBehind))],
  ['a watch that forgets recovery', 'tellsLowStock', laws.tellsLowStock(openSound, crossings.forgetsRecovery)],
  ['a watch that tells again', 'tellsLowStock', laws.tellsLowStock(openSound, crossings.tellsAgain)],
  ['a watch that knows one rule', 'tellsLowStock', laws.tellsLowStock(openSound, crossings.knowsOneRule)],
  ['a watch that takes the level for low', 'tellsLowStock', laws.tellsLowStock(openSound, crossings.takesLevelForLow)],
  ['a store whose notes get lost', 'countsAgree', laws.countsAgree(open(notes.losesNote))],
  ['a store that has no past', 'countsAgree', laws.countsAgree(open(reads.knowsNoPast))],
  ['a reversal that comes twice', 'reversalsAgree', reversed(reversals.reversesTwice)],
  ['a reversal that forgets a line', 'reversalsAgree', reversed(reversals.forgetsLine)],
  ['a reversal that looks at no floor', 'reversalsAgree', reversed(reversals.ignoresFloors)],
  ['a reversal that nothing forces', 'reversalsAgree', reversed(reversals.forcesNothing)],
  ['a reversal without its cause', 'reversalsAgree', reversed(reversals.namesNoCause)],
  ['a reversal that its command does not know', 'reversalsAgree', reversed(reversals.notesAnother)],
  ['a store that loses a note', 'reversalsAgree', laws.reversalsAgree(open(notes.losesNote))],
  ['a store whose commits tear', 'travelsWhole', travel(torn.tearsCommits)],
  ['a store that pages by offset', 'travelsWhole', travel(reads.pagesByOffset)],
  ['a store that never stops tracking', 'travelsWhole', travel(guards.forgetsToStop)],
  ['a rebuild of balances alone', 'rebuildsWhole', laws.rebuildsWhole(openSqlite, rebuilds.mendsBalancesAlone)],
  ['a rebuild without a past', 'rebuildsWhole', laws.rebuildsWhole(openSqlite, rebuilds.mendsNoPast)],
  ['a rebuild that says all is well', 'rebuildsWhole', laws.rebuildsWhole(openSqlite, rebuilds.saysThatAllIsWell)],
  ['a store that clamps at zero', 'commutes', laws.commutes(open(guards.clampsAtZero))],
  ['a store that fails halfway', 'allOrNothing', laws.allOrNothing(open(torn.failsHalfway))],
  ['a store that applies before it is stale', 'allOrNothing', laws.allOrNothing(open(torn.appliesBeforeStale))],
];

// What is broken, and the test of the store suite that must say so.
const BROKEN_STORES: readonly (readonly [string, Mutant])[] = [
  ['load: gives the records of those commands that are in the journal', ids.forgetsKnownOnLoad],
  ['commit: adds to the balances that are there', torn.tearsCommits],
  ['commit: gives records that a caller cannot change in the journal', reads.sharesRecords],
  ['commit: applies nothing at all of a commit that breaks its last guard', torn.appliesBeforeStale],
  ['guards: stops 3 mugs at {"min":4}', guards.skipsGuards],
  ['guards: stops 3 mugs at {"max":2}', guards.skipsGuards],
  ['guards: lets 3 mugs pass {"min":3}', guards.guardsTooMuch],
  ['guards: give back every balance when one is stale, those that hold too', sequences.answersWithoutBefore],
  ['bounds: answer stale, with nothing applied, to one piece more', guards.saturates],
  ['idempotency: answers a command that is in the journal with its record', ids.ignoresKnownIds],
  ['idempotency: refuses a commit that holds one command twice', ids.swallowsTwins],
  ['idempotency: gives the observed commands that are in the journal with a commit', ids.forgetsObserved],
  ['idempotency: gives them with a stale answer too', ids.forgetsObserved],
  ['configuration: refuses a commit of version 0 when 1 is stored', guards.ignoresConfigVersion],
  ['configuration: leaves the version alone when nothing changes', guards.bumpsVersionAlways],
  ['configuration: proves that a product is tracked where the decision assumed it', guards.believesAssumptions],
  ['configuration: keeps the policy, and each product tracked or not', guards.forgetsToStop],
  ['configuration: keeps the policy, and each product tracked or not', guards.keepsFloorsOfTypesAlone],
  ['tracked products: come in the order of their ids, page by page', reads.ignoresProductFilter('cursor')],
  ['tracked products: are no longer those whose tracking stopped', guards.forgetsToStop],
  ['tracked products: are only the named ones when some are named', reads.ignoresProductFilter('productIds')],
  ['low-stock rules: are gone once they say nothing', reads.keepsEmptyRules],
  [
    'low-stock rules: come in the order of variant and location, page by page, and by location and product',
    reads.ignoresLowStockFilter('locationId'),
  ],
  ['low-stock rules: are of their organization alone', organizations.mixesLowStock],
  ['sequences: count the records of a commit one by one, in their order', sequences.leavesGap],
  ['sequences: never let time go back, when a clock does', sequences.letsTimeGoBack],
  ['balances: come in the order of variant and location', reads.sortsByLocation],
  ['balances: keep their place in the pages while others write', reads.pagesByOffset],
  ['balances: filters by location', reads.ignoresFilter('locationId')],
  ['balances: filters by one variant', reads.ignoresFilter('variantIds')],
  ['balances: filters by product', reads.ignoresFilter('productIds')],
  ['balances: filters by balances other than 0', reads.ignoresFilter('nonZero')],
  ['journal: of 5 records, 5 after 0, gives 5', reads.pagesOnceMore],
  ['journal: gives a record back as it was written, and so does a look for its command', guards.forgetsOrigins],
  ['as of a sequence: the balances are the fold of the records up to it', reads.isOneBehind],
  ['as of a sequence: nothing changes when more is written later', reads.knowsNoPast],
  [
    'as of a sequence: a page of a history begins after a sequence, and says where the next one begins',
    reads.repeatsPosting,
  ],
  [
    'as of a sequence: the history of a balance, where one is kept, is what each record made of it',
    reads.sharesHistory,
  ],
  ['isolation: changes nothing of one organization for another', organizations.mixesBalances],
  ['isolation: knows a command only where it was recorded', organizations.mixesCommands],
  ['isolation: shows nothing of one organization to another', organizations.mixesLocations],
  ['isolation: gives each its own past', organizations.mixesPast],
  ['notes: are kept as they were written, with the sequence of their record', notes.losesNote],
  ['notes: are kept as they were written, with the sequence of their record', notes.numbersNotesByCommit],
  ['notes: are written over, and taken away by a body of null', notes.keepsTakenNotes],
  ['notes: are written when a was written last at 2: stale', notes.guardsNoNote],
  ['notes: stay as they are when they are only expected', notes.guardsNoReadNote],
  [
    'notes: are not written, and nothing else is, by a commit that takes too much from the shelf',
    notes.writesNotesOfStale,
  ],
  ['notes: come with a load, those that were asked for and no others', notes.loadsNoNote],
  ['notes: let one of many writers through who all expect the same', notes.guardsNoNote],
  ['durability: is memory, and says so', reads.boastsDurability],
  ['several commits at once: all get through when no guard restricts them', guards.writesAbsoluteBalances],
  ['several commits at once: record one command once, though it was sent many times', ids.forgetsKnownAtCommit],
  ['close: refuses commit after it', reads.neverCloses],
];

describe('a broken rule turns its law red', () => {
  it.each(BROKEN_LAWS)('%s breaks %s', async (_, __, law) => expect(await isBroken(law, 400)).toBe(true));

  it('for every law there is', () => {
    expect(new Set(BROKEN_LAWS.map(([, name]) => name))).toEqual(new Set(Object.keys(laws)));
  });
});

describe('a broken store turns the store suite red', () => {
  it.each(BROKEN_STORES)('%s', async (name, mutant) => {
    const { ran, failed } = await runSuite({ open: () => ({ store: mutated(mutant) }) });
    expect(ran).toContain(name);
    expect(failed).toContain(name);
  });

  it('and a store that keeps the contract does not', async () => {
    const { ran, failed } = await runSuite({ open: () => ({ store: createMemoryStore() }) });
    expect(failed).toEqual([]);
    expect(new Set(ran).size).toBe(ran.length);
  });

  it('when it is said to be durable and is not', async () => {
    const open = () => ({ store: createMemoryStore(), reopen: (): LedgerStore => createMemoryStore() });
    const { failed } = await runSuite({ open, supports: { durable: true, severalHandles: true } });
    expect(failed).toContain('durability: is more than memory');
    expect(failed).toContain('durability: gives everything back after close and reopen');
    expect(failed).toContain('two stores on the same data: see what the other wrote');
  });

  it('when it lets a second one in and is said not to', async () => {
    const store = createMemoryStore();
    const open = () => ({ store: createMemoryStore(), reopen: () => store });
    const { failed } = await runSuite({ open });
    expect(failed).toEqual(['two stores on the same data: cannot be had']);
  });
});
