import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));

/** One script for a page or a worker, from the sources, with all it imports. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    plugins: [
      {
        name: 'sources',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^@stockfold\/[\w-]+$/ }, ({ path }) => ({
            path: `${PACKAGES}${path.slice('@stockfold/'.length)}/src/index.ts`,
          })),
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}
