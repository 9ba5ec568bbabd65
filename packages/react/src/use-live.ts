import { useMemo, useSyncExternalStore } from 'react';

/** Something that changes by itself: where it starts, and how to hear of each new value until told to stop. */
export type Live<T> = Readonly<{ initial: T; listen: (show: (value: T) => void) => () => void }>;

/**
 * The newest value of something live. It is listened to while the component is mounted, by one listener for as long
 * as `key` stays the same.
 *
 * @param source - What `key` depends on besides text, such as a ledger.
 * @param create - Called again only when `source` or `key` is another one.
 */
export function useLive<T>(source: object, key: string, create: () => Live<T>): T {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `create` is another function each time, and says the same.
  const { subscribe, read } = useMemo(() => holdValue(create()), [source, key]);
  return useSyncExternalStore(subscribe, read, read);
}

function holdValue<T>({ initial, listen }: Live<T>) {
  let value = initial;
  const subscribe = (rerender: () => void) =>
    listen(shown => {
      value = shown;
      rerender();
    });
  return { subscribe, read: () => value };
}
