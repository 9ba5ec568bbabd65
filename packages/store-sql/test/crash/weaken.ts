import { DatabaseSync } from 'node:sqlite';

/**
 * Makes every connection of this process commit without waiting for the disk, behind the back of the store, which
 * offers no such option: a harness that then sees no loss is blind.
 */
export function weaken(): void {
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (text: string) {
    if (text === 'begin immediate') exec.call(this, 'pragma synchronous = normal');
    exec.call(this, text);
  };
}
