import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { startBrowser } from '../../../testing/test/browser/browser-process.ts';
import type { FreshProject } from './fresh-project.ts';

/** What the page and its worker print, line by line. */
export type Printed = Readonly<{ page: readonly string[]; worker: readonly string[] }>;

/** Code whose `console.log` is kept in `printed`. */
const keepingItsOutput = (code: string) =>
  `const printed = [];\nconst console = { log: (...words) => printed.push(words.join(' ')) };\n${code}`;

/** Builds a page with Vite that runs some code, and once more in a worker; gives the directory of what was built. */
export async function buildPage(project: FreshProject, code: string): Promise<string> {
  project.write('page/index.html', '<!doctype html><title>shop</title><script type="module" src="/page.js"></script>');
  project.write('page/worker.js', `${keepingItsOutput(code)}\npostMessage(printed);`);
  project.write(
    'page/page.js',
    `${keepingItsOutput(code)}
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => { globalThis.printed = { page: printed, worker: data }; };`,
  );
  const root = join(project.path, 'page');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: { target: 'es2023' },
    worker: { format: 'es' },
  });
  return root;
}

/** Serves what was built, opens it in Chromium, and waits for what it prints. */
export async function printedBy(root: string): Promise<Printed> {
  const server = await preview({ root, configFile: false, logLevel: 'warn', preview: { host: '127.0.0.1', port: 0 } });
  const profile = mkdtempSync(join(tmpdir(), 'stockfold-page-'));
  const browser = await startBrowser(profile);
  try {
    const page = await browser.context.newPage();
    await page.goto(`http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}/`);
    const printed = await page.waitForFunction(() => (globalThis as { printed?: Printed }).printed, null, {
      timeout: 60_000,
    });
    return (await printed.jsonValue()) as Printed;
  } finally {
    await browser.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
