import { createMemoryStore } from '@stockfold/store-memory';
import { describe, it } from 'vitest';
import { describeLedgerStore } from '../src/index.ts';

describeLedgerStore('memory', { open: () => ({ store: createMemoryStore() }), runner: { describe, it } });
