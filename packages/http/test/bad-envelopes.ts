import { INVENTORY, mug, type Row } from './bad-input.ts';

const MIB = 1024 * 1024;
const GOOD = { changes: [mug] };
const TEXT = JSON.stringify(GOOD);

const row = (what: string, headers: Readonly<Record<string, string>>, status: number, type: string): Row => [
  what,
  'PUT',
  INVENTORY,
  GOOD,
  status,
  type,
  undefined,
  headers,
];
const bytes = (what: string, ...body: readonly number[]): Row => [
  `bytes that are no UTF-8: ${what}`,
  'PUT',
  INVENTORY,
  new Uint8Array([0x22, ...body, 0x22]),
  400,
  'INVALID_ENCODING',
];

/** What is wrong around a body that is right. */
export const ENVELOPES: readonly Row[] = [
  row('a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'),
  row('a text, as a form of another site sends it', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'),
  row('several parts', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'UNSUPPORTED_MEDIA_TYPE'),
  row('no content type', { 'content-type': '' }, 415, 'UNSUPPORTED_MEDIA_TYPE'),
  row('another charset', { 'content-type': 'application/json; charset=utf-16' }, 415, 'UNSUPPORTED_MEDIA_TYPE'),
  row('two media types', { 'content-type': 'application/json, text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'),
  row('a body packed with brotli', { 'content-encoding': 'br' }, 415, 'UNSUPPORTED_ENCODING'),
  row('a body packed with deflate', { 'content-encoding': 'deflate' }, 415, 'UNSUPPORTED_ENCODING'),
  row('a body packed twice', { 'content-encoding': 'gzip, gzip' }, 415, 'UNSUPPORTED_ENCODING'),
  row('a body that says it is packed and is not', { 'content-encoding': 'gzip' }, 400, 'INVALID_ENCODING'),
  row('a body that says it is too large', { 'content-length': String(MIB + 1) }, 413, 'BODY_TOO_LARGE'),
  ['a body of one byte more than 1 MiB', 'PUT', INVENTORY, TEXT.padEnd(MIB + 1), 413, 'BODY_TOO_LARGE'],
  row('a client that takes no JSON', { accept: 'text/html, image/*;q=0.8' }, 406, 'NOT_ACCEPTABLE'),
  bytes('a sequence that breaks off', 0xc3, 0x28),
  bytes('a slash written too long', 0xc0, 0xaf),
  bytes('half of a pair', 0xed, 0xa0, 0x80),
  bytes('a code point past the last', 0xf4, 0x90, 0x80, 0x80),
  row('a token that may only read', { authorization: 'Bearer reader' }, 403, 'INSUFFICIENT_SCOPE'),
  row('two tokens', { authorization: 'Bearer writer, Bearer other' }, 401, 'UNAUTHORIZED'),
  row('a token in another scheme', { authorization: 'Basic d3JpdGVy' }, 401, 'UNAUTHORIZED'),
  [
    'the locations of another organization',
    'PUT',
    INVENTORY,
    GOOD,
    404,
    'ENTITY_NOT_FOUND',
    'changes[0].fromLocationUuid',
    { authorization: 'Bearer other' },
  ],
];
