import type { EventMessage } from '@flotilla/contracts';
import { readStoredMessage } from '@flotilla/history';
import type { Redis } from '@flotilla/redis';
import { proto } from '@whiskeysockets/baileys';
import { messageView, type ViewOptions } from './view.ts';

/**
 * A message that this number has sent by the API, as an event tells it: who and where from the history, the rest from
 * the journal.
 * @param content what was journalled, as bytes of `proto.Message`
 * @returns undefined of what is no message of its own, such as a reaction, and of what the history does not keep
 */
export async function sentMessage(
  redis: Redis,
  instance: string,
  { id, content }: { id: string; content: Buffer },
  { raw }: Pick<ViewOptions, 'raw'>,
): Promise<EventMessage | undefined> {
  const stored = await readStoredMessage(redis, instance, id);
  if (!stored) return undefined;
  const { chat, fromMe, sender, timestamp } = stored;
  const envelope = { id, chat, chats: [chat], fromMe, sender, at: timestamp, offline: false };
  return messageView(envelope, proto.Message.decode(content), { fetches: () => false, raw }).message;
}
