/** What this worker uses of `ServiceWorkerGlobalScope`; the types of pages do not know it. */
export type ServiceWorkerScope = Readonly<{
  location: Location;
  clients: Readonly<{ claim: () => Promise<void> }>;
  skipWaiting: () => Promise<void>;
  addEventListener: {
    (kind: 'install' | 'activate', listener: (event: Lasting) => void): void;
    (kind: 'fetch', listener: (event: Asked) => void): void;
  };
}>;

type Lasting = Readonly<{ waitUntil: (work: Promise<unknown>) => void }>;
type Asked = Lasting & Readonly<{ request: Request; respondWith: (response: Promise<Response>) => void }>;
