import { createIndexedDbStore, createJournaledStore } from '@stockfold/store-indexeddb';
import { registerSuites } from '../suites.ts';
import { createTestWorker } from './test-worker.ts';

// What was forbidden is told at once, whether it was in the page or in one of its workers.
const note = (violation: string) => void post('/violation', violation);
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  note(`${effectiveDirective}: ${blockedURI}`),
);
new BroadcastChannel('violations').addEventListener('message', ({ data }) => note(`in a worker: ${data}`));

// The page runs by itself: what a debugger asks for may do more than the policy allows.
if (location.pathname === '/break') breakPolicy();
else void runSuites().then(outcomes => post('/outcomes', outcomes));

/** Runs all tests, one after another, and tells what became of each: null for one that passed. */
async function runSuites(): Promise<Readonly<Record<string, string | null>>> {
  const tests = registerSuites({
    plain: name => createIndexedDbStore({ name }),
    journaled: name => createJournaledStore({ name, worker: createTestWorker() }),
  });
  const outcomes: Record<string, string | null> = {};
  for (const { name, body } of tests) outcomes[name] = await body().then(() => null, String);
  return outcomes;
}

/** Does in the page and in a worker what the policy forbids. */
function breakPolicy(): void {
  createTestWorker().postMessage('break');
  new Function('return 1')();
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: 'POST', body: JSON.stringify(body) });
}
