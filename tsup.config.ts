import { defineConfig, type Options } from 'tsup';

/** How every package is built: readable ESM with types; its dependencies are left to be imported. */
export const shared: Options = {
  format: 'esm',
  dts: true,
  target: 'es2023',
  platform: 'neutral',
  sourcemap: true,
  clean: true,
  silent: true,
  // `node:sqlite` has no name without the prefix.
  removeNodeProtocol: false,
  external: [/^node:/],
};

const config: Options | Options[] | ((overrides: Options) => Options | Options[] | Promise<Options | Options[]>) =
  defineConfig(shared);
export default config;
