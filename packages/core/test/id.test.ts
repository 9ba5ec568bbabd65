import { describe, expect, it } from 'vitest';
import { DEFAULT_ORGANIZATION_ID, parseUuid } from '../src/index.ts';

const ID = '0190a5e0-1c2d-7e3f-8a9b-0c1d2e3f4a5b';

describe('a UUID', () => {
  it.each(['1', '2', '3', '4', '5', '6', '7', '8'])('may be of version %s', version => {
    expect(parseUuid(ID.replace('7e3f', `${version}e3f`)).isOk()).toBe(true);
  });

  it('is read in either case and kept in lower case', () => {
    expect(parseUuid(ID.toUpperCase())._unsafeUnwrap()).toBe(ID);
  });

  it.each([
    ['of version 0', ID.replace('7e3f', '0e3f')],
    ['of version 9', ID.replace('7e3f', '9e3f')],
    ['of another variant', ID.replace('8a9b', 'ca9b')],
    ['nil', '00000000-0000-0000-0000-000000000000'],
    ['max', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['in braces', `{${ID}}`],
    ['as a URN', `urn:uuid:${ID}`],
    ['without dashes', ID.replaceAll('-', '')],
    ['with a blank', `${ID} `],
    ['with a line feed', `${ID}\n`],
    ['with a letter beyond f', ID.replace('0190', 'g190')],
    ['with a letter that lower case makes longer', `İ${ID.slice(1)}`],
    ['empty', ''],
    ['a number', 1],
    ['null', null],
    ['an object that looks like one', Object.assign([], { length: 36, toLowerCase: () => ID })],
  ])('is not one when it is %s', (_, input) => {
    expect(parseUuid(input)._unsafeUnwrapErr()).toEqual({ kind: 'UuidInvalid' });
  });

  it('names the organization of an application that has only one', () => {
    expect(parseUuid(DEFAULT_ORGANIZATION_ID)._unsafeUnwrap()).toBe(DEFAULT_ORGANIZATION_ID);
  });
});
