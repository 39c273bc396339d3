/** Characters that are decoded at a time; a multiple of four. */
const step = 65_536;

const alphabet = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** A file that came as text. */
export interface DecodedFile {
  content: AsyncIterable<Uint8Array>;
  /** From a `data:` URL. */
  mimeType?: string;
}

/**
 * Reads base64 or base64url, with or without padding, line breaks or the head of a `data:` URL.
 * @returns undefined if it is none of these, or nothing
 */
export function decodeBase64(text: string): DecodedFile | undefined {
  const [, mimeType, data] = /^data:([^;,]*)(?:;[^;,]*)*;base64,(.*)$/s.exec(text) ?? [undefined, undefined, text];
  const bare =
    (data ?? '').includes('\n') || (data ?? '').includes(' ') ? (data ?? '').replace(/\s+/g, '') : (data ?? '');
  if (bare === '' || !alphabet.test(bare)) return undefined;
  const digits = bare.replace(/=+$/, '');
  // One digit alone is six bits: less than a byte.
  if (digits === '' || digits.length % 4 === 1) return undefined;
  async function* decode() {
    // In pieces, so that text and bytes are never there twice as a whole.
    for (let at = 0; at < digits.length; at += step) yield Buffer.from(digits.slice(at, at + step), 'base64');
  }
  return { content: decode(), ...(mimeType && { mimeType }) };
}
