import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

/** A stream of `bytes` bytes that differ, in chunks as sockets give them. */
export async function* content(bytes: number, chunkBytes = 65_536): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; at += chunkBytes) {
    const chunk = Buffer.alloc(Math.min(chunkBytes, bytes - at), `${at}.`);
    // As a socket does: the rest of the process gets its turn between two chunks.
    await turn();
    yield chunk;
  }
}

/** What such a stream hashes to, as hex. */
export async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

/** A text as a stream. */
export async function* text(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

/** A stream to its end, as text; undefined without one. */
export async function read(stream: AsyncIterable<Uint8Array> | undefined): Promise<string | undefined> {
  if (!stream) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
