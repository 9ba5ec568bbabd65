import { describeLedgerStore, type StoreSuiteOptions } from '../../src/index.ts';

/** Runs the store suite with a runner that only takes notes; gives every test that was run and those that failed. */
export async function runSuite(
  options: Omit<StoreSuiteOptions, 'runner'>,
): Promise<Readonly<{ ran: readonly string[]; failed: readonly string[] }>> {
  const path: string[] = [];
  const tests: { name: string; body: () => Promise<void> }[] = [];
  const describe = (name: string, body: () => void) => {
    path.push(name);
    body();
    path.pop();
  };
  const it = (name: string, body: () => Promise<void>) => tests.push({ name: `${path.at(-1)}: ${name}`, body });
  describeLedgerStore('of a mutant', { ...options, runner: { describe, it } });
  const failed: string[] = [];
  for (const { name, body } of tests) await body().catch(() => failed.push(name));
  return { ran: tests.map(test => test.name), failed };
}
