import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { INVENTORY, mug } from './bad-input.ts';
import { openStockedWorld, type World } from './world.ts';

const MIB = 1024 * 1024;
const HEADERS = { authorization: 'Bearer writer', 'content-type': 'application/json' };

/** Sends bytes as they are, whatever the headers say of them. */
async function put({ handler }: World, body: BodyInit | Uint8Array, headers: Record<string, string> = {}) {
  const init = { method: 'PUT', headers: { ...HEADERS, ...headers }, body: body as BodyInit, duplex: 'half' };
  const response = await handler(new Request(`http://stock.test${INVENTORY}`, init as RequestInit));
  return { status: response.status, body: await response.json() };
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** A body without an end, that counts what is taken of it. */
function endless(): { stream: ReadableStream<Uint8Array>; taken: () => number } {
  let taken = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: controller => {
      taken += 64 * 1024;
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
    },
  });
  return { stream, taken: () => taken };
}

describe('a body', () => {
  const text = JSON.stringify({ changes: [mug] });
  const tooLarge = { status: 413, body: { errorType: 'BODY_TOO_LARGE' } };

  it('of 1 MiB is taken, and one byte more is not', async () => {
    const world = await openStockedWorld();
    expect((await put(world, text.padEnd(MIB))).status).toBe(200);
    expect(await put(world, text.padEnd(MIB + 1))).toMatchObject(tooLarge);
  });

  it('is counted, whatever it says of its length', async () => {
    const world = await openStockedWorld();
    expect(await put(world, text.padEnd(2 * MIB), { 'content-length': String(text.length) })).toMatchObject(tooLarge);
  });

  it('without an end is not waited for', async () => {
    const world = await openStockedWorld();
    const { stream, taken } = endless();
    expect(await put(world, stream)).toMatchObject(tooLarge);
    expect(taken()).toBeLessThanOrEqual(MIB + 3 * 64 * 1024);
  });

  it('in very many pieces is kept as its bytes, and not as its pieces', async () => {
    const world = await openStockedWorld();
    const bytes = new TextEncoder().encode(text);
    const pieces: WeakRef<Uint8Array>[] = [];
    const stream = new ReadableStream<Uint8Array>({
      pull: async controller => {
        const piece = bytes.slice(pieces.length, pieces.length + 1);
        if (piece.length === 0) {
          await setImmediate();
          collectGarbage();
          expect(pieces.filter(kept => kept.deref() !== undefined).length).toBeLessThan(10);
          return controller.close();
        }
        pieces.push(new WeakRef(piece));
        controller.enqueue(piece);
      },
    });
    expect((await put(world, stream)).status).toBe(200);
    expect(pieces).toHaveLength(bytes.length);
  });

  it('packed with gzip is unpacked', async () => {
    const world = await openStockedWorld();
    expect((await put(world, gzipSync(text), { 'content-encoding': 'GZIP' })).status).toBe(200);
  });

  it('packed with gzip is unpacked up to 1 MiB', async () => {
    const world = await openStockedWorld();
    const packed = (bytes: number) => gzipSync(text.padEnd(bytes));
    expect((await put(world, packed(MIB), { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(await put(world, packed(MIB + 1), { 'content-encoding': 'gzip' })).toMatchObject(tooLarge);
  });

  it('that unpacks to 100 MiB is refused, and twenty of them at once fill no memory', async () => {
    const world = await openStockedWorld();
    const before = await world.state();
    const bomb = gzipSync(new Uint8Array(100 * MIB));
    expect(bomb.length).toBeLessThan(MIB / 8);
    const { arrayBuffers } = process.memoryUsage();
    let peak = 0;
    const send = async () => {
      expect(await put(world, bomb, { 'content-encoding': 'gzip' })).toMatchObject(tooLarge);
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - arrayBuffers);
    };
    await Promise.all(Array.from({ length: 20 }, send));
    // Unpacked they would be 2,000 MiB; up to the limit, with what the streams hold, a few MiB each.
    expect(peak / MIB).toBeLessThan(200);
    expect(await world.state()).toBe(before);
  });

  it('that is broken off in the middle changes nothing', async () => {
    const world = await openStockedWorld();
    const before = await world.state();
    const packed = gzipSync(text);
    const cut = await put(world, packed.subarray(0, packed.length - 4), { 'content-encoding': 'gzip' });
    expect(cut).toMatchObject({ status: 400, body: { errorType: 'INVALID_ENCODING' } });
    expect(await world.state()).toBe(before);
  });
});
