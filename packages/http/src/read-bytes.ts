import { err, ok, type Result } from 'neverthrow';
import { type Problem, problem } from './problem.ts';

/** The largest body that is read, in bytes, as it is sent and as it is once it is unpacked. */
export const BODY_BYTES_MAX: number = 1024 * 1024;

/**
 * Reads a body and counts while it reads: what a client says of its length is only believed when it is too much. A
 * compressed body is unpacked no further than the limit.
 *
 * @returns The bytes; `BODY_TOO_LARGE`, `UNSUPPORTED_ENCODING`, or `INVALID_ENCODING` for what is not packed as it says.
 */
export async function readBytes(request: Request): Promise<Result<Uint8Array, Problem>> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip')
    return err(problem(415, 'UNSUPPORTED_ENCODING', 'The body is sent as it is, or with gzip, once.'));
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) return err(tooLarge());
  const bytes = await collect(request.body);
  if (bytes === null) return err(tooLarge());
  return encoding === 'gzip' ? unpack(bytes) : ok(bytes);
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Result<Uint8Array, Problem>> {
  try {
    const unpacked = await collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
    return unpacked === null ? err(tooLarge()) : ok(unpacked);
  } catch {
    return err(problem(400, 'INVALID_ENCODING', 'The body is not packed with gzip.'));
  }
}

/** Null as soon as there is more than the limit; the rest is not waited for. */
async function collect(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer> | null> {
  if (stream === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, length);
    length += value.byteLength;
    if (length > BODY_BYTES_MAX) {
      // A sender that cannot be stopped has been told no all the same.
      reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(value);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(): Problem {
  return problem(413, 'BODY_TOO_LARGE', 'The body has at most 1 MiB, also once it is unpacked.');
}
