import { useSyncExternalStore } from 'react';

/** The parts of the address behind `#`: `#stock/x` is `['stock', 'x']`. A till that is reloaded stays where it was. */
export function usePath(): readonly string[] {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return hash
    .slice(1)
    .split('/')
    .filter(part => part !== '');
}

function subscribe(rerender: () => void): () => void {
  addEventListener('hashchange', rerender);
  return () => removeEventListener('hashchange', rerender);
}
