import { describe, expect, test } from 'vitest';
import { messageId, newApiKeySecret, newId, sha256 } from './ids.ts';

describe('a message id', () => {
  test('has the form of those of the web client', () => {
    expect(messageId('ins_a')).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(messageId('ins_a', 'order-1')).toMatch(/^3EB0[0-9A-F]{18}$/);
  });

  test('depends on nothing but instance and idempotency key', () => {
    const id = messageId('ins_a', 'order-1');
    expect(messageId('ins_a', 'order-1')).toBe(id);
    expect(messageId('ins_b', 'order-1')).not.toBe(id);
    expect(messageId('ins_a', 'order-2')).not.toBe(id);
    // The same over releases too: a request that is repeated across an upgrade must still name the same message.
    expect(id).toBe('3EB014E36AA81C1EDC5C4E');
  });

  test('is a new one each time without a key', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => messageId('ins_a'))).size).toBe(1_000);
  });
});

describe('other ids', () => {
  test('say what they name, and cannot break a hash tag', () => {
    expect(newId('tenant')).toMatch(/^ten_[0-9a-hjkmnp-tv-z]{20}$/);
    expect(newId('apiKey')).toMatch(/^key_[0-9a-hjkmnp-tv-z]{20}$/);
    expect(newId('instance')).toMatch(/^ins_[0-9a-hjkmnp-tv-z]{20}$/);
    expect(newId('webhook')).toMatch(/^wh_[0-9a-hjkmnp-tv-z]{20}$/);
  });

  test('an API key carries 24 random bytes and is stored as a digest of fixed length', () => {
    const secret = newApiKeySecret();
    expect(secret).toMatch(/^flk_[\w-]{32}$/);
    expect(sha256(secret)).toMatch(/^[0-9a-f]{64}$/);
    expect(newApiKeySecret()).not.toBe(secret);
  });
});
