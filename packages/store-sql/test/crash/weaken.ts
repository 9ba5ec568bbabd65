import { DatabaseSync } from 'node:sqlite';

/**
 * Makes every connection of this process commit without waiting for the disk, behind the back of the store, which
 * offers no such option: a harness that then sees no loss is blind.
 */
export function weaken(): void {
  const { prepare } = DatabaseSync.prototype;
  // The store has set FULL, and looked, when it prepares what its commits begin with.
  DatabaseSync.prototype.prepare = function (text: string) {
    if (text === 'begin immediate') this.exec('pragma synchronous = normal');
    return prepare.call(this, text);
  };
}
