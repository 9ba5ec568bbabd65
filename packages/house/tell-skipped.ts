import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

declare module 'vitest' {
  interface TaskMeta {
    /** What the machine lacks that the test needs. */
    lack?: string;
  }
}

/** What a run leaves out as a whole, each with what to do about it. */
export type LeftOut = Readonly<{ loud?: string | undefined; quiet?: string | undefined }>;

/**
 * Says at the end of a run what did not run, and why: a test that was skipped looks like one that passed. A test that was
 * skipped without a reason fails the run.
 */
export function tellSkipped({ loud, quiet }: LeftOut): Reporter {
  let isFiltered = false;
  return {
    onInit: vitest => {
      isFiltered = vitest.config.testNamePattern !== undefined;
    },
    onTestRunEnd: modules => {
      const skipped = countByReason(modules);
      const unexplained = isFiltered ? [] : (skipped.get(undefined) ?? []);
      const lines = [...skipped].flatMap(([reason, tests]) =>
        reason === undefined
          ? []
          : [`${tests.length} ${tests.length === 1 ? 'test' : 'tests'} of ${filesOf(tests)}: ${reason}`],
      );
      for (const test of unexplained)
        lines.push(`${test.module.relativeModuleId}: “${test.name}” is skipped without a reason`);
      if (unexplained.length > 0) process.exitCode = 1;
      if (loud !== undefined) lines.push(`*** ${loud} ***`);
      if (quiet !== undefined) lines.push(quiet);
      console.log(
        lines.length === 0 ? 'Everything was run.' : `Not run:\n${lines.map(line => `  ${line}`).join('\n')}`,
      );
    },
  };
}

function countByReason(modules: readonly TestModule[]): ReadonlyMap<string | undefined, readonly TestCase[]> {
  const skipped = modules.flatMap(module => [...module.children.allTests('skipped')]);
  const reasons = new Set(skipped.map(reasonOf));
  return new Map([...reasons].map(reason => [reason, skipped.filter(test => reasonOf(test) === reason)]));
}

/** The reason stands with the test or with one of the suites around it, or was given while it ran. */
function reasonOf(test: TestCase | TestSuite): string | undefined {
  const result = test.type === 'test' ? test.result() : undefined;
  const lack = test.meta().lack ?? (result?.state === 'skipped' ? result.note : undefined);
  if (lack !== undefined) return lack;
  return test.parent.type === 'module' ? undefined : reasonOf(test.parent);
}

const filesOf = (tests: readonly TestCase[]) =>
  [...new Set(tests.map(test => test.module.relativeModuleId))].join(', ');
