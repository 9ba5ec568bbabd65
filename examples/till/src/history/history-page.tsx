import type { Ledger, StoredRecord } from '@stockfold/core';
import { linesOf } from '@stockfold/core';
import { useJournal } from '@stockfold/react';
import { useState } from 'react';
import { type Story, tellRecord } from '../shop/tell-record.ts';
import { isUndo, isUndone } from '../shop/undo.ts';
import { useRecording } from '../ui/use-recording.ts';
import { VerifyButton } from './verify-button.tsx';

const MORE = 50;

/** Everything that was recorded, the newest first. */
export function HistoryPage({ ledger }: Readonly<{ ledger: Ledger }>) {
  const [limit, setLimit] = useState(MORE);
  const { isReady, records } = useJournal(ledger, { limit });
  const recorded = new Set<string>(records.map(record => record.commandId));
  return (
    <section className="history">
      <header className="page-head">
        <h1>History</h1>
        <VerifyButton ledger={ledger} />
      </header>
      <ol className="rows">
        {records.map(record => (
          <HistoryRow
            key={record.sequence}
            ledger={ledger}
            record={record}
            // Whoever undid it did so later, so it is among the records that are shown.
            wasUndone={isUndone(record.commandId, recorded)}
          />
        ))}
      </ol>
      {isReady && (records.at(-1)?.sequence ?? 1) > 1 && limit < 1_000 && (
        <button type="button" className="button" onClick={() => setLimit(Math.min(1_000, limit + MORE))}>
          Show earlier records
        </button>
      )}
    </section>
  );
}

type HistoryRowProps = Readonly<{ ledger: Ledger; record: StoredRecord; wasUndone: boolean }>;

function HistoryRow({ ledger, record, wasUndone }: HistoryRowProps) {
  const { undo } = useRecording(ledger);
  const story = tellRecord(record, ledger.systemLocations);
  const lines = linesOf(record);
  return (
    <li className={wasUndone ? 'record undone' : 'record'}>
      <time dateTime={new Date(record.recordedAt).toISOString()}>{MOMENT.format(record.recordedAt)}</time>
      <span className="record-title">
        {story.title}
        {wasUndone && <span className="tag">undone</span>}
      </span>
      <RecordLines story={story} />
      {lines.length > 0 && !wasUndone && !isUndo(record.commandId) && (
        <button
          type="button"
          className="quiet"
          aria-label={`Undo record ${record.sequence}`}
          onClick={() => void undo({ commandId: record.commandId, lines })}
        >
          Undo
        </button>
      )}
    </li>
  );
}

const MOMENT = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const LINES_SHOWN = 4;

function RecordLines({ story }: Readonly<{ story: Story }>) {
  const more = story.lines.length - LINES_SHOWN;
  return (
    <ul className="record-lines">
      {story.lines.slice(0, LINES_SHOWN).map(({ text, change }, index) => (
        <li key={index}>
          <span className={change < 0 ? 'change less' : 'change'}>
            {change > 0 ? `+${change}` : String(change).replace('-', '−')}
          </span>
          {text}
        </li>
      ))}
      {more > 0 && <li className="more">and {more} more</li>}
    </ul>
  );
}
