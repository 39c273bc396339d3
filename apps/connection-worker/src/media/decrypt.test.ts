import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { encryptedStream, type MediaType } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { decryptFile, FileMismatchError, transferLength } from './decrypt.ts';

/** A file as Baileys encrypts it. */
async function encrypted(type: MediaType, plaintext: Buffer) {
  const { mediaKey, encFilePath, fileSha256, fileEncSha256 } = await encryptedStream(plaintext, type);
  const blob = await readFile(encFilePath);
  await rm(encFilePath);
  return { blob, file: { type, mediaKey, fileSha256, fileEncSha256, size: plaintext.length } };
}

/** The bytes in pieces of this size. */
function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const read = async (blob: Buffer, size: number, file: Parameters<typeof decryptFile>[1]) =>
  Buffer.concat(await Readable.from(decryptFile(Readable.from(pieces(blob, size)), file)).toArray());

describe('a file', () => {
  it.each(['image', 'video', 'ptv', 'audio', 'document', 'sticker'] as const)(
    'of kind %s is decrypted in any pieces',
    async (type) => {
      for (const length of [1, 15, 16, 17, 4_099]) {
        const plaintext = randomBytes(length);
        const { blob, file } = await encrypted(type, plaintext);
        expect(blob.length).toBe(transferLength(length, true));
        for (const size of [1, 7, 10, 16, 4_096, 10_000])
          expect((await read(blob, size, file)).equals(plaintext)).toBe(true);
      }
    },
  );

  it('that is not what the message announced is refused', async () => {
    const plaintext = randomBytes(1_000);
    const { blob, file } = await encrypted('image', plaintext);
    const damaged = (at: number) => Buffer.from(blob.map((byte, n) => (n === at ? byte ^ 1 : byte)));
    const refused: [Buffer, Partial<typeof file>][] = [
      [damaged(5), {}],
      [damaged(blob.length - 1), {}],
      [blob.subarray(0, -16), {}],
      [blob.subarray(0, 5), {}],
      [Buffer.concat([blob, Buffer.alloc(16)]), {}],
      [blob, { size: 500 }],
      [blob, { fileSha256: createHash('sha256').update('other').digest() }],
      [blob, { fileEncSha256: createHash('sha256').update('other').digest() }],
      [blob, { mediaKey: randomBytes(32) }],
    ];
    for (const [bytes, change] of refused)
      await expect(read(bytes, 64, { ...file, ...change })).rejects.toThrow(FileMismatchError);
  });

  it('never gives more than it announced, however much comes', async () => {
    const { file } = await encrypted('image', randomBytes(1_000));
    let taken = 0;
    const endless = (function* () {
      for (;;) {
        taken += 1;
        yield randomBytes(500);
      }
    })();
    await expect(Readable.from(decryptFile(Readable.from(endless), file)).toArray()).rejects.toThrow(FileMismatchError);
    expect(taken).toBeLessThan(100);
  });

  it('of a newsletter is not encrypted, but checked', async () => {
    const plaintext = randomBytes(300);
    const file = { type: 'image', fileSha256: createHash('sha256').update(plaintext).digest(), size: 300 } as const;
    expect((await read(plaintext, 64, file)).equals(plaintext)).toBe(true);
    await expect(read(Buffer.concat([plaintext, Buffer.of(1)]), 64, file)).rejects.toThrow(FileMismatchError);
    await expect(read(randomBytes(300), 64, file)).rejects.toThrow(FileMismatchError);
  });
});
