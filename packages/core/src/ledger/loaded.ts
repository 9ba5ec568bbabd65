import { ResultAsync } from 'neverthrow';
import { type StoreFault, storeFault } from './fault.ts';

/** Code in a file of its own, which a bundler leaves out of what a page loads to sell; one bundled as a whole has it in itself. */
export function loaded<C>(of: string, code: Promise<C>): ResultAsync<C, StoreFault> {
  return ResultAsync.fromPromise(code, cause =>
    storeFault('StoreUnavailable', `the code of ${of} could not be loaded`, cause),
  );
}
