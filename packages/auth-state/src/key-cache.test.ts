import { describe, expect, test } from 'vitest';
import { createKeyCache } from './key-cache.ts';

describe('the key cache', () => {
  test('keeps all instances together within its bound', () => {
    const cache = createKeyCache({ maxBytes: 50_000 });
    for (let instance = 0; instance < 100; instance += 1) {
      const namespace = cache.namespace(`instance-${instance}`, 1);
      for (let key = 0; key < 20; key += 1) namespace.set(`session:${key}`, 'x'.repeat(200));
    }
    expect(cache.bytes).toBeLessThanOrEqual(50_000);
    expect(cache.bytes).toBeGreaterThan(25_000);
    expect(cache.namespace('instance-0', 1).get('session:0')).toBeUndefined();
    expect(cache.namespace('instance-99', 1).get('session:19')).toBe('x'.repeat(200));
  });

  test('keeps instances and epochs apart', () => {
    const cache = createKeyCache({ maxBytes: 50_000 });
    cache.namespace('one', 1).set('creds', 'mine');
    expect(cache.namespace('two', 1).get('creds')).toBeUndefined();
    expect(cache.namespace('one', 1).get('creds')).toBe('mine');
    const later = cache.namespace('one', 2);
    expect(later.get('creds')).toBeUndefined();
    later.set('creds', 'later');
    expect(cache.namespace('one', 1).get('creds')).toBeUndefined();
  });

  test('knows what is not stored', () => {
    const namespace = createKeyCache({ maxBytes: 50_000 }).namespace('one', 1);
    expect(namespace.get('session:1')).toBeUndefined();
    namespace.set('session:1', null);
    expect(namespace.get('session:1')).toBeNull();
  });

  test('forgets what was dropped, but not what came after it', () => {
    const cache = createKeyCache({ maxBytes: 50_000 });
    const failed = cache.namespace('one', 1);
    failed.set('creds', 'unsure');
    failed.drop();
    const loaded = cache.namespace('one', 1);
    expect(loaded.get('creds')).toBeUndefined();
    loaded.set('creds', 'sure');
    failed.drop();
    failed.set('creds', 'too late');
    expect(cache.namespace('one', 1).get('creds')).toBe('sure');
    cache.forget('one');
    expect(cache.namespace('one', 1).get('creds')).toBeUndefined();
  });
});
