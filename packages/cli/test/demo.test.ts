import { expect, it } from 'vitest';
import { run } from './stockfold.ts';

it('shows the two requests of the mirrored page with its balances, and that the books are right', async () => {
  const { code, stdout, stderr } = await run('demo');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('PUT /organizations/self/inventory');
  expect(stdout).toContain('POST /organizations/self/v2/inventory/bulk');
  expect(stdout).toMatch(/78194842… +STORE +238 +-42 +196\n7c6be742… +STORE +12033 +-1337 +10696/);
  expect(stdout).toMatch(/4066f6cc… +STORE +238 +-42 +196\n45900c4c… +STORE +12033 +-1337 +10696/);
  expect(stdout).toMatch(/verify\(\): .* every invariant holds/);
});
