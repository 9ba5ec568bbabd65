/** The paths of everything that was built, and a name for exactly this; put in by `vite.config.ts`. */
declare const BUILT_FILES: readonly string[];
declare const BUILT_VERSION: string;

const PREFIX = 'till-';
const CACHE = `${PREFIX}${BUILT_VERSION}`;

/** Keeps all files that were built, or fails as a whole. */
export async function fillCache(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: a file of the version before must not be kept under the new name.
  await cache.addAll(BUILT_FILES.map(path => new Request(path, { cache: 'reload' })));
}

/** Lets the files of earlier versions go. */
export async function forgetOlderCaches(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter(name => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(older.map(name => caches.delete(name)));
}

/** A file that was built, whether or not there is a network; every page of the till is `/index.html`. */
export async function answerFromCache(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const path = request.mode === 'navigate' ? '/index.html' : new URL(request.url).pathname;
  // By its path and not by the request: a server may say that a file varies by who asks (`Vary: Origin`), and a page
  // asks for its scripts in another way than the worker did when it kept them.
  const kept = await cache.match(path);
  return kept ?? fetch(request);
}
