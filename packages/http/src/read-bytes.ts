import { err, ok, type Result } from 'neverthrow';
import { ByteCollector } from './byte-collector.ts';
import { incomingOf, readIncoming } from './incoming.ts';
import { type Problem, problem } from './problem.ts';

/** The largest body that is read, in bytes, as it is sent and as it is once it is unpacked. */
export const BODY_BYTES_MAX: number = 1024 * 1024;

/**
 * Reads a body and counts while it reads: what a client says of its length is only believed when it is too much. A
 * compressed body is unpacked no further than the limit.
 *
 * @param platform - What the server gave to the handler beside the request.
 * @returns The bytes; `BODY_TOO_LARGE`, `UNSUPPORTED_ENCODING`, or `INVALID_ENCODING` for what is not packed as it says.
 */
export async function readBytes(request: Request, platform: unknown): Promise<Result<Uint8Array, Problem>> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip')
    return err(problem(415, 'UNSUPPORTED_ENCODING', 'The body is sent as it is, or with gzip, once.'));
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) return err(tooLarge());
  const incoming = incomingOf(platform);
  const bytes = await (incoming === null ? collect(request.body) : readIncoming(incoming, BODY_BYTES_MAX));
  if (bytes === null) return err(tooLarge());
  return encoding === 'gzip' ? unpack(bytes) : ok(bytes);
}

async function unpack(bytes: Uint8Array): Promise<Result<Uint8Array, Problem>> {
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const unpacked = await collect(packed.pipeThrough(new DecompressionStream('gzip')));
    return unpacked === null ? err(tooLarge()) : ok(unpacked);
  } catch {
    return err(problem(400, 'INVALID_ENCODING', 'The body is not packed with gzip.'));
  }
}

/** Null as soon as there is more than the limit; the rest is not waited for. */
async function collect(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array | null> {
  const bytes = new ByteCollector();
  if (stream === null) return bytes.toBytes();
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.toBytes();
    bytes.add(value);
    if (bytes.length <= BODY_BYTES_MAX) continue;
    // A sender that cannot be stopped has been told no all the same.
    reader.cancel().catch(() => undefined);
    return null;
  }
}

function tooLarge(): Problem {
  return problem(413, 'BODY_TOO_LARGE', 'The body has at most 1 MiB, also once it is unpacked.');
}
