import { BYTES_MAX, pageBytes } from '../../../store-indexeddb/test/page-bytes.ts';
import type { Contest } from '../row.ts';

/** What a page loads before its first sale, minified and gzipped, against how much it may. */
export const pageWeight: Contest = {
  rows: [{ name: 'weight/page', figure: 'bytes', unit: 'bytes', target: { atMost: 1 } }],
  repetitionsMax: 1,
  open: async () => ({
    ours: async () => ({ bytes: await pageBytes() }),
    reference: async () => ({ bytes: BYTES_MAX }),
    close: async () => undefined,
  }),
};
