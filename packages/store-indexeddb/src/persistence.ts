/**
 * Asks the browser to keep the data of this site when the disk gets full.
 *
 * @returns Whether it will; null where it cannot be asked.
 */
export async function askToPersist(): Promise<boolean | null> {
  try {
    const storage: Partial<StorageManager> | undefined = navigator.storage;
    // A worker may only look.
    return (await (storage?.persist?.() ?? storage?.persisted?.())) ?? null;
  } catch {
    return null;
  }
}
