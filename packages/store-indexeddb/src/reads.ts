/** All that is read for somebody to look at: no sale needs it, so a page loads it when it first asks. */
export { readBalances } from './read-balances.ts';
export { readJournal } from './read-journal.ts';
export { readPostings } from './read-postings.ts';
export { readLocations, readLowStock, readNotes, readTrackedProducts } from './read-settings.ts';
