import { randomBytes } from 'node:crypto';
import * as libsignal from 'libsignal';
import { expect, test } from 'vitest';
import { agree, createKeyPair } from './x25519.ts';
import { createSigningKey, xeddsaSign, xeddsaVerify } from './xeddsa.ts';

/** What libsignal's types leave out. */
const { curve: reference } = libsignal as unknown as {
  curve: {
    calculateSignature(privateKey: Buffer, message: Buffer): Buffer;
    verifySignature(publicKey: Buffer, message: Buffer, signature: Buffer): boolean;
  };
};
const prefixed = (key: Buffer) => Buffer.concat([Buffer.from([5]), key]);

test('signatures agree with the reference in both directions', () => {
  for (let round = 0; round < 12; round += 1) {
    const key = createSigningKey();
    const message = randomBytes(50 + round);
    expect(reference.verifySignature(prefixed(key.publicKey), message, xeddsaSign(key, message))).toBe(true);
    expect(xeddsaVerify(key.publicKey, message, reference.calculateSignature(key.privateKey, message))).toBe(true);
    expect(xeddsaVerify(key.publicKey, message, xeddsaSign(key, message))).toBe(true);
  }
});

test('an altered message, signature or key is refused', () => {
  const key = createSigningKey();
  const message = randomBytes(64);
  const signature = xeddsaSign(key, message);
  for (const index of [0, 31, 32, 62]) {
    const altered = Buffer.from(signature);
    altered[index] = (altered[index] ?? 0) ^ 1;
    expect(xeddsaVerify(key.publicKey, message, altered)).toBe(false);
  }
  expect(xeddsaVerify(key.publicKey, randomBytes(64), signature)).toBe(false);
  expect(xeddsaVerify(createSigningKey().publicKey, message, signature)).toBe(false);
  expect(xeddsaVerify(Buffer.alloc(32, 0xff), message, signature)).toBe(false);
  expect(xeddsaVerify(key.publicKey, message, signature.subarray(1))).toBe(false);
});

test('a signing key agrees on secrets like any other Curve25519 key', () => {
  const [key, other] = [createSigningKey(), createKeyPair()];
  expect(agree(key.privateKey, other.publicKey)).toEqual(agree(other.privateKey, key.publicKey));
});
