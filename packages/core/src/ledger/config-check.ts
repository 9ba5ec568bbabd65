import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId, ProductId } from '../model/id.ts';
import { type Breach, type Breaches, type ConfigKeys, configAgrees } from '../rules/audit.ts';
import type { StoreFault } from './fault.ts';
import type { JournalReader } from './journal-reader.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { LedgerStore } from './store.ts';

// So often the configuration may change while a page of it is compared, before that is held against the store.
const ATTEMPTS_MAX = 10;

/**
 * Compares the rows of the configuration with what the journal makes of them: 11, `configAgrees`. Products of variants that
 * the journal never had are not found: nobody can ask for them.
 */
export function checkConfiguration(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
): ResultAsync<Breaches, StoreFault> {
  return safeTry(async function* () {
    const listed = yield* await store.locations(organizationId);
    const tracked = yield* await listTracked(store, organizationId);
    yield* await journal.readToEnd();
    const { locations, products, productOf } = journal.config;
    const all = {
      locations: [...new Set([...listed.map(location => location.id), ...locations.keys()])],
      products: [...new Set([...tracked, ...products])],
      variants: [...productOf.keys()],
    };
    const breaches: Breach[] = [];
    const longest = Math.max(1, all.locations.length, all.products.length, all.variants.length);
    for (let start = 0; start < longest; start += PAGE_LIMIT_MAX) {
      const keys: ConfigKeys = {
        policy: start === 0,
        locations: all.locations.slice(start, start + PAGE_LIMIT_MAX),
        products: all.products.slice(start, start + PAGE_LIMIT_MAX),
        variants: all.variants.slice(start, start + PAGE_LIMIT_MAX),
      };
      breaches.push(...(yield* await comparePage(store, organizationId, journal, keys)));
    }
    return ok(breaches);
  });
}

function listTracked(
  store: LedgerStore,
  organizationId: OrganizationId,
): ResultAsync<readonly ProductId[], StoreFault> {
  return safeTry(async function* () {
    const products: ProductId[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = yield* await store.trackedProducts({ organizationId, cursor, limit: PAGE_LIMIT_MAX });
      products.push(...items);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    return ok(products);
  });
}

/**
 * A row may have changed after the journal was read: then the journal is read on, and the rows once more. What differs
 * now counts if the version of the configuration is the same as the first time: nobody has changed it meanwhile.
 */
function comparePage(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
  keys: ConfigKeys,
): ResultAsync<Breaches, StoreFault> {
  const { locations, products, variants } = keys;
  const load = () => store.load(organizationId, { balances: [], locations, products, variants }, []);
  return safeTry(async function* () {
    let { slice } = yield* await load();
    for (let attempt = 1; ; attempt++) {
      const { configVersion } = slice;
      if (configAgrees(journal.config, slice, keys).length === 0) return ok([]);
      yield* await journal.readToEnd();
      ({ slice } = yield* await load());
      if (slice.configVersion === configVersion || attempt === ATTEMPTS_MAX)
        return ok(configAgrees(journal.config, slice, keys));
    }
  });
}
