import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { getMediaKeys } from '@whiskeysockets/baileys';
import type { IncomingFile } from '../events/file.ts';

/** What was downloaded is not what the message announced: damaged, longer, or another file. */
export class FileMismatchError extends Error {
  override readonly name = 'FileMismatchError';
}

const macLength = 10;
const blockLength = 16;

/** How many bytes of ciphertext and MAC a file of this size has; the same if it is not encrypted. */
export const transferLength = (size: number, isEncrypted: boolean) =>
  isEncrypted ? (Math.floor(size / blockLength) + 1) * blockLength + macLength : size;

/**
 * Decrypts a file while it comes in, and checks it: AES-256-CBC, the first ten bytes of an HMAC-SHA256 behind it, all
 * keys from the message's media key; SHA-256 of ciphertext and plaintext. Whoever reads has the file only when the
 * generator has ended: what is wrong shows at the end. Never gives more than the announced size.
 * @throws FileMismatchError
 */
export async function* decryptFile(
  body: AsyncIterable<Uint8Array>,
  file: Pick<IncomingFile, 'type' | 'mediaKey' | 'fileSha256' | 'fileEncSha256' | 'size'>,
): AsyncGenerator<Uint8Array> {
  const mostBytes = file.size ? transferLength(file.size, file.mediaKey !== undefined) : Number.POSITIVE_INFINITY;
  const whole = limited(body, mostBytes);
  const content = file.mediaKey ? deciphered(whole, file, file.mediaKey) : whole;
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  assertEqual(hash.digest(), file.fileSha256, 'the hash of the file');
}

async function* limited(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > mostBytes) throw new FileMismatchError('It is longer than announced');
    yield chunk;
  }
}

async function* deciphered(
  body: AsyncIterable<Uint8Array>,
  file: Pick<IncomingFile, 'type' | 'fileEncSha256'>,
  mediaKey: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, file.type);
  if (!macKey) throw new FileMismatchError('There is no key for it');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const hash = createHash('sha256');
  // The last bytes are the MAC; which are the last shows only at the end.
  let tail: Uint8Array = Buffer.alloc(0);
  for await (const chunk of body) {
    hash.update(chunk);
    const bytes = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk;
    const end = Math.max(0, bytes.length - macLength);
    tail = bytes.subarray(end);
    const ciphertext = bytes.subarray(0, end);
    if (ciphertext.length === 0) continue;
    mac.update(ciphertext);
    const plaintext = decipher.update(ciphertext);
    if (plaintext.length > 0) yield plaintext;
  }
  assertEqual(mac.digest().subarray(0, macLength), tail, 'the MAC');
  assertEqual(hash.digest(), file.fileEncSha256, 'the hash of the encrypted file');
  const rest = decipher.final();
  if (rest.length > 0) yield rest;
}

/** Checks what the message announced, if it did. */
function assertEqual(actual: Buffer, announced: Uint8Array | undefined, what: string): void {
  if (announced && !actual.equals(announced)) throw new FileMismatchError(`It differs in ${what}`);
}
