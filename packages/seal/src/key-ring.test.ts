import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKeyRing, generateKey, KeyRingError, TamperedError, UnknownKeyError } from './key-ring.ts';

const k1 = `k1:${generateKey()}`;
const k2 = `k2:${generateKey()}`;
const context = 'creds of instance a';

describe('createKeyRing', () => {
  it('opens what it sealed, for texts, bytes and nothing at all', () => {
    const ring = createKeyRing(k1);
    expect(ring.open(ring.seal('schlüssel', context), context).toString()).toBe('schlüssel');
    const bytes = randomBytes(5_000);
    expect(ring.open(ring.seal(bytes, context), context)).toEqual(bytes);
    expect(ring.open(ring.seal('', context), context)).toHaveLength(0);
  });

  it('opens a view into a larger buffer', () => {
    const ring = createKeyRing(k1);
    const sealed = ring.seal('inside', context);
    const larger = Buffer.concat([randomBytes(7), sealed, randomBytes(7)]);
    expect(ring.open(new Uint8Array(larger.buffer, larger.byteOffset + 7, sealed.length), context).toString()).toBe(
      'inside',
    );
  });

  it('has the documented format and never the same bytes twice', () => {
    const ring = createKeyRing(k1);
    const sealed = ring.seal('abc', context);
    expect([...sealed.subarray(0, 4)]).toEqual([1, 2, ...Buffer.from('k1')]);
    expect(sealed).toHaveLength(1 + 1 + 2 + 12 + 3 + 16);
    expect(sealed.includes('abc')).toBe(false);
    expect(ring.seal('abc', context)).not.toEqual(sealed);
  });

  it('opens old values after a rotation, and seals with the new key', () => {
    const old = createKeyRing(k1).seal('before', context);
    const rotated = createKeyRing(`${k2}, ${k1}`);
    expect(rotated.ids).toEqual(['k2', 'k1']);
    expect(rotated.open(old, context).toString()).toBe('before');
    expect(rotated.isStale(old)).toBe(true);
    const renewed = rotated.seal(rotated.open(old, context), context);
    expect(rotated.isStale(renewed)).toBe(false);
    expect(createKeyRing(k2).open(renewed, context).toString()).toBe('before');
  });

  it('names the key that is missing', () => {
    const sealed = createKeyRing(k1).seal('x', context);
    const open = () => createKeyRing(k2).open(sealed, context);
    expect(open).toThrow(UnknownKeyError);
    expect(open).toThrow('"k1"');
  });

  it('refuses a value with any byte changed, cut or added', () => {
    const ring = createKeyRing(k1);
    const sealed = ring.seal('do not touch', context);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const isId = index === 2 || index === 3;
      expect(() => ring.open(changed, context), `byte ${index}`).toThrow(isId ? UnknownKeyError : Error);
      if (!isId && index !== 1) expect(() => ring.open(changed, context), `byte ${index}`).toThrow(TamperedError);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => ring.open(sealed.subarray(0, length), context), `length ${length}`).toThrow(TamperedError);
    }
    expect(() => ring.open(Buffer.concat([sealed, Buffer.of(0)]), context)).toThrow(TamperedError);
  });

  it('refuses a value under another context', () => {
    const ring = createKeyRing(k1);
    expect(() => ring.open(ring.seal('x', 'tenant a'), 'tenant b')).toThrow(TamperedError);
  });

  it('refuses another key of the same id', () => {
    const sealed = createKeyRing(k1).seal('x', context);
    expect(() => createKeyRing(`k1:${generateKey()}`).open(sealed, context)).toThrow(TamperedError);
  });

  const key = generateKey();
  it.each([
    ['', 'has no id'],
    [key, 'has no id'],
    ['k1', '"k1" is not 32 bytes'],
    [`k1:${key.slice(0, 20)}`, '"k1" is not 32 bytes'],
    [`k1:${key.slice(0, 10)}*${key.slice(10)}`, '"k1" is not 32 bytes'],
    [`k1:${key}:x`, '"k1" is not 32 bytes'],
    [`k1:${key},k1:${generateKey()}`, '"k1" is there twice'],
    [`k1:${key},`, 'key 2 has no id'],
    [`ключ:${key}`, 'key 1 has no id'],
  ])('explains what is wrong with a ring without showing keys (%#)', (keys, why) => {
    let message = '';
    try {
      createKeyRing(keys);
    } catch (error) {
      expect(error).toBeInstanceOf(KeyRingError);
      expect(error).toHaveProperty('code', 'INVALID_CONFIG');
      message = (error as Error).message;
    }
    expect(message).toContain(why);
    expect(message).not.toContain(key.slice(0, 10));
  });

  it('signs for one purpose, and knows signatures of every key in the ring', () => {
    const signature = createKeyRing(k1).sign('text', 'links');
    expect(signature).toHaveLength(32);
    const rotated = createKeyRing(`${k2},${k1}`);
    expect(rotated.isSigned('text', signature, 'links')).toBe(true);
    expect(rotated.sign('text', 'links')).not.toEqual(signature);
    expect(rotated.isSigned('Text', signature, 'links')).toBe(false);
    expect(rotated.isSigned('text', signature, 'something else')).toBe(false);
    expect(rotated.isSigned('text', signature.subarray(1), 'links')).toBe(false);
    expect(createKeyRing(k2).isSigned('text', signature, 'links')).toBe(false);
  });
});
