import { fileURLToPath } from 'node:url';
import { RULES } from './rules.ts';

// `node check.ts`: every rule of the house on this repository; the exit code is 1 when one is broken.

const root = fileURLToPath(new URL('../..', import.meta.url));
for (const [name, { reason, broken }] of Object.entries(RULES)) {
  const complaints = await broken(root);
  if (complaints.length === 0) continue;
  process.exitCode = 1;
  console.error(`${name}: ${reason}`);
  for (const complaint of complaints) console.error(`  ${complaint}`);
}
if (process.exitCode === undefined) console.log(`${Object.keys(RULES).length} rules of the house hold`);
