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
      const [member, score] = await redis.zrangeBuffer(instanceKeys.historyOfChat(instance, jid), 0, 0, 'WITHSCORES');
      return member && score ? [{ member, at: Number(score) }] : [];
    }),
  );
  const [oldest] = firsts.flat().sort((a, b) => a.at - b.at);
  return oldest && readStoredMessage(redis, instance, unpackId(oldest.member));
}
