import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';

// `node size.ts`: what a page ships for a ledger on IndexedDB, all dependencies included, minified and gzipped as Vite
// does it. The exit code is 1 when a page loads more than it may before it sells, counts and watches.

// The aim is 20,480 (20 KiB).
const BYTES_MAX = 21_500;
const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));
const LEDGER = "export { createLedger } from '@stockfold/core';";

const PAGES = {
  'a page': `${LEDGER} export { createIndexedDbStore } from '@stockfold/store-indexeddb';`,
  'a page with a journal': `${LEDGER} export { createJournaledStore } from '@stockfold/store-indexeddb';`,
  'its worker': "import '@stockfold/store-indexeddb/worker';",
};

for (const [name, program] of Object.entries(PAGES)) {
  const [first, ...later] = await bundle(program);
  const bytes = bytesOf(first);
  const verdict = bytes <= BYTES_MAX ? '' : ` MORE THAN ${BYTES_MAX}`;
  if (verdict !== '') process.exitCode = 1;
  console.log(`${name} loads ${bytes} bytes${verdict}`);
  for (const chunk of later) console.log(`  and when it asks for ${chunk.name}: ${bytesOf(chunk)} bytes`);
}
const [whole] = await bundle(PAGES['a page'], false);
console.log(`all of it in one file, as in a service worker: ${bytesOf(whole)} bytes`);

/** The files of a program: what it loads first, and then what it imports when it needs it. */
async function bundle(program: string, isSplit = true): Promise<readonly OutputChunk[]> {
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

function bytesOf(chunk: OutputChunk | undefined): number {
  return gzipSync(chunk?.code ?? '', { level: 9 }).length;
}
