import { type Breach, type Repair, rebuild } from '@stockfold/core';
import { okAsync } from 'neverthrow';

/** A rebuild on a store that writes less than it is given. */
const rebuilding =
  (less: (repair: Repair) => Repair): typeof rebuild =>
  ({ store, ...options }) => {
    const { upkeep } = store;
    if (upkeep === undefined) return rebuild({ store, ...options });
    return rebuild({
      ...options,
      store: { ...store, upkeep: { ...upkeep, mend: repair => upkeep.mend(less(repair)) } },
    });
  };

/** Mends balances, and no settings. */
export const mendsBalancesAlone: typeof rebuild = rebuilding(repair => ({
  ...repair,
  policy: undefined,
  locations: [],
  tracking: [],
  lowStock: [],
  notes: [],
}));

/** Mends what the balances are, and not what they were before. */
export const mendsNoPast: typeof rebuild = rebuilding(repair => ({
  ...repair,
  variants: repair.variants.map(variant => ({
    ...variant,
    postings: variant.postings.filter(
      (posting, index, all) => !all.slice(index + 1).some(later => later.locationId === posting.locationId),
    ),
  })),
}));

/** Finds something, writes nothing, and says that all is well. */
export const saysThatAllIsWell: typeof rebuild = () =>
  okAsync({ found: [{ invariant: 'conserves' } as Breach], fault: null, left: [] });
