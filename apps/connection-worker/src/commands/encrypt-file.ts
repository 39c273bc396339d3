import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { getMediaKeys, type MediaType } from '@whiskeysockets/baileys';
import { collectBuffers } from './collect-buffers.ts';

/** An encrypted file, and what its message says of it. */
export interface EncryptedFile {
  mediaKey: Uint8Array;
  /** Of the plaintext. */
  fileSha256: Buffer;
  /** Of everything that is uploaded. */
  fileEncSha256: Buffer;
  /** Bytes of the plaintext. */
  fileLength: number;
}

/** Read at a time (bytes). The same memory is used for all of it: what is thrown away piles up until it is collected. */
const chunkBytes = 65_536;
/** After so many bytes what was thrown away is collected. */
const collectBytes = 128 * chunkBytes;
/** So much of the MAC goes along. */
const macBytes = 10;

/**
 * Encrypts a file as WhatsApp's media servers keep it: AES-256-CBC, then a MAC over IV and ciphertext, all keys from one
 * random key.
 * @param signal ends it early
 */
export async function encryptFile(
  source: string,
  target: string,
  kind: MediaType,
  signal: AbortSignal,
): Promise<EncryptedFile> {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, kind);
  if (!macKey) throw new TypeError('Baileys derived no key for the MAC');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const [plainHash, encryptedHash] = [createHash('sha256'), createHash('sha256')];
  let fileLength = 0;
  await using input = await open(source, 'r');
  await using output = await open(target, 'w');
  const put = async (bytes: Buffer) => {
    encryptedHash.update(bytes);
    if (bytes.length > 0) await output.writeFile(bytes);
  };
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await input.read(buffer, 0, chunkBytes);
    const plain = buffer.subarray(0, bytesRead);
    fileLength += bytesRead;
    plainHash.update(plain);
    const encrypted = bytesRead > 0 ? cipher.update(plain) : cipher.final();
    mac.update(encrypted);
    await put(encrypted);
    if (bytesRead === 0) break;
    if (fileLength % collectBytes === 0) collectBuffers();
  }
  await put(mac.digest().subarray(0, macBytes));
  return { mediaKey, fileSha256: plainHash.digest(), fileEncSha256: encryptedHash.digest(), fileLength };
}
