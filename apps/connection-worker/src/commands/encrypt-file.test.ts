import { createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getMediaKeys } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptFile } from './encrypt-file.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

describe('an encrypted file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flotilla-encrypt-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const encrypt = async (plain: Buffer, signal = new AbortController().signal) => {
    const [source, target] = [join(folder, 'source'), join(folder, 'target')];
    await writeFile(source, plain);
    const about = await encryptFile(source, target, 'image', signal);
    return { about, bytes: await readFile(target) };
  };

  it.each([0, 1, 16, 65_536, 65_537, 3_000_000])('of %i bytes has right hashes, MAC and content', async (size) => {
    const plain = randomBytes(size);
    const { about, bytes } = await encrypt(plain);
    expect(about.fileLength).toBe(size);
    expect(about.fileSha256).toEqual(sha256(plain));
    expect(about.fileEncSha256).toEqual(sha256(bytes));
    const { iv, cipherKey, macKey } = await getMediaKeys(about.mediaKey, 'image');
    const [ciphertext, mac] = [bytes.subarray(0, -10), bytes.subarray(-10)];
    const expected = createHmac('sha256', macKey ?? '')
      .update(iv)
      .update(ciphertext)
      .digest();
    expect(mac).toEqual(expected.subarray(0, 10));
    const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
    expect(Buffer.concat([decipher.update(ciphertext), decipher.final()])).toEqual(plain);
  });

  it('never has the same key twice, and ends when it is told to', async () => {
    const [one, two] = [await encrypt(Buffer.from('same')), await encrypt(Buffer.from('same'))];
    expect(one.bytes).not.toEqual(two.bytes);
    await expect(encrypt(randomBytes(100), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
