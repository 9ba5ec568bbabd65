import { type PageFile, readPage } from './read-page.ts';

/** Answers what belongs to the console; null for everything else, which is the API's to answer. */
export type ConsoleHandler = (request: Request) => Response | null;

/**
 * The console as a handler: its page at `/console`, the files of the page below that, and at `/` what there is to see.
 * It holds nothing of any organization, and needs no token: the page asks for one, and reads everything else from the
 * API of the same server.
 *
 * @returns A function for requests of any path; put it in front of `createHttpHandler`.
 * @throws Error when the package was not built.
 */
export function createConsole(): ConsoleHandler {
  const files = readPage();
  return request => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const { pathname } = new URL(request.url);
    if (pathname === '/') return takesHtml(request) ? respond(files.get('/landing.html')) : Response.json(WHERE);
    if (pathname === '/console') return respond(files.get('/index.html'));
    // With a slash at its end the page would look for its files in another place.
    if (pathname === '/console/') return new Response(null, { status: 308, headers: { Location: '../console' } });
    return pathname.startsWith('/console/') ? respond(files.get(pathname)) : null;
  };
}

/** What `/` tells whoever is no browser. */
const WHERE = { console: '/console', docs: '/docs', openapi: '/openapi.json' } as const;

function takesHtml(request: Request): boolean {
  return request.headers.get('accept')?.includes('text/html') === true;
}

function respond(file: PageFile | undefined): Response | null {
  if (file === undefined) return null;
  const { body, type, isNamedByContent } = file;
  const cache = isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache';
  return new Response(body, { headers: { ...SECURITY_HEADERS, 'Content-Type': type, 'Cache-Control': cache } });
}

/** The page brings nothing of anybody else's: no inline script or style, no font, no address but its own. */
const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;
