import { docsPage } from '../docs-page.ts';
import { openApiOf } from '../openapi.ts';
import { okResponse } from '../problem.ts';
import type { AddRoutes } from './routes.ts';

// A page that runs nothing and loads nothing, whatever is in it.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What is served, for people and for generators. It holds nothing of any organization, and needs no token. */
export const addDocsRoutes: AddRoutes = (app, { operations }) => {
  // Made when it is first asked for: every group has added its operations by then.
  let document: ReturnType<typeof openApiOf> | undefined;
  const made = () => {
    document ??= openApiOf(operations);
    return document;
  };
  app.get('/openapi.json', () => okResponse(made()));
  app.get('/docs', () => {
    const headers = {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    };
    return new Response(docsPage(made()), { headers });
  });
};
