import { answerApi, isApiPath } from './answer-api.ts';
import { answerFromCache, fillCache, forgetOlderCaches } from './built-files.ts';
import type { ServiceWorkerScope } from './service-worker-scope.ts';

declare const self: ServiceWorkerScope;

// Whoever comes once can come again without a network: all files are kept before the worker is ready, and one
// version replaces the other as a whole.
self.addEventListener('install', event => event.waitUntil(fillCache().then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(forgetOlderCaches().then(() => self.clients.claim())));

self.addEventListener('fetch', event => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== self.location.origin) return;
  event.respondWith(isApiPath(pathname) ? answerApi(event.request) : answerFromCache(event.request));
});
