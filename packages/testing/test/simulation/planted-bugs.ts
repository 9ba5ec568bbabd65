import { createMemoryStore } from '@stockfold/store-memory';
import type { Subject } from '../../src/index.ts';
import * as ids from '../mutants/forgotten-ids.ts';
import * as guards from '../mutants/lost-guards.ts';
import * as notes from '../mutants/lost-notes.ts';
import { type Mutant, mutated } from '../mutants/mutant.ts';
import * as organizations from '../mutants/shared-organizations.ts';
import * as torn from '../mutants/torn-commits.ts';
import * as counts from '../mutants/wrong-counts.ts';
import * as reads from '../mutants/wrong-reads.ts';
import { type Twist, takesFaultForNone, twisted } from '../mutants/wrong-requests.ts';
import * as reversals from '../mutants/wrong-reversals.ts';
import * as sequences from '../mutants/wrong-sequences.ts';
import * as ledgers from './broken-ledgers.ts';

const broken = (mutant: Mutant): Subject => ({ openStore: () => mutated(mutant) });
const brokenLedger = (openLedger: ledgers.BrokenLedger): Subject => ({ openStore: createMemoryStore, openLedger });
const brokenRequests = (twist: Twist): Subject => brokenLedger(twisted(twist));

/** Bugs of one line each, in a store or between a caller and the store, that simulated worlds must bring to light. */
export const PLANTED_BUGS: readonly (readonly [string, Subject])[] = [
  ['no unique key on command ids', broken(ids.ignoresKnownIds)],
  ['command ids looked up on load only', broken(ids.forgetsKnownAtCommit)],
  ['command ids looked up at the commit only', broken(ids.forgetsKnownOnLoad)],
  ['no guard is checked', broken(guards.skipsGuards)],
  ['absolute balances instead of deltas', brokenLedger(ledgers.withStore(guards.writesAbsoluteBalances))],
  ['balances clamped at zero', broken(guards.clampsAtZero)],
  ['no configuration version is compared', broken(guards.ignoresConfigVersion)],
  ['assumed tracking is believed', broken(guards.believesAssumptions)],
  ['tracking never stops', broken(guards.forgetsToStop)],
  ['a commit torn in two', broken(torn.tearsCommits)],
  ['the last posting dropped', broken(torn.dropsPosting)],
  ['the first half applied before a failure', broken(torn.failsHalfway)],
  ['guards checked while writing', broken(torn.appliesBeforeStale)],
  ['a gap in the sequences', broken(sequences.leavesGap)],
  ['time goes back with the clock', broken(sequences.letsTimeGoBack)],
  ['receipts with the sequence before', broken(sequences.answersOneBefore)],
  ['a note lost', broken(notes.losesNote)],
  ['no note is guarded', broken(notes.guardsNoNote)],
  ['notes numbered by their commit', broken(notes.numbersNotesByCommit)],
  ['as-of one record behind', broken(reads.isOneBehind)],
  ['as-of gives the present', broken(reads.knowsNoPast)],
  ['balances of all organizations', broken(organizations.mixesBalances)],
  ['command ids of all organizations', broken(organizations.mixesCommands)],
  ['an unknown outcome taken for a failure', brokenLedger(ledgers.takesUnknownForFailed)],
  ['a new id for the retry', brokenLedger(ledgers.takesNewIdForRetry)],
  ['acknowledged when sent', brokenLedger(ledgers.acknowledgesEarly)],
  ['refused on cached rows', brokenLedger(ledgers.refusesOnCachedRows)],
  ['refused before the id is looked for', brokenLedger(ledgers.refusesBeforeItLooksForTheId)],
  ['replays recomputed', brokenLedger(ledgers.recomputesReplays)],
  ['every commit sent twice under two ids', brokenLedger(ledgers.sendsTwice)],
  ['stale taken for done', brokenLedger(ledgers.takesStaleForDone)],
  ['floors forgotten', brokenLedger(ledgers.forgetsFloors)],
  ['floors of variants forgotten', broken(guards.keepsFloorsOfTypesAlone)],
  ['overrides that leave no record', broken(guards.forgetsOverrides)],
  ['provenance that leaves no record', broken(guards.forgetsOrigins)],
  ['feeds that leave nothing out', brokenLedger(ledgers.hearsItself)],
  ['previews that know no ids', brokenLedger(ledgers.previewsAsNew)],
  ['previews of one reason', brokenLedger(ledgers.previewsOneReason)],
  ['times that nobody checks', brokenLedger(ledgers.letsTimesRunAhead)],
  ['expectations checked before the commit alone', brokenLedger(ledgers.expectsTooEarly)],
  ['a hold that is given up stays open', brokenLedger(ledgers.leavesReleasedHoldsOpen)],
  ['a hold counts against itself', brokenLedger(ledgers.promisesWhatWasPosted)],
  ['a hold that never expires', brokenLedger(ledgers.letsNoHoldExpire)],
  ['a command taken back twice', brokenRequests(reversals.reversesTwice)],
  ['a reversal that forgets a line', brokenRequests(reversals.forgetsLine)],
  ['a reversal below the floor', brokenRequests(reversals.ignoresFloors)],
  ['a reversal that nothing forces', brokenRequests(reversals.forcesNothing)],
  ['a reversal without its cause', brokenRequests(reversals.namesNoCause)],
  ['a reversal that its command does not know', brokenRequests(reversals.notesAnother)],
  ['a count that knows no late sale', brokenRequests(counts.knowsNoLateSale)],
  ['a count of its arrival', brokenRequests(counts.countsOnArrival)],
  ['a count that expects nothing', brokenRequests(counts.expectsNothing)],
  ['a count older than the last', brokenRequests(counts.forgetsLaterCounts)],
  ['a count recorded twice', brokenRequests(counts.countsTwice)],
  ['balances read once', brokenLedger(ledgers.readsOnce)],
];

/** A bug that takes two faults, each in its place: random worlds show it, and hardly grow small. */
export const REFUSES_WHAT_IS_DONE: Subject = brokenRequests(takesFaultForNone);

/** The most worlds in which a planted bug must show. */
export const PLANTED_BUG_WORLDS = 6_000;
