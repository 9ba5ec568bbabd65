export type { CommandRun } from './arbitraries/commands.ts';
export type { ScarceStock } from './arbitraries/scarce-stock.ts';
export type { World, WorldVariant } from './arbitraries/world.ts';
export { type Arbitraries, arbitraries } from './arbitraries.ts';
export { type Call, checkHistory, type HistoryFlaw, type SentLine } from './check-history.ts';
export { describeLedger, type LedgerSuiteOptions } from './describe-ledger.ts';
export { describeLedgerStore, type StoreSuiteOptions } from './describe-ledger-store.ts';
export type { Law, OpenLedger } from './laws/law.ts';
export * as laws from './laws.ts';
export {
  createReferenceModel,
  type ModelAnswer,
  type ModelBalance,
  type ReferenceModel,
  type ReferenceModelOptions,
} from './reference-model.ts';
export { createFaultyStore, type FaultyWorld, type Operation } from './simulation/create-faulty-store.ts';
export { type EnumerationOptions, type EnumerationReport, enumerateFaults } from './simulation/enumerate-faults.ts';
export { FAULT_KINDS, type Fault, type FaultKind } from './simulation/fault.ts';
export { STATES, type State, type States } from './simulation/observe-store.ts';
export type { Subject } from './simulation/run-world.ts';
export { createScheduler, type Scheduler, type SchedulerOptions, Stuck } from './simulation/scheduler.ts';
export {
  describeFailure,
  type SimulationFailure,
  type SimulationOptions,
  type SimulationReport,
  simulate,
} from './simulation/simulate.ts';
export type { Violation } from './simulation/violation.ts';
export { type Op, type SimulatedWorld, simulatedWorld } from './simulation/world.ts';
export type { OpenedStore, StoreSupport, TestRunner } from './store-suite/suite.ts';
