import { expect, test } from 'vitest';
import { createSharedCache } from './shared-cache.ts';

const hourMs = 3_600_000;

test('retry counters outlive the socket, and are not shared between instances', async () => {
  const counters = createSharedCache({ max: 10, lifetimeMs: hourMs });
  await counters.of('one').set('MESSAGE:contact', 3);
  expect(await counters.of('one').get('MESSAGE:contact')).toBe(3);
  expect(await counters.of('two').get('MESSAGE:contact')).toBeUndefined();
  await counters.of('two').set('MESSAGE:contact', 1);
  await counters.of('one').flushAll();
  expect(await counters.of('one').get('MESSAGE:contact')).toBeUndefined();
  expect(await counters.of('two').get('MESSAGE:contact')).toBe(1);
});

test('retry counters are bounded', async () => {
  const counters = createSharedCache({ max: 10, lifetimeMs: hourMs });
  for (let message = 0; message < 100; message += 1) await counters.of('one').set(`MESSAGE${message}`, 1);
  const left = Array.from({ length: 100 }, (_, message) => counters.of('one').get(`MESSAGE${message}`));
  expect((await Promise.all(left)).filter(Boolean)).toHaveLength(10);
});
