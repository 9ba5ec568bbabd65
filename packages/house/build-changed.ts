import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { outdatedOf } from './changed-packages.ts';

// `node build-changed.ts stockfold`: builds a package and what it depends on, but only what has changed since it was
// built last.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const outdated = outdatedOf(ROOT, process.argv.slice(2));
if (outdated.length > 0) {
  const filters = outdated.flatMap(({ name }) => ['--filter', name]);
  execFileSync('pnpm', [...filters, '--workspace-concurrency=2', '--reporter=silent', 'run', 'build'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const { keep } of outdated) keep();
}
