import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';

/** The most that a page may load before its first sale: 20 KiB. */
export const BYTES_MAX = 20_480;

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));
const LEDGER = "export { createLedger } from '@stockfold/core';";

/** What a page may be made of. */
export const PAGES = {
  'a page': `${LEDGER} export { createIndexedDbStore } from '@stockfold/store-indexeddb';`,
  'a page with a journal': `${LEDGER} export { createJournaledStore } from '@stockfold/store-indexeddb';`,
  'its worker': "import '@stockfold/store-indexeddb/worker';",
};

/** What a page with a ledger on IndexedDB loads before its first sale, in bytes. */
export async function pageBytes(): Promise<number> {
  const [first] = await bundle(PAGES['a page']);
  return bytesOf(first);
}

/** The files of a program: what it loads first, and then what it imports when it needs it. */
export async function bundle(program: string, isSplit = true): Promise<readonly OutputChunk[]> {
  const build = await rolldown({
    input: 'program',
    plugins: [
      {
        name: 'program',
        resolveId: id => (id === 'program' ? id : null),
        load: id => (id === 'program' ? program : null),
      },
    ],
    resolve: {
      alias: {
        '@stockfold/core': `${PACKAGES}core/src/index.ts`,
        '@stockfold/store-indexeddb/worker': `${PACKAGES}store-indexeddb/src/worker.ts`,
        '@stockfold/store-indexeddb': `${PACKAGES}store-indexeddb/src/index.ts`,
      },
    },
    platform: 'browser',
    // A page imports nothing from its own first file; so what is shared stays in there.
    preserveEntrySignatures: 'allow-extension',
  });
  const { output } = await build.generate({ minify: true, format: 'esm', codeSplitting: isSplit });
  return output.filter(file => file.type === 'chunk').sort((a, b) => Number(b.isEntry) - Number(a.isEntry));
}

/** Minified and gzipped, as Vite does it. */
export function bytesOf(chunk: OutputChunk | undefined): number {
  return gzipSync(chunk?.code ?? '', { level: 9 }).length;
}
