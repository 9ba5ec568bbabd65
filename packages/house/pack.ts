import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, tarballsInto } from './packed.ts';

// `node pack.ts`: the packages as they would be published, in `tarballs/`, for projects beside this repository.

const directory = join(ROOT, 'tarballs');
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory);
for (const tarball of tarballsInto(directory)) console.log(relative(ROOT, tarball));
