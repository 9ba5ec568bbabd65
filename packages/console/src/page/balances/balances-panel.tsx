import type { Location } from '@stockfold/core';
import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import { useResource } from '../api/use-resource.ts';
import { formatCountOf } from '../ui/format.ts';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { BalancesTable } from './balances-table.tsx';
import { isIdPrefix, readVariants, type VariantPage } from './read-variants.ts';

type BalancesPanelProps = Readonly<{
  api: Api;
  locations: readonly Location[];
  /** Null for now. */
  asOf: number | null;
  /** Changes when there may be something new. */
  news: string;
  variantId: string | null;
  /** The address of a variant. */
  hrefOf: (variantId: string) => string;
  /** Told of the variants that are shown. */
  onPage: (page: VariantPage) => void;
}>;

/** What every location holds, a page of variants at a time. */
export function BalancesPanel({ api, locations, asOf, news, variantId, hrefOf, onPage }: BalancesPanelProps) {
  const [text, setText] = useState('');
  // The cursors of the pages before this one.
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const search = text.trim().toLowerCase();
  const isId = isIdPrefix(search);
  const cursor = cursors.at(-1) ?? null;
  const resource = useResource(
    [search, cursor, asOf, news, locations.length].join(),
    isId ? signal => readVariants(api.ask, { search, cursor, asOf, locations: locations.length }, signal) : null,
  );
  const page = resource.value;
  useEffect(() => {
    if (page !== null) onPage(page);
  }, [page, onPage]);
  const find = (entered: string) => {
    setText(entered);
    setCursors([]);
  };
  const next = page?.next ?? null;
  return (
    <Panel id="balances" title="Balances" resource={resource} tools={<Search text={text} isId={isId} onText={find} />}>
      {page !== null && page.rows.length === 0 && (
        <p class="quiet">{search === '' ? 'Nothing had moved yet.' : `No variant begins with ${search}.`}</p>
      )}
      {page !== null && page.rows.length > 0 && (
        <BalancesTable rows={page.rows} locations={locations} variantId={variantId} hrefOf={hrefOf} />
      )}
      {(cursors.length > 0 || next !== null) && (
        <Pager
          label={`Page ${cursors.length + 1}, ${formatCountOf(page?.rows.length ?? 0, 'variant')}`}
          back={{ name: 'Previous', go: cursors.length === 0 ? null : () => setCursors(cursors.slice(0, -1)) }}
          on={{ name: 'Next', go: next === null ? null : () => setCursors([...cursors, next]) }}
        />
      )}
    </Panel>
  );
}

type SearchProps = Readonly<{ text: string; isId: boolean; onText: (text: string) => void }>;

function Search({ text, isId, onText }: SearchProps) {
  return (
    <label class="search">
      <span>Find</span>
      <input
        type="search"
        value={text}
        aria-label="Find a variant or product"
        placeholder="id of a variant or product"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={!isId}
        onInput={event => onText(event.currentTarget.value)}
      />
      {!isId && <small role="status">An id begins with digits and letters from a to f.</small>}
    </label>
  );
}
