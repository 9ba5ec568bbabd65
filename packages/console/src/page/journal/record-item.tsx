import { type Location, linesOf, type MovementLine, type StoredRecord } from '@stockfold/core';
import { formatCount, formatLongMoment, formatMoment } from '../ui/format.ts';
import { Id } from '../ui/id.tsx';
import { LocationName } from '../ui/location-name.tsx';
import { tellEvent } from './tell-event.ts';

/** So many lines of a record stand there at once, and so many more when they are asked for. */
const LINES_SHOWN = 3;
const LINES_MORE = 100;

type RecordItemProps = Readonly<{
  record: StoredRecord;
  locations: ReadonlyMap<string, Location>;
  hrefOf: (variantId: string) => string;
  /** Everything is shown as of this record. */
  isMoment: boolean;
  onMoment: () => void;
}>;

/** One record: its place, when, and what it did. */
export function RecordItem({ record, locations, hrefOf, isMoment, onMoment }: RecordItemProps) {
  const { sequence, recordedAt, events } = record;
  const lines = linesOf(record);
  const others = events.filter(event => event.kind !== 'MovementsRecorded').map(tellEvent);
  const show = (shown: readonly MovementLine[]) =>
    shown.map((line, index) => <Line key={`${index} ${line.variantId}`} {...{ line, locations, hrefOf }} />);
  const rest = lines.slice(LINES_SHOWN, LINES_SHOWN + LINES_MORE);
  const beyond = lines.length - LINES_SHOWN - rest.length;
  return (
    <li class="record" aria-current={isMoment ? 'step' : undefined}>
      <button type="button" class="moment" onClick={onMoment} title={`Show everything as of record ${sequence}`}>
        <span class="sequence">{formatCount(sequence)}</span>
        <time dateTime={new Date(recordedAt).toISOString()} title={formatLongMoment(recordedAt)}>
          {formatMoment(recordedAt)}
        </time>
      </button>
      <div>
        {others.length > 0 && <p class="quiet">{others.join(', ')}</p>}
        {show(lines.slice(0, LINES_SHOWN))}
        {rest.length > 0 && (
          <details>
            <summary>{formatCount(lines.length - LINES_SHOWN)} more</summary>
            {show(rest)}
            {beyond > 0 && <p class="quiet">and {formatCount(beyond)} that only the API shows</p>}
          </details>
        )}
      </div>
    </li>
  );
}

type LineProps = Readonly<{ line: MovementLine }> & Pick<RecordItemProps, 'locations' | 'hrefOf'>;

function Line({ line, locations, hrefOf }: LineProps) {
  const name = (id: string) => {
    const location = locations.get(id);
    return location === undefined ? <Id id={id} /> : <LocationName location={location} />;
  };
  return (
    <p class="line">
      <b>{formatCount(line.quantity)}</b> of{' '}
      <a href={hrefOf(line.variantId)}>
        <Id id={line.variantId} />
      </a>{' '}
      <span class="route">
        {name(line.from)} <span aria-hidden="true">→</span>
        <span class="hidden">to</span> {name(line.to)}
      </span>
    </p>
  );
}
