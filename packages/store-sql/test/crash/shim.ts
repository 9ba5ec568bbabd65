import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('disk-shim.c', import.meta.url));

/** Why tests that stand between SQLite and the disk cannot run here; undefined where they can. */
export const whyNoShim: string | undefined = findReason();

function findReason(): string | undefined {
  if (process.platform !== 'linux') return 'the library that records the disk is loaded with LD_PRELOAD, on Linux';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no C compiler `cc`; Debian has one in the package gcc';
  }
}

/** Compiles the library into a folder and gives its path, for LD_PRELOAD. */
export function compileShim(folder: string): string {
  const library = join(folder, 'disk-shim.so');
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, SOURCE, '-ldl'], { stdio: 'inherit' });
  return library;
}
