import type { CommandId, LedgerStore } from '@stockfold/core';

/** States that a simulation must have met, or it has shown nothing about them. */
export const STATES = [
  'stale guard met',
  'configuration changed under a command',
  'organization founded by another',
  'refused for stock',
  'refused for another balance',
  'refused for what is held',
  'hold placed or ended',
  'hold was closed before',
  'hold had expired',
  'command taken back',
  'command was taken back before',
  'command could not be taken back',
  'shelf counted',
  'shelf was counted later',
  'refused for another note',
  'refused for tracking',
  'refused for another product',
  'refused for its time',
  'command id reused',
  'command replayed',
  'replayed after an unknown outcome',
  'recorded at the second attempt',
  'known only at the commit',
  'late effect landed',
  'late effect was too late',
  'process crashed and came back',
  'deadline passed',
  'store was full',
  'store was busy',
  'stale rows were read',
  'delivered twice',
  'clock jumped',
  'balance read under way',
  'several commands in one commit',
  'refusal rode along with a commit',
  'refusal decided again',
] as const;
/** One of {@link STATES}. */
export type State = (typeof STATES)[number];

/** How often each state was met. */
export type States = Record<State, number>;

export function noStates(): States {
  return Object.fromEntries(STATES.map(state => [state, 0])) as States;
}

/** Counts what the store itself answers; it stands right before the store, behind the faults. */
export function observeStore(store: LedgerStore, states: States, onCommitted: (sequence: number) => void): LedgerStore {
  const observed = new Set<CommandId>();
  return {
    ...store,
    commit: commit =>
      store.commit(commit).map(answer => {
        const ids = [...commit.observe, ...commit.records.map(record => record.commandId)];
        if (ids.some(id => observed.has(id))) states['refusal decided again'] += 1;
        for (const id of ids) observed.delete(id);
        if (answer.kind === 'committed' && commit.records.length > 1) states['several commands in one commit'] += 1;
        if (answer.kind === 'committed' && commit.observe.length > 0) states['refusal rode along with a commit'] += 1;
        if (answer.kind === 'committed') for (const id of commit.observe) observed.add(id);
        if (answer.kind === 'stale') states['stale guard met'] += 1;
        if (answer.kind === 'known') states['known only at the commit'] += 1;
        if (answer.kind === 'configChanged') states['configuration changed under a command'] += 1;
        if (answer.kind === 'configChanged' && commit.configVersion === 0)
          states['organization founded by another'] += 1;
        if (answer.kind === 'committed') onCommitted(answer.firstSequence + commit.records.length - 1);
        return answer;
      }),
  };
}
