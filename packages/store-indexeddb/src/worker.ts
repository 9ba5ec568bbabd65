import { type Port, serveStore } from './journal/serve-store.ts';

// The whole program of a dedicated worker: `import '@stockfold/store-indexeddb/worker'`.
serveStore(globalThis as unknown as Port);
