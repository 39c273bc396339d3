import { instanceKeys } from '@flotilla/contracts';
import { createChanges, createInstances, recordFields } from '@flotilla/instance';
import { connectRedis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { expect } from 'vitest';
import { drawCodes } from './terminal.ts';

redisTest('draws each code once, until a phone is linked', async ({ redis, url }) => {
  const subscriber = connectRedis(url, { name: 'test', manner: 'patient' });
  const instances = createInstances(redis);
  const { id } = await instances.create({ tenant: 'ten_a', name: 'x', alias: 'loja-01' });
  const drawn: string[] = [];
  const write = (record: object) => redis.hset(instanceKeys.record(id), ...recordFields(record));
  const parts = { instances, changes: createChanges(subscriber), closing: new AbortController().signal };
  const drawing = drawCodes(parts, id, (text) => drawn.push(text));
  const expiresAt = Date.now() + 60_000;
  for (const text of ['first code', 'second code']) {
    const before = drawn.length;
    await write({ qr: { text, expiresAt } });
    await expect.poll(() => drawn.length, { timeout: 10_000 }).toBe(before + 1);
  }
  await write({ paired: true });
  await drawing;
  expect(drawn).toHaveLength(2);
  expect(drawn[0]).toMatch(/^loja-01\n[\s▀▄█]+$/);
  expect(drawn[1]).not.toBe(drawn[0]);
  subscriber.disconnect();
});
