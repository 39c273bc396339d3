/** So much of a file tells its type. */
const headBytes = 4_100;

/** Types by which clients and servers say that they do not know. */
const generic = /^(application\/(octet-stream|x-download|force-download|binary)|binary\/octet-stream)\s*(;|$)/i;

/**
 * Finds out the type of a stream: what was declared, unless that says nothing; then what its first bytes look like.
 * @returns the type, and the stream with nothing missing
 */
export async function withType(content: AsyncIterable<Uint8Array>, declared: string | undefined) {
  if (declared && !generic.test(declared)) return { mimeType: declared, content };
  const iterator = content[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size < headBytes) {
    const { done, value } = await iterator.next();
    if (done) break;
    head.push(value);
    size += value.byteLength;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield* head.splice(0);
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  // Loaded with the first file that needs it.
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(Buffer.concat(head).subarray(0, headBytes));
  return { mimeType: found?.mime ?? 'application/octet-stream', content: whole() };
}
