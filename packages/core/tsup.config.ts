import { globSync, readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { shared } from '../../tsup.config.ts';

/**
 * Each source file stays a file of its own: what only `verify` needs can then be left out of what a page loads first,
 * whatever bundles it.
 */
const config: Options | Options[] | ((overrides: Options) => Options | Options[] | Promise<Options | Options[]>) =
  defineConfig({
    ...shared,
    splitting: false,
    esbuildOptions: options => {
      // A file of types alone would be built to nothing.
      options.entryPoints = globSync('src/**/*.ts').filter(file =>
        /^export (?!type)/m.test(readFileSync(file, 'utf8')),
      );
      options.outbase = 'src';
    },
    esbuildPlugins: [
      {
        name: 'modules-apart',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\..*\.ts$/ }, ({ path, kind }) =>
            kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
          ),
      },
    ],
  });
export default config;
