import type { Location } from '@stockfold/core';
import { useMemo, useState } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import { useResource } from '../api/use-resource.ts';
import type { JournalCache } from '../journal/journal-cache.ts';
import { formatCount, formatCountOf } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { Select } from '../ui/select.tsx';
import { readHistory } from './read-history.ts';
import { Samples } from './samples.ts';
import { StockChart } from './stock-chart.tsx';

type StockPanelProps = Readonly<{
  api: Api;
  journal: JournalCache;
  locations: readonly Location[];
  /** Null when there is none yet. */
  variant: Readonly<{ variantId: string; productId: string | null }> | null;
  locationId: string;
  /** The record that everything is shown as of, and the last one there is. */
  at: number;
  head: number;
  onLocation: (locationId: string) => void;
  onMoment: (sequence: number) => void;
}>;

const SPANS = { all: 'all records', '1000': '1,000 records', '100': '100 records' } as const;
type Span = keyof typeof SPANS;

/** The stock of one variant at one location over the journal. */
export function StockPanel(props: StockPanelProps) {
  const { api, journal, locations, variant, locationId, at, head, onLocation, onMoment } = props;
  const [span, setSpan] = useState<Span>('all');
  const samples = useMemo(() => new Samples(api, journal.epoch), [api, journal.epoch]);
  const { variantId = null, productId = null } = variant ?? {};
  const [from, to] = span === 'all' ? [0, head] : [Math.max(0, at - Number(span)), at];
  const key = variantId === null ? null : { variantId, locationId };
  const resource = useResource(
    [variantId, locationId, from, to, at, journal.epoch].join(),
    key &&
      (signal =>
        readHistory({ journal, samples }, { key, from, to }, signal).andThen(history =>
          samples.read(key, at, signal).map(onHand => ({ ...history, onHand })),
        )),
  );
  const location = locations.find(({ id }) => id === locationId);
  const tools = (
    <div class="tools">
      <Select
        label="at"
        value={locationId}
        options={locations.map(({ id, name }) => [id, name])}
        onValue={onLocation}
      />
      <Select label="over" value={span} options={Object.entries(SPANS)} onValue={value => setSpan(value as Span)} />
    </div>
  );
  const history = resource.value;
  return (
    <Panel id="stock" title="Stock over time" resource={resource} tools={tools}>
      {variantId === null && <p class="quiet">No variant has moved yet.</p>}
      {history !== null && variantId !== null && (
        <>
          <p class="figure">
            <strong>{formatCount(history.onHand)}</strong> on hand at {location?.name ?? 'that location'}, as of record{' '}
            {formatCount(at)}
          </p>
          <p class="quiet ids">
            <span>
              variant <code>{variantId}</code>
            </span>
            {productId !== null && (
              <span>
                product <code>{productId}</code>
              </span>
            )}
          </p>
          <StockChart
            history={history}
            journal={journal}
            at={at}
            label={`Stock at ${location?.name ?? 'a location'}`}
            onMoment={onMoment}
          />
          {history.points !== null && (
            <p class="quiet">
              Drawn from {formatCountOf(history.points, 'point')} of {formatCountOf(head, 'record')}: each is exact, and
              a shorter stretch shows every record.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
