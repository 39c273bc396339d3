import { LRUCache } from 'lru-cache';
import { expect, it } from 'vitest';
import { atMost } from './bounded-cache.ts';

it('keeps so many entries, those that were used last', () => {
  const cache = new LRUCache<string, number>(atMost(3));
  for (const [value, key] of ['a', 'b', 'c'].entries()) cache.set(key, value);
  cache.get('a');
  cache.set('d', 3);
  expect([...cache.keys()].sort()).toEqual(['a', 'c', 'd']);
});

it('takes memory for what is in it, not for what may be', () => {
  const heapOf = (make: () => LRUCache<string, number>) => {
    const before = process.memoryUsage();
    const caches = Array.from({ length: 200 }, make);
    const after = process.memoryUsage();
    expect(caches).toHaveLength(200);
    return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  };
  const growing = heapOf(() => new LRUCache(atMost(5_000)));
  const reserved = heapOf(() => new LRUCache({ max: 5_000 }));
  expect(growing).toBeLessThan(reserved / 5);
});
