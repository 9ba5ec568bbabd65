export { carryOut, type Made, type Request } from './capabilities/carry-out.ts';
export type { CountError, CountInput, LateInput, Variance, VarianceQuery } from './capabilities/counts/count.ts';
export { type Counts, createCounts } from './capabilities/counts/create-counts.ts';
export { type BalancesOf, type Difference, diff } from './capabilities/diff.ts';
export { type EffectiveAtInput, type EffectiveBalance, effectiveAt } from './capabilities/effective-at.ts';
export { type Explanation, explain, type HistoryEntry, history } from './capabilities/history.ts';
export { createHolds, type Holds, type OpenHoldsQuery } from './capabilities/holds/create-holds.ts';
export * from './capabilities/holds/hold.ts';
export { type LowStockCrossing, type TellLowStock, tellLowStock } from './capabilities/low-stock.ts';
export { type ReversalError, type ReversalInput, reversalOf, reverse } from './capabilities/reversal.ts';
export { digestOf, lastSeal, type Seal, seal } from './capabilities/seal.ts';
export { sequenceAt } from './capabilities/sequence-at.ts';
export { type LowStockWatchOptions, watchLowStock } from './capabilities/watch-low-stock.ts';
export type { ExecuteError, Overloaded } from './ledger/command-queue.ts';
export { createLedger } from './ledger/create-ledger.ts';
export type { SetTimer } from './ledger/deadline.ts';
export { describeError } from './ledger/describe-error.ts';
export { exportJournal, JOURNAL_FORMAT_VERSION, type JournalHeader } from './ledger/export-journal.ts';
export * from './ledger/fault.ts';
export type { Contended } from './ledger/group-commit.ts';
export { type Imported, type ImportOptions, type ImportRejected, importJournal } from './ledger/import-journal.ts';
export type { BalanceAt, Ledger, LedgerError } from './ledger/ledger.ts';
export type { LedgerOptions } from './ledger/options.ts';
export {
  BALANCES_LIMIT_MAX,
  type BalanceAtInput,
  type BalanceQueryInput,
  type JournalQueryInput,
  type LowStockQueryInput,
  type NoteQueryInput,
  PAGE_LIMIT_MAX,
  type PostingQueryInput,
  type ProductQueryInput,
  type QueryInvalid,
  type RecordPageInput,
  type RecordsQueryInput,
  type WatchQueryInput,
} from './ledger/query.ts';
export { type RebuildOptions, type Rebuilt, rebuild } from './ledger/rebuild.ts';
export type { LocationRepair, Mended, NoteRepair, Repair, VariantRepair } from './ledger/repair.ts';
export type {
  BalanceQuery,
  Census,
  FoundQuery,
  History,
  HistoryPage,
  HistoryQuery,
  JournalQuery,
  LedgerStore,
  Loaded,
  LowStockQuery,
  NoteQuery,
  Page,
  PostingQuery,
  ProductQuery,
  StoredPosting,
  Upkeep,
} from './ledger/store.ts';
export { uuidV7 } from './ledger/uuid-v7.ts';
export type { Verification } from './ledger/verify.ts';
export type { Snapshot } from './ledger/watch.ts';
export * from './model/balance.ts';
export * from './model/command.ts';
export type * from './model/commit.ts';
export type * from './model/event.ts';
export * from './model/id.ts';
export {
  type Durability,
  isFrom,
  type JournalRecord,
  linesOf,
  occurredAtOf,
  provenanceOf,
  type Receipt,
  type StoredRecord,
} from './model/journal.ts';
export * from './model/json.ts';
export * from './model/location.ts';
export * from './model/low-stock.ts';
export * from './model/movement.ts';
export * from './model/note.ts';
export * from './model/policy.ts';
export type * from './model/preview.ts';
export {
  CLOCK_SKEW_MAX_MS,
  PROVENANCE_TEXT_MAX,
  type Provenance,
  type ProvenanceInput,
  SOURCE_LENGTH_MAX,
  TIME_MAX_MS,
} from './model/provenance.ts';
export * from './model/quantity.ts';
export * from './model/rejection.ts';
export * from './model/reserved.ts';
export * from './rules/audit.ts';
export { ConfigFold, type Configuration } from './rules/config-fold.ts';
export { decide } from './rules/decide.ts';
export { evolve } from './rules/evolve.ts';
export { Fold } from './rules/fold.ts';
export { NoteFold } from './rules/note-fold.ts';
export { parseCommand } from './rules/parse-command.ts';
export { isSource } from './rules/parse-provenance.ts';
export { type Decided, type PlanContext, plan } from './rules/plan.ts';
export { type NoteInSlice, type Slice, type SliceKeys, touches } from './rules/slice.ts';
export { moveView, type View, type ViewFilter } from './rules/view.ts';
