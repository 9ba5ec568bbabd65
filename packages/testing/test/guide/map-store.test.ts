import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeFailure, describeLedgerStore, simulate } from '../../src/index.ts';
import { createMapStore } from './map-store.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

describeLedgerStore('a plain Map, from the guide', {
  open: () => ({ store: createMapStore() }),
  runner: { describe, it },
});

describe('the store of the guide', () => {
  it('keeps every promise in 500 simulated worlds', async () => {
    const report = await simulate({ seed: 8, worlds: 500, openStore: createMapStore });
    expect(describeFailure(report)).toBe('every promise was kept');
  });

  it('is printed there as it is tested here, in under 150 lines', () => {
    const code = read('./map-store.ts');
    expect(code.trimEnd().split('\n').length).toBeLessThan(150);
    expect(read('../../../../docs/guides/write-a-store.md')).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
  });
});
