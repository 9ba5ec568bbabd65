import { useEffect, useState } from 'preact/hooks';

/** The views of a narrow screen, which shows one at a time. */
export const VIEWS = ['balances', 'journal', 'stock', 'flows'] as const;
/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

/** Where somebody is in the console. It stands in the address, so that a reload and a link lead there. */
export type Place = Readonly<{
  view: View;
  /** The variant that is looked at; null for the first there is. */
  variantId: string | null;
  /** The location whose stock is drawn; null for STORE. */
  locationId: string | null;
  /** The sequence that everything is shown as of; null for now. */
  asOf: number | null;
}>;

/** Reads the place, and goes elsewhere. What is not named stays as it is. */
export function usePlace(): readonly [Place, (change: Partial<Place>) => void] {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const read = () => setPlace(readPlace());
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  const go = (change: Partial<Place>) => {
    const next = { ...readPlace(), ...change };
    // A slider on its way would fill the history: only what is looked at is a step in it.
    const isStep = 'view' in change || 'variantId' in change;
    history[isStep ? 'pushState' : 'replaceState'](null, '', writePlace(next));
    setPlace(next);
  };
  return [place, go];
}

/** The place that the address names. */
export function readPlace(hash: string = location.hash): Place {
  const read = new URLSearchParams(hash.slice(1));
  const asOf = read.get('asOf');
  return {
    view: VIEWS.find(view => view === read.get('view')) ?? 'balances',
    variantId: read.get('variant'),
    locationId: read.get('location'),
    asOf: asOf !== null && /^\d{1,15}$/.test(asOf) ? Number(asOf) : null,
  };
}

/** The address of a place. */
export function writePlace({ view, variantId, locationId, asOf }: Place): string {
  const parts = { view: view === 'balances' ? null : view, variant: variantId, location: locationId, asOf };
  const named = Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  return `#${new URLSearchParams(named)}`;
}
