import { instanceKeys, type StoredMessage } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { unpackId } from './message-id.ts';
import { readStoredMessage } from './message-list.ts';

/**
 * The oldest message of a chat that is kept; what the phone has from before can be asked for from there.
 * @param chats the chat, by each address that it is known by
 */
export async function oldestMessage(
  redis: Redis,
  instance: string,
  chats: readonly string[],
): Promise<StoredMessage | undefined> {
  const firsts = await Promise.all(
    chats.map(async (jid) => {
      const key = instanceKeys.historyOfChat(instance, jid);
      const [member] = await redis.zrangeBuffer(key, '0', '0');
      return member ? [{ member, at: Number(await redis.zscore(key, member)) }] : [];
    }),
  );
  const [oldest] = firsts.flat().sort((a, b) => a.at - b.at);
  return oldest && readStoredMessage(redis, instance, unpackId(oldest.member));
}
