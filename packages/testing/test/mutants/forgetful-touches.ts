import { type Command, type SliceKeys, touches } from '@stockfold/core';

/** `touches` without one kind of key, or with one key less of it. */
export function forgetful(kind: keyof SliceKeys, kept: 'none' | 'all but the last'): (command: Command) => SliceKeys {
  return command => {
    const keys = touches(command);
    return { ...keys, [kind]: kept === 'none' ? [] : keys[kind]?.slice(0, -1) };
  };
}
