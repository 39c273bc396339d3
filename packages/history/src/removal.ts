import { instanceKeys } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { unpackId } from './message-id.ts';
import { removeCommands } from './message-writer.ts';
import { surplus, surplusPeople } from './surplus.ts';

const batchSize = 200;

/** Batches that take out all messages of a chat, and the chat unless it stays. Each is to be written before the next. */
export async function* removalOfChat(
  redis: Redis,
  instance: string,
  jid: string,
  keepChat: boolean,
): AsyncGenerator<RedisCommand[], void, void> {
  const index = instanceKeys.historyOfChat(instance, jid);
  while (true) {
    const ids = await redis.zrangeBuffer(index, '0', String(batchSize - 1));
    if (ids.length === 0) break;
    yield removeCommands(
      instance,
      ids.map((id) => ({ id: unpackId(id), chats: [jid] })),
    );
  }
  const chat = instanceKeys.chat(instance, jid);
  yield keepChat
    ? [{ command: 'hdel', key: chat, args: ['unread', 'marked'] }]
    : [
        { command: 'del', key: chat, args: [] },
        { command: 'zrem', key: instanceKeys.chats(instance), args: [jid] },
      ];
}

/** Batches that drop everything that this package keeps of an instance. Each is to be written before the next. */
export async function* removalOfAll(redis: Redis, instance: string): AsyncGenerator<RedisCommand[], void, void> {
  yield* surplus(redis, instance, { days: 0, messages: 0 });
  yield* surplusPeople(redis, instanceKeys.chats(instance), (jid) => instanceKeys.chat(instance, jid), 0);
  yield* surplusPeople(redis, instanceKeys.contacts(instance), (jid) => instanceKeys.contact(instance, jid), 0);
  yield [instanceKeys.history, instanceKeys.lids, instanceKeys.lidMappings, instanceKeys.counts].map((keyOf) => ({
    command: 'del',
    key: keyOf(instance),
    args: [],
  }));
}
