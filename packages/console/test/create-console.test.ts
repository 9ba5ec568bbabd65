import { createConsole } from '@stockfold/console';
import { expect, it } from 'vitest';

const handle = createConsole();
const get = (path: string, init?: RequestInit) => handle(new Request(`http://127.0.0.1${path}`, init));
const page = (await get('/console')?.text()) ?? '';
const files = [...page.matchAll(/(?:src|href)="(\.\/console\/[^"]+)"/g)].map(([, path = '']) => path.slice(1));

it('answers /console with a page that allows nothing but its own files', () => {
  const headers = get('/console')?.headers;
  expect(headers?.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = headers?.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
  expect(headers?.get('cache-control')).toBe('no-cache');
});

it('has no script, no style and no handler in its markup', () => {
  expect(page).toMatch(/<div id="console">/);
  expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]* src=)/);
  expect(page).not.toMatch(/https?:/);
});

it('serves the files that the page names, and lets a browser keep them', () => {
  expect(files.map(file => file.replace(/^.*\./, '')).sort()).toEqual(['css', 'js', 'svg']);
  for (const file of files) {
    const response = get(file);
    expect(response?.headers.get('cache-control')).toMatch(/immutable/);
    expect(response?.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

it('names the licenses of what is bundled', async () => {
  const licenses = await get('/console/licenses.md')?.text();
  for (const name of ['preact', 'd3-sankey', 'd3-scale', 'eventsource-parser', 'neverthrow'])
    expect(licenses).toContain(name);
});

it('leaves every other path and method to the API', () => {
  const others = [
    '/console/gone.js',
    '/console/../index.ts',
    '/console/%2e%2e/package.json',
    '/consoles',
    '/docs',
    '/inventory',
  ];
  for (const path of others) expect(get(path)).toBeNull();
  expect(get('/console', { method: 'POST' })).toBeNull();
  expect(get('/', { method: 'PUT' })).toBeNull();
});

it('takes an address with a slash at its end to the page, wherever the server is mounted', () => {
  const response = get('/console/');
  expect(response?.status).toBe(308);
  const moved = response?.headers.get('location') ?? '';
  expect(new URL(moved, 'https://shop.example/stock/console/').pathname).toBe('/stock/console');
});

it('shows a browser at / what there is to see, and tells it to whoever else asks', async () => {
  const shown = await get('/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })?.text();
  for (const path of ['console', 'docs', 'openapi.json']) expect(shown).toContain(`href="${path}"`);
  const told = await get('/', { headers: { accept: '*/*' } })?.json();
  expect(told).toEqual({ console: '/console', docs: '/docs', openapi: '/openapi.json' });
});
