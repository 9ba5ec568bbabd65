import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const pages = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.md') && !path.includes('node_modules'))
  .sort();

/** The TypeScript blocks of a page. What one prints stands behind `// →` in it. */
function blocksOf(path: string): readonly Readonly<{ code: string; prints: readonly string[] }>[] {
  const text = readFileSync(`${ROOT}/${path}`, 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => ({
    code,
    prints: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line),
  }));
}

it('the first TypeScript of the README embeds the ledger in 15 lines, without HTTP', () => {
  const [first] = blocksOf('README.md');
  expect(
    first?.code
      .trim()
      .split('\n')
      .filter(line => line.trim() !== '').length,
  ).toBeLessThanOrEqual(15);
  expect(first?.code).not.toMatch(/http|Request/i);
  expect(first?.prints.length).toBeGreaterThan(0);
});

describe.each(pages.filter(path => blocksOf(path).length > 0))('%s', path => {
  it.each(blocksOf(path).map((block, index) => [index + 1, block] as const))('block %i runs as printed', (_, block) => {
    const { code, prints } = block;
    const ran = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', code], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    if (prints.length > 0) expect(ran.stdout.trimEnd().split('\n')).toEqual(prints);
  });
});
