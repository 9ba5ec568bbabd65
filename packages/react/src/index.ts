export { type LiveBalance, useBalance } from './use-balance.ts';
export { type LiveBalances, useBalances } from './use-balances.ts';
export { type JournalOptions, type LiveJournal, useJournal } from './use-journal.ts';
