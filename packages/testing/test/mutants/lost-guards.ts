import { answering, beforeOf, configOf, createQueue, type Mutant, withDeltas } from './mutant.ts';

/** Looks at no guard. */
export const skipsGuards: Mutant = inner => ({
  ...inner,
  commit: commit => inner.commit({ ...commit, balances: commit.balances.map(({ min: _, max: __, ...rest }) => rest) }),
});

/** Believes that every product is tracked that is assumed to be. */
export const believesAssumptions: Mutant = inner => ({
  ...inner,
  commit: commit => inner.commit({ ...commit, assumed: [] }),
});

/** Takes `min` as more than, not as at least. */
export const guardsTooMuch: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      balances: commit.balances.map(change => (change.min === undefined ? change : { ...change, min: change.min + 1 })),
    }),
});

/** Writes what it read plus the delta, not the delta: what was committed in between is lost. */
export const writesAbsoluteBalances: Mutant = inner => {
  const queue = createQueue();
  return {
    ...inner,
    commit: commit => {
      const read = beforeOf(inner, commit);
      return answering(() =>
        queue(async () => {
          const now = await beforeOf(inner, commit);
          const seen = await read;
          const deltas = commit.balances.map(({ delta }, index) => (seen[index] ?? 0) + delta - (now[index] ?? 0));
          return inner.commit(withDeltas(commit, deltas));
        }),
      );
    },
  };
};

/** Keeps every balance at 0 or above, whatever the policy says. */
export const clampsAtZero: Mutant = inner => {
  const queue = createQueue();
  return {
    ...inner,
    commit: commit =>
      answering(() =>
        queue(async () => {
          const before = await beforeOf(inner, commit);
          const deltas = commit.balances.map(({ delta }, index) => Math.max(delta, -(before[index] ?? 0)));
          return inner.commit(withDeltas(commit, deltas));
        }),
      ),
  };
};

/** Leaves a balance where it is when it would leave the safe integers. */
export const saturates: Mutant = inner => ({
  ...inner,
  commit: commit =>
    answering(async () => {
      const before = await beforeOf(inner, commit);
      const deltas = commit.balances.map(({ delta }, index) =>
        Number.isSafeInteger((before[index] ?? 0) + delta) ? delta : 0,
      );
      return inner.commit(commit.records.length === 1 ? withDeltas(commit, deltas) : commit);
    }),
});

/** Compares no configuration version. */
export const ignoresConfigVersion: Mutant = inner => ({
  ...inner,
  commit: commit =>
    answering(async () => {
      const { configVersion } = await configOf(inner, commit.organizationId);
      return inner.commit({ ...commit, configVersion });
    }),
});

/** Moves the configuration version up with every commit. */
export const bumpsVersionAlways: Mutant = inner => ({
  ...inner,
  commit: commit =>
    answering(async () => {
      const { policy } = await configOf(inner, commit.organizationId);
      const config = commit.config.length > 0 ? commit.config : [{ kind: 'Policy', policy } as const];
      return inner.commit({ ...commit, config });
    }),
});

/** Never stops tracking. */
export const forgetsToStop: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      config: commit.config.map(change => (change.kind === 'Tracking' ? { ...change, tracked: true } : change)),
    }),
});

/** Keeps the floors of location types, and no others. */
export const keepsFloorsOfTypesAlone: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      config: commit.config.map(change =>
        change.kind === 'Policy' ? { ...change, policy: { floors: change.policy.floors } } : change,
      ),
    }),
});

/** Lets commands break floors and does not say so in their records. */
export const forgetsOverrides: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      records: commit.records.map(record => ({
        ...record,
        events: record.events.filter(event => event.kind !== 'FloorsOverridden'),
      })),
    }),
});

/** Forgets where a command comes from. */
export const forgetsOrigins: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      records: commit.records.map(record => ({
        ...record,
        events: record.events.filter(event => event.kind !== 'Attributed'),
      })),
    }),
});
