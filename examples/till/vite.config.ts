import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, defineConfig, type Plugin, type UserConfig } from 'vite';
import { SECURITY_HEADERS } from './security.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');

/** The page, and the service worker that keeps what was built for it. */
const config: UserConfig = defineConfig({
  root,
  plugins: [serviceWorker()],
  // The polyfill is an inline script for browsers that cannot run the rest either.
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  preview: { host: '127.0.0.1', headers: { ...SECURITY_HEADERS } },
});
export default config;

/** Builds `/service-worker.js` when the page is built: one classic script, which every browser can register. */
function serviceWorker(): Plugin {
  return {
    name: 'till:service-worker',
    apply: 'build',
    closeBundle: async () => {
      const paths = filesOf(dist).filter(path => path !== 'service-worker.js');
      const contents = createHash('sha256');
      for (const path of paths) contents.update(path).update(readFileSync(join(dist, path)));
      await build({
        configFile: false,
        root,
        logLevel: 'warn',
        define: {
          BUILT_FILES: JSON.stringify(paths.map(path => `/${path}`)),
          BUILT_VERSION: JSON.stringify(contents.digest('hex').slice(0, 12)),
        },
        build: {
          target: 'es2023',
          emptyOutDir: false,
          copyPublicDir: false,
          rollupOptions: {
            // A classic script has no `import.meta`; what Vite asks it for is for chunks, and there is one file.
            checks: { emptyImportMeta: false },
            input: join(root, 'src/worker/service-worker.ts'),
            output: { format: 'iife', entryFileNames: 'service-worker.js' },
          },
        },
      });
    },
  };
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => statSync(join(directory, path)).isFile())
    .sort();
}
