import { useSyncExternalStore } from 'react';

/** How this page is connected: whether there is a network, and whether the worker answers for it. */
export type Connection = Readonly<{ isOnline: boolean; hasWorker: boolean }>;

/** The connection as it is now. */
export function useConnection(): Connection {
  const isOnline = useSyncExternalStore(subscribeNetwork, () => navigator.onLine);
  const hasWorker = useSyncExternalStore(subscribeWorker, () => Boolean(navigator.serviceWorker?.controller));
  return { isOnline, hasWorker };
}

function subscribeNetwork(rerender: () => void): () => void {
  addEventListener('online', rerender);
  addEventListener('offline', rerender);
  return () => {
    removeEventListener('online', rerender);
    removeEventListener('offline', rerender);
  };
}

function subscribeWorker(rerender: () => void): () => void {
  navigator.serviceWorker?.addEventListener('controllerchange', rerender);
  return () => navigator.serviceWorker?.removeEventListener('controllerchange', rerender);
}
