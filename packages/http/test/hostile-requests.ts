import fc from 'fast-check';
import { CONVERSATIONS } from './conversations.ts';

/** A word that stands in everything hostile: no answer ever holds it. */
export const CANARY = 'zq7canary';

/** A request as it goes out: its body is text, or there is none. */
export type HostileRequest = Readonly<{
  method: string;
  path: string;
  body?: string;
  headers: Readonly<Record<string, string>>;
}>;

const GOOD = CONVERSATIONS.flatMap(({ exchanges }) => exchanges).map(
  ({ method, path, body }): HostileRequest => ({
    method,
    path,
    headers: {},
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }),
);

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', [], {}, 0, -1, 1e-7, 1e21, 2 ** 53, [[]], [null], 'SELF', '1'),
  fc.constantFrom(`${CANARY}`, `<script>${CANARY}</script>`, `'; drop table ${CANARY}; --`, `\u0000${CANARY}`),
  fc.string().map(text => `${CANARY}${text}`),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant({ [CANARY]: CANARY, toString: CANARY }),
);

/** Puts a value in the place of one node of a body, or takes one away, or gives it a key that it did not have. */
const brokenBody = (body: unknown): fc.Arbitrary<string> =>
  fc
    .record({ at: fc.nat(), value: hostileValue, how: fc.constantFrom('replace', 'remove', 'add') })
    .map(({ at, value, how }) => {
      const copy = { root: structuredClone(body) };
      const places = placesIn(copy);
      const [holder, key] = places[at % places.length] as Place;
      if (how === 'remove') Reflect.deleteProperty(holder, key);
      else if (how === 'add') Reflect.set(holder, `${String(key)}${CANARY}`, value);
      else Reflect.set(holder, key, value);
      return JSON.stringify(copy.root) ?? '';
    });

type Place = readonly [holder: object, key: string];

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as const, ...placesIn(inner)]);
}

/** Takes some characters of a text away and puts others there. */
const brokenText = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.nat({ max: text.length }),
      away: fc.nat({ max: 8 }),
      there: fc.oneof(
        fc.constantFrom(
          '',
          '"',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '\\',
          '\u0000',
          '\ufeff',
          '/*',
          '9',
          '-',
          'e9',
          '__proto__',
        ),
        fc.constantFrom(CANARY, `"${CANARY}":1,`, '"__proto__":{},', `"change":2,`),
        fc.string({ maxLength: 4 }),
      ),
    })
    .map(({ at, away, there }) => `${text.slice(0, at)}${there}${text.slice(at + away)}`);

const brokenPath = (path: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.nat(),
      there: fc.constantFrom(
        CANARY,
        '..',
        '%2e%2e',
        '%00',
        '%ff',
        'SELF',
        '',
        `${CANARY}%0d%0aSet-Cookie:x`,
        'a'.repeat(5_000),
      ),
      query: fc.constantFrom(
        '',
        `?type=${CANARY}`,
        `?asOf=${CANARY}`,
        `?cursor=${CANARY}&limit=1`,
        '?limit=-1',
        '?asOf=9e99',
      ),
    })
    .map(({ at, there, query }) => {
      const parts = (path.split('?')[0] ?? '').split('/');
      parts[1 + (at % (parts.length - 1))] = there;
      return `${parts.join('/')}${query}`;
    });

const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc.constantFrom<Readonly<Record<string, string>>>(
  { authorization: `Bearer ${CANARY}` },
  { authorization: 'Bearer __proto__' },
  { authorization: 'Bearer reader' },
  { authorization: 'Basic d3JpdGVy' },
  { 'content-type': `text/${CANARY}` },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': CANARY },
  { 'content-length': '99999999' },
  { accept: `text/${CANARY}` },
  { 'if-none-match': `"${CANARY}"` },
  { 'idempotency-key': 'one-for-all' },
  { 'idempotency-key': `${CANARY} ${CANARY}` },
  { 'idempotency-key': CANARY },
  { 'last-event-id': CANARY },
  { range: 'bytes=0-3', 'if-match': CANARY },
  { 'x-http-method-override': 'DELETE', 'x-forwarded-host': CANARY, 'x-original-url': `/${CANARY}` },
);

/** A request that a client could have sent, broken in one or two places. Some still mean something, and are done. */
export const hostileTo = (requests: readonly HostileRequest[]): fc.Arbitrary<HostileRequest> =>
  fc.constantFrom(...requests).chain(breakOne);

/** Of the mirrored API. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = hostileTo(GOOD);

function breakOne(good: HostileRequest): fc.Arbitrary<HostileRequest> {
  const { body, method, path } = good;
  const ways: fc.Arbitrary<HostileRequest>[] = [
    brokenPath(path).map(broken => ({ ...good, path: broken })),
    headers.map(set => ({ ...good, headers: set })),
    fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH').map(other => ({ ...good, method: other })),
  ];
  if (body !== undefined)
    ways.push(
      ...Array(6).fill(brokenBody(JSON.parse(body)).map(broken => ({ ...good, body: broken }))),
      ...Array(4).fill(brokenText(body).map(broken => ({ ...good, body: broken }))),
      fc
        .tuple(brokenText(body), brokenPath(path), headers)
        .map(([text, to, set]) => ({ method, path: to, body: text, headers: set })),
    );
  return fc.oneof(...ways);
}
