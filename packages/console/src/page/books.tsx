import type { Location } from '@stockfold/core';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Api, Card } from './api/api.ts';
import { explain } from './api/explain.ts';
import type { Live } from './api/use-live.ts';
import { useResource } from './api/use-resource.ts';
import { BalancesPanel } from './balances/balances-panel.tsx';
import type { VariantPage } from './balances/read-variants.ts';
import { FlowsPanel } from './flows/flows-panel.tsx';
import { JournalCache } from './journal/journal-cache.ts';
import { JournalPanel } from './journal/journal-panel.tsx';
import { StockPanel } from './stock/stock-panel.tsx';
import { TimeBar } from './time/time-bar.tsx';
import { Notice } from './ui/notice.tsx';
import { usePlace, writePlace } from './ui/use-place.ts';
import { ViewTabs } from './ui/view-tabs.tsx';

const NONE: readonly Location[] = [];

type BooksProps = Readonly<{ api: Api; card: Card; live: Live }>;

/** The ledger of one organization, as it is or as it was: four panels that look at the same moment. */
export function Books({ api, card, live: { head, epoch } }: BooksProps) {
  const [place, go] = usePlace();
  const [page, setPage] = useState<VariantPage | null>(null);
  // Begun anew with every connection: another journal may stand behind the same address by then.
  const journal = useMemo(() => new JournalCache(api, epoch), [api, epoch]);
  const read = useResource(`${epoch} ${head}`, signal => api.ask({ kind: 'locations' }, signal));
  const locations = read.value ?? NONE;
  const byId = useMemo(() => new Map(locations.map(location => [location.id as string, location])), [locations]);
  const asOf = place.asOf === null || place.asOf >= head ? null : place.asOf;
  const at = asOf ?? head;
  const onAsOf = useCallback((sequence: number | null) => go({ asOf: sequence }), []);
  const onMoment = (sequence: number) => go({ asOf: sequence >= head ? null : sequence });
  const hrefOf = (variantId: string) => writePlace({ ...place, variantId, view: 'stock' });
  const locationId = byId.has(place.locationId ?? '') ? place.locationId : null;
  const variant = variantOf(place.variantId, page);
  const variantId = variant?.variantId ?? null;
  if (locations.length === 0)
    return read.error === null ? null : <Notice {...explain(read.error)} onRetry={read.retry} />;
  return (
    <>
      <TimeBar journal={journal} head={head} asOf={asOf} onAsOf={onAsOf} />
      <ViewTabs place={place} />
      <main class={`books view-${place.view}`}>
        <div class="column">
          <BalancesPanel
            api={api}
            locations={locations}
            asOf={asOf}
            news={`${epoch} ${asOf ?? head}`}
            variantId={variantId}
            hrefOf={hrefOf}
            onPage={setPage}
          />
          <JournalPanel
            journal={journal}
            locations={byId}
            at={at}
            isNow={asOf === null}
            hrefOf={hrefOf}
            onMoment={onMoment}
          />
        </div>
        <div class="column">
          <StockPanel
            api={api}
            journal={journal}
            locations={locations}
            variant={variant}
            locationId={locationId ?? card.systemLocations.STORE}
            at={at}
            head={head}
            onLocation={locationId => go({ locationId })}
            onMoment={onMoment}
          />
          <FlowsPanel journal={journal} locations={byId} at={at} variantId={variantId} />
        </div>
      </main>
    </>
  );
}

/** The variant that the address names, or the first of those that are shown. */
function variantOf(named: string | null, page: VariantPage | null) {
  const [first] = page?.rows ?? [];
  if (named === null) return first ?? null;
  return page?.rows.find(row => row.variantId === named) ?? { variantId: named, productId: null };
}
