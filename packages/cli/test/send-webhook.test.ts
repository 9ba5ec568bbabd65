import { expect, it, vi } from 'vitest';
import { lookupPublic } from '../src/send-webhook.ts';

const names = vi.hoisted(() => new Map<string, readonly string[]>());
vi.mock('node:dns', () => ({
  lookup: (name: string, _: object, callback: (error: Error | null, addresses: object[]) => void) =>
    callback(
      null,
      (names.get(name) ?? []).map(address => ({ address, family: 4 })),
    ),
}));

const look = (name: string, addresses: readonly string[]) => {
  names.set(name, addresses);
  return new Promise(resolve => lookupPublic(name, {}, (error, address) => resolve(error?.message ?? address)));
};

it.each<[string, readonly string[], unknown]>([
  ['is followed to a public address', ['93.184.216.34'], '93.184.216.34'],
  [
    'is not followed when one of its addresses is private',
    ['93.184.216.34', '10.0.0.1'],
    expect.stringMatching('not on'),
  ],
  ['is not followed when it has no address', [], expect.stringMatching('not on')],
])('a name %s', async (_, addresses, answer) => {
  expect(await look('hooks.shop.example', addresses)).toEqual(answer);
});
