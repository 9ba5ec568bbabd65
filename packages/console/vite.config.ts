import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

/** The page, with what it imports, as files that a server hands out: nothing of it is run or fetched from elsewhere. */
const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL('./src/page', import.meta.url)),
  // Addresses are relative, so that a proxy may put the server under a path of its own.
  base: './',
  build: {
    outDir: fileURLToPath(new URL('./dist/page', import.meta.url)),
    emptyOutDir: true,
    assetsDir: 'console',
    assetsInlineLimit: 0,
    target: 'es2023',
    // What is shipped can be read.
    minify: false,
    cssMinify: false,
    // The polyfill is an inline script for browsers that cannot run the rest either.
    modulePreload: { polyfill: false },
    // What is bundled is published: so are its licenses.
    license: { fileName: 'console/licenses.md' },
    rolldownOptions: {
      // It says nothing of a busy machine.
      checks: { pluginTimings: false },
      input: ['index.html', 'landing.html'].map(name => fileURLToPath(new URL(`./src/page/${name}`, import.meta.url))),
    },
  },
});
export default config;
