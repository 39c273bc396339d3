import { startRedis } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import { expect, test } from 'vitest';
import { own, text } from '../test/owner.ts';
import { realisticMessages } from '../test/realistic.ts';

const count = 10_000;
const chats = 200;

async function usedMemory(redis: Redis): Promise<number> {
  await redis.memory('PURGE');
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

test('a stored text message costs at most 600 bytes of Redis, all included', { timeout: 120_000 }, async ({
  onTestFinished,
}) => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const redis = connectRedis(server.url, { name: 'memory', manner: 'patient' });
  onTestFinished(() => redis.disconnect());
  const { writer, write } = await own(redis);
  const messages = realisticMessages(count, chats, Date.now());
  // The script itself is not the messages'.
  await write(writer.append({ message: text('first', Date.now()) }));
  const before = await usedMemory(redis);
  for await (const batch of writer.appendMany(messages)) await write(batch);
  const each = ((await usedMemory(redis)) - before) / count;
  expect(each).toBeLessThanOrEqual(600);
});
