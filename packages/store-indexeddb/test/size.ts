import { BYTES_MAX, bundle, bytesOf, PAGES } from './page-bytes.ts';

// `node size.ts`: what a page ships for a ledger on IndexedDB, all dependencies included, minified and gzipped as Vite
// does it. The exit code is 1 when a page loads more than it may before its first sale.

for (const [name, program] of Object.entries(PAGES)) {
  const chunks = await bundle(program);
  const [first, ...later] = chunks;
  const bytes = bytesOf(first);
  const verdict = bytes <= BYTES_MAX ? '' : ` MORE THAN ${BYTES_MAX}`;
  if (verdict !== '') process.exitCode = 1;
  console.log(`${name} loads ${bytes} bytes before it sells${verdict}`);
  for (const chunk of later) console.log(`  and when it asks for ${chunk.name}: ${bytesOf(chunk)} bytes`);
  const all = chunks.reduce((sum, chunk) => sum + bytesOf(chunk), 0);
  console.log(`  all ${chunks.length} files: ${all} bytes`);
}
const [whole] = await bundle(PAGES['a page'], false);
console.log(`all of a page in one file, as in a service worker: ${bytesOf(whole)} bytes`);
