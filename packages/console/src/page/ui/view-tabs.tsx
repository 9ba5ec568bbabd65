import { type Place, VIEWS, type View, writePlace } from './use-place.ts';

const NAMES: Readonly<Record<View, string>> = {
  balances: 'Balances',
  journal: 'Journal',
  stock: 'Stock',
  flows: 'Flows',
};

/** Where a narrow screen shows one view at a time, the way to the others; a wide one shows them all. */
export function ViewTabs({ place }: Readonly<{ place: Place }>) {
  return (
    <nav class="view-tabs" aria-label="Views">
      {VIEWS.map(view => (
        <a key={view} href={writePlace({ ...place, view })} aria-current={place.view === view ? 'page' : undefined}>
          {NAMES[view]}
        </a>
      ))}
    </nav>
  );
}
