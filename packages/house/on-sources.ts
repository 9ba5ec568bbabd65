import { registerHooks } from 'node:module';

// `node --import …/on-sources.ts`: packages of this repository are read from their sources, so nothing has to be built.

registerHooks({
  resolve: (specifier, context, next) => {
    const [, name, entry = 'index'] = /^@stockfold\/([\w-]+)(?:\/(\w+))?$/.exec(specifier) ?? [];
    if (name === undefined) return next(specifier, context);
    const path = name === 'store-sql' ? `${entry}/index` : entry;
    return next(new URL(`../${name}/src/${path}.ts`, import.meta.url).href, context);
  },
});
