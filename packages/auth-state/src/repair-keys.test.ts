import crypto, { createCipheriv, createDecipheriv, createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { repairKeys } from './repair-keys.ts';

const key = Buffer.alloc(32, 7);
const iv = Buffer.alloc(12, 1);

/** What all three make of a key. */
function results(bytes: Uint8Array | ReturnType<typeof createSecretKey>): string[] {
  const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from('aad'));
  const sealed = Buffer.concat([cipher.update('text'), cipher.final()]);
  const tag = cipher.getAuthTag();
  const decipher = createDecipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from('aad')).setAuthTag(tag);
  return [
    createHmac('sha256', bytes).update('text').digest('hex'),
    `${sealed.toString('hex')}${tag.toString('hex')}`,
    `${decipher.update(sealed, undefined, 'utf8')}${decipher.final('utf8')}`,
  ];
}

describe('ciphers and HMACs that get their keys as objects', () => {
  it('make the same of bytes as before, however they were imported', () => {
    const before = results(key);
    const original = crypto.createHmac;
    repairKeys();
    repairKeys();
    expect(crypto.createHmac).not.toBe(original);
    expect(createHmac).toBe(crypto.createHmac);
    for (const given of [key, new Uint8Array(key), createSecretKey(key)]) expect(results(given)).toEqual(before);
    expect(createHmac('sha256', '').update('a').digest('hex')).toBe(
      createHmac('sha256', new Uint8Array()).update('a').digest('hex'),
    );
    expect(() => createCipheriv('aes-256-gcm', Buffer.alloc(3), iv)).toThrow('Invalid key length');
  });
});
