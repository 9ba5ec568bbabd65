import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the built page. */
export type PageFile = Readonly<{
  body: Uint8Array<ArrayBuffer>;
  type: string;
  /** Another content has another name, so that a browser may keep it for ever. */
  isNamedByContent: boolean;
}>;

// The same folder from `src` and from `dist`, so that tests of the sources serve what was built.
const FOLDER = fileURLToPath(new URL('../dist/page', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.md': 'text/markdown; charset=utf-8',
};

/**
 * Reads the files of the page by their paths, `/index.html` and `/console/…`: once, since they are few and small, and
 * no path of a request ever names a file of the machine.
 *
 * @throws Error when the package was not built.
 */
export function readPage(): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(FOLDER, 'index.html'))) throw new Error('the page of the console was not built: pnpm build');
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(path =>
    statSync(join(FOLDER, path)).isFile(),
  );
  return new Map(paths.map(path => [`/${path.replaceAll('\\', '/')}`, readFile(path)]));
}

function readFile(path: string): PageFile {
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  return {
    body: new Uint8Array(readFileSync(join(FOLDER, path))),
    type,
    isNamedByContent: /-[\w-]{8}\.\w+/.test(path),
  };
}
