import type { Location } from '@stockfold/core';
import { useMemo, useState } from 'preact/hooks';
import { useResource } from '../api/use-resource.ts';
import type { JournalCache } from '../journal/journal-cache.ts';
import { formatCount, formatCountOf, shortId } from '../ui/format.ts';
import { Id } from '../ui/id.tsx';
import { LocationName } from '../ui/location-name.tsx';
import { Panel } from '../ui/panel.tsx';
import { Select } from '../ui/select.tsx';
import { FlowPicture } from './flow-picture.tsx';
import { type Flow, flowsOf } from './flows.ts';

/** So many flows are drawn; the table has more of them. */
const DRAWN = 12;
const LISTED = 60;

type FlowsPanelProps = Readonly<{
  journal: JournalCache;
  locations: ReadonlyMap<string, Location>;
  /** The last record that counts. */
  at: number;
  variantId: string | null;
}>;

/** What went from where to where in the last records before a moment. */
export function FlowsPanel({ journal, locations, at, variantId }: FlowsPanelProps) {
  const [span, setSpan] = useState('1000');
  const [of, setOf] = useState<'all' | 'one'>('all');
  const from = Math.max(1, at - Number(span) + 1);
  const resource = useResource(`${journal.epoch} ${from} ${at}`, signal => journal.read(from, at, signal));
  const records = resource.value;
  const flows = useMemo(() => flowsOf(records ?? [], of === 'one' ? variantId : null), [records, of, variantId]);
  const tools = (
    <div class="tools">
      <Select
        label="of"
        value={of}
        options={[
          ['all', 'all variants'],
          ['one', variantId === null ? 'one variant' : `variant ${shortId(variantId)}`],
        ]}
        onValue={value => setOf(value === 'one' ? 'one' : 'all')}
      />
      <Select
        label="in"
        value={span}
        options={[
          ['1000', '1,000 records'],
          ['100', '100 records'],
          ['1', 'this record'],
        ]}
        onValue={setSpan}
      />
    </div>
  );
  return (
    <Panel id="flows" title="Flows" resource={resource} tools={tools}>
      {flows.length === 0 ? (
        <p class="quiet">Nothing moved in {at === 0 ? 'no records' : 'these records'}.</p>
      ) : (
        <>
          <FlowPicture flows={flows.slice(0, DRAWN)} locations={locations} />
          <FlowTable flows={flows} locations={locations} />
        </>
      )}
      <p class="quiet">
        {formatCountOf(records?.length ?? 0, 'record')} up to record {formatCount(at)}
        {flows.length > DRAWN && `; the ${DRAWN} largest of ${formatCountOf(flows.length, 'flow')} are drawn`}
      </p>
    </Panel>
  );
}

type FlowTableProps = Readonly<{ flows: readonly Flow[]; locations: ReadonlyMap<string, Location> }>;

function FlowTable({ flows, locations }: FlowTableProps) {
  const name = (id: string) => {
    const location = locations.get(id);
    return location === undefined ? <Id id={id} /> : <LocationName location={location} />;
  };
  return (
    <details class="flow-table">
      <summary>In numbers</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" class="amount">
              Quantity
            </th>
            <th scope="col" class="amount">
              Lines
            </th>
          </tr>
        </thead>
        <tbody>
          {flows.slice(0, LISTED).map(({ from, to, quantity, lines }) => (
            <tr key={`${from} ${to}`}>
              <td>{name(from)}</td>
              <td>{name(to)}</td>
              <td class="amount">{formatCount(quantity)}</td>
              <td class="amount">{formatCount(lines)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
