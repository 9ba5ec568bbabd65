import type { Location } from '@stockfold/core';
import { useEffect, useState } from 'preact/hooks';
import { useResource } from '../api/use-resource.ts';
import { formatCount } from '../ui/format.ts';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import type { JournalCache } from './journal-cache.ts';
import { RecordItem } from './record-item.tsx';

const PAGE_RECORDS = 10;

type JournalPanelProps = Readonly<{
  journal: JournalCache;
  locations: ReadonlyMap<string, Location>;
  /** The sequence that is looked at: the newest record that is shown. */
  at: number;
  isNow: boolean;
  hrefOf: (variantId: string) => string;
  /** Shows everything as of a record. */
  onMoment: (sequence: number) => void;
}>;

/** The journal, the newest record first: as it grows, and backwards from any of them. */
export function JournalPanel({ journal, locations, at, isNow, hrefOf, onMoment }: JournalPanelProps) {
  const [pagesBack, setPagesBack] = useState(0);
  useEffect(() => setPagesBack(0), [isNow, isNow ? 0 : at]);
  const to = Math.max(0, at - pagesBack * PAGE_RECORDS);
  const from = Math.max(1, to - PAGE_RECORDS + 1);
  const resource = useResource(`${journal.epoch} ${from} ${to}`, signal => journal.read(from, to, signal));
  const records = resource.value?.toReversed() ?? [];
  const [first, last] = [records.at(-1)?.sequence ?? 0, records[0]?.sequence ?? 0];
  return (
    <Panel id="journal" title="Journal" resource={resource} tools={isNow && <small>newest first, live</small>}>
      {records.length === 0 && <p class="quiet">Nothing had been recorded yet.</p>}
      <ol class="records">
        {records.map(record => (
          <RecordItem
            key={record.commandId}
            record={record}
            locations={locations}
            hrefOf={hrefOf}
            isMoment={!isNow && record.sequence === at}
            onMoment={() => onMoment(record.sequence)}
          />
        ))}
      </ol>
      {(pagesBack > 0 || first > 1) && (
        <Pager
          label={`Records ${formatCount(first)} to ${formatCount(last)}`}
          back={{ name: 'Newer', go: pagesBack === 0 ? null : () => setPagesBack(pagesBack - 1) }}
          on={{ name: 'Older', go: first <= 1 ? null : () => setPagesBack(pagesBack + 1) }}
        />
      )}
    </Panel>
  );
}
