import type { StoredMessage } from '@flotilla/contracts';
import { addressesOf, jidsOf, listMessages, oldestMessage, readChat } from '@flotilla/history';
import { isJidGroup, proto, type WAMessageKey } from '@whiskeysockets/baileys';
import { RequestError } from '../request-lane.ts';
import type { RequestContext, RequestHandler } from './handler.ts';
import { keyOf } from './message-key.ts';

/** How many messages one request marks as read at most: a chat can have more unread than anyone will read. */
const mostRead = 200;

/** Every address that a chat is known by: it may have been written to by number, and be answered by LID. */
async function jidsOfChat({ redis, instance }: RequestContext, chat: string): Promise<string[]> {
  const [addresses] = await addressesOf(redis, instance, [chat]);
  return jidsOf(chat, addresses ?? {});
}

/** The newest messages of a chat. */
const newest = async (
  context: RequestContext,
  chat: string,
  limit: number,
  direction?: 'in' | 'out',
): Promise<StoredMessage[]> => {
  const chats = await jidsOfChat(context, chat);
  const { items } = await listMessages(context.redis, context.instance, { chats, direction, limit });
  return items;
};

/**
 * The last message of a chat, as WhatsApp wants it with most changes of a chat: it tells up to where they go.
 * @throws RequestError MESSAGE_NOT_FOUND if nothing of the chat is kept
 */
async function lastMessages(context: RequestContext, chat: string) {
  const [last] = await newest(context, chat, 1);
  if (!last) throw new RequestError('MESSAGE_NOT_FOUND', `of ${chat}: its last message`);
  return [{ key: keyOf(last), messageTimestamp: Math.floor(last.timestamp / 1_000) }];
}

export const markRead: RequestHandler<'chat.read'> = async ({ chat, messages }, context) => {
  const keys = messages ? await keysOf(context, chat, messages) : await unreadOf(context, chat);
  if (keys.length > 0) {
    await context.sock.readMessages(keys);
    const chats = await jidsOfChat(context, chat);
    await context.store.write(context.history.updateChats(chats.map((jid) => ({ jid, unread: 0 }))));
  }
  return { read: keys.length };
};

type Refs = NonNullable<Parameters<RequestHandler<'chat.read'>>[0]['messages']>;

const keysOf = (context: RequestContext, chat: string, messages: Refs): Promise<WAMessageKey[]> =>
  Promise.all(
    messages.map(async ({ id, sender, fromMe }) => {
      const kept = await context.history.read(id);
      return kept ? keyOf(kept.message) : { id, remoteJid: chat, fromMe: fromMe ?? false, participant: sender };
    }),
  );

async function unreadOf(context: RequestContext, chat: string): Promise<WAMessageKey[]> {
  const { redis, instance } = context;
  const received = await newest(context, chat, mostRead, 'in');
  const unread = (await readChat(redis, instance, chat))?.unread ?? 0;
  // -1: marked as unread by hand, with no count of messages. Reading the last one takes the mark away.
  return received.slice(0, unread === -1 ? 1 : unread).map(keyOf);
}

export const modifyChat: RequestHandler<'chat.modify'> = async (input, context) => {
  const { chat, archived, pinned, muted, unread, ephemeralSeconds } = input;
  const { sock } = context;
  const last = archived === undefined && unread === undefined ? [] : await lastMessages(context, chat);
  if (archived !== undefined) await sock.chatModify({ archive: archived, lastMessages: last }, chat);
  if (unread !== undefined) await sock.chatModify({ markRead: !unread, lastMessages: last }, chat);
  if (pinned !== undefined) await sock.chatModify({ pin: pinned }, chat);
  // -1 is what WhatsApp writes for a chat that is muted for ever.
  if (muted !== undefined) await sock.chatModify({ mute: muted === true ? -1 : muted || null }, chat);
  if (ephemeralSeconds !== undefined) await setEphemeral(context, chat, ephemeralSeconds);
  return {};
};

async function setEphemeral({ sock }: RequestContext, chat: string, seconds: number): Promise<void> {
  if (isJidGroup(chat)) {
    await sock.groupToggleEphemeral(chat, seconds);
    return;
  }
  const { EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;
  await sock.relayMessage(
    chat,
    { protocolMessage: { type: EPHEMERAL_SETTING, ephemeralExpiration: seconds } },
    { messageId: undefined },
  );
}

export const deleteChat: RequestHandler<'chat.delete'> = async ({ chat }, context) => {
  await context.sock.chatModify({ delete: true, lastMessages: await lastMessages(context, chat) }, chat);
  await forget(context, chat, false);
  return {};
};

export const clearChat: RequestHandler<'chat.clear'> = async ({ chat }, context) => {
  await context.sock.chatModify({ clear: true, lastMessages: await lastMessages(context, chat) }, chat);
  await forget(context, chat, true);
  return {};
};

async function forget(context: RequestContext, chat: string, keepChat: boolean): Promise<void> {
  for (const jid of await jidsOfChat(context, chat))
    for await (const batch of context.history.removeChat(jid, { keepChat })) await context.store.write(batch);
}

export const fetchHistory: RequestHandler<'chat.fetch-history'> = async ({ chat, count = 50 }, context) => {
  const chats = await jidsOfChat(context, chat);
  const oldest = await oldestMessage(context.redis, context.instance, chats);
  if (!oldest) throw new RequestError('MESSAGE_NOT_FOUND', `of ${chat}: one to begin from`);
  await context.sock.fetchMessageHistory(count, keyOf(oldest), oldest.timestamp);
  return {};
};
