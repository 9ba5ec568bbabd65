import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a site serves, by path, and what is posted to it. */
export type SiteOptions = Readonly<{
  scripts: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  /** Called with the JSON of each post. */
  onPost?: (path: string, body: unknown) => void;
}>;

export type Site = Readonly<{ origin: string; close: () => Promise<void> }>;

/** A site on 127.0.0.1: a page that runs `/page.js`, the scripts, and a place to post to. */
export async function openSite({ scripts, headers = {}, onPost }: SiteOptions): Promise<Site> {
  // A browser on a busy machine comes back to a connection after more than the five seconds that Node keeps it.
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    const path = request.url ?? '/';
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'POST') {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      request.on('end', () => {
        onPost?.(path, JSON.parse(text));
        response.end();
      });
      return;
    }
    const script = scripts[path];
    response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><title>till</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
