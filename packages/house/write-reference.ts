import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './packed.ts';
import { makeReference, REFERENCE } from './reference.ts';

// `node write-reference.ts`: the reference, made again of the docstrings.

const pages = await makeReference(ROOT);
rmSync(join(ROOT, REFERENCE), { recursive: true, force: true });
mkdirSync(join(ROOT, REFERENCE));
for (const [file, text] of pages) writeFileSync(join(ROOT, REFERENCE, file), text);
console.log(`${pages.size} pages in ${REFERENCE}`);
