import type { MessageStatus, StoredMessage } from '@flotilla/contracts';
import { wwebJid, wwebMessage } from '@flotilla/format';
import { addressesOf, listChats, listContacts, listMessages, readChat } from '@flotilla/history';
import type { StoredInstance } from '@flotilla/instance';
import Type from 'typebox';
import { chatAddresses } from '../../chat-address.ts';
import { apiError } from '../../errors.ts';
import { findInstance } from '../../instance-view.ts';
import type { Parts } from '../../parts.ts';
import type { DialectRoutes } from '../dialect.ts';
import { neededText } from '../field.ts';
import { withPhone } from '../linked-phone.ts';
import { type Message, toChat, toContact, WwebChat, WwebContact, WwebMessage } from './chats.ts';
import { recipientNames, SendBody, send } from './send.ts';
import { SessionParams } from './shapes.ts';

const tags = ['Messaging'];
const success = Type.Literal(true);

/** How many messages of a chat are shown, if nothing else is asked for, and at most. */
const usualLimit = 50;
const largestLimit = 200;
/** How many chats or contacts are read at a time. */
const pageSize = 200;

/** whatsapp-web.js' `MessageAck`. */
const acks: Record<MessageStatus, number> = {
  failed: -1,
  queued: 0,
  sending: 0,
  acked: 1,
  delivered: 2,
  read: 3,
  played: 4,
};

/** All pages of a list: the old service knows none. */
async function all<Item>(
  list: (page: { limit: number; cursor?: string }) => Promise<{ items: Item[]; nextCursor?: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: pageSize, ...(cursor && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

/** A chat's JID by phone number, where that is known: chat ids of whatsapp-web.js are. */
async function phoneJid({ redis }: Pick<Parts, 'redis'>, instance: string, chat: string): Promise<string> {
  const [addresses] = await addressesOf(redis, instance, [chat]);
  return addresses?.phone === undefined ? chat : `${addresses.phone}@s.whatsapp.net`;
}

const contextOf = ({ id, name, status }: StoredInstance) => ({ instance: { id, name, phone: status.phone } });

/** A message of the history as whatsapp-web.js has it. @param chat its JID as it is to be shown */
function toMessage(instance: StoredInstance, message: StoredMessage, chat: string): Message {
  const became = {
    ack: message.status === undefined ? 1 : acks[message.status],
    isStarred: message.starred ?? false,
    hasReaction: (message.reactions ?? []).length > 0,
  };
  return { ...(wwebMessage({ ...message, chat }, contextOf(instance)) as Message), ...became };
}

/** `/api/messages`. */
export const messageRoutes: DialectRoutes = async (app, parts) => {
  const { redis } = parts;

  app.post(
    '/api/messages/:sessionId/send',
    {
      bodyLimit: parts.inlineBodyBytes,
      config: { access: 'messages:send' },
      schema: {
        tags,
        summary: 'Send a message',
        description: 'Answered when WhatsApp has acknowledged it, or after 20 seconds with the `ack` that it has then.',
        params: SessionParams,
        body: SendBody,
        response: {
          200: Type.Object({
            success,
            messageId: Type.String({ description: 'As `message.id._serialized`' }),
            message: WwebMessage,
          }),
        },
      },
    },
    async (request, reply) => {
      const to = neededText(request.body, ...recipientNames);
      const instance = await withPhone(parts, await findInstance(parts, request, request.params.sessionId));
      const { outcome, content } = await send(parts, request, reply, instance, to);
      const { messageId: id, status, acceptedAt: timestamp } = outcome;
      const chat = await phoneJid(parts, instance.id, outcome.to);
      const jid = instance.status.jid ?? `${instance.status.phone}@s.whatsapp.net`;
      const sent = { id, chat, fromMe: true, sender: { jid }, timestamp, ...content };
      const message = toMessage(instance, { ...sent, direction: 'out', status }, chat);
      return { success: true as const, messageId: message.id._serialized, message };
    },
  );

  app.get(
    '/api/messages/:sessionId/chats',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get all chats',
        params: SessionParams,
        response: { 200: Type.Object({ success, chats: Type.Array(WwebChat) }) },
      },
    },
    async (request) => {
      const instance = await withPhone(parts, await findInstance(parts, request, request.params.sessionId));
      const chats = await all((page) => listChats(redis, instance.id, page));
      return {
        success: true as const,
        chats: chats.map((chat) => toChat(chat, (message, jid) => toMessage(instance, message, jid))),
      };
    },
  );

  app.get(
    '/api/messages/:sessionId/chat/:chatId',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get messages from a specific chat',
        description: 'The newest ones, the oldest of them first.',
        params: Type.Object({
          ...SessionParams.properties,
          chatId: Type.String({ minLength: 1, maxLength: 100, description: '`…@c.us`, `…@g.us` or a phone number' }),
        }),
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, description: 'Default 50, at most 200' })),
        }),
        response: { 200: Type.Object({ success, chatId: Type.String(), messages: Type.Array(WwebMessage) }) },
      },
    },
    async (request) => {
      const instance = await withPhone(parts, await findInstance(parts, request, request.params.sessionId));
      const { chatId } = request.params;
      const chats = await chatAddresses(parts, instance.id, chatId, 'chatId');
      const limit = Math.min(request.query.limit ?? usualLimit, largestLimit);
      const { items } = await listMessages(redis, instance.id, { chats, limit });
      const shown = await phoneJid(parts, instance.id, chats[0] ?? chatId);
      if (items.length === 0 && !(await readChat(redis, instance.id, shown))) throw apiError('CHAT_NOT_FOUND', shown);
      const messages = items.reverse().map((message) => toMessage(instance, message, shown));
      return { success: true as const, chatId: wwebJid(shown), messages };
    },
  );

  app.get(
    '/api/messages/:sessionId/contacts',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get all contacts',
        params: SessionParams,
        response: { 200: Type.Object({ success, contacts: Type.Array(WwebContact) }) },
      },
    },
    async (request) => {
      const instance = await withPhone(parts, await findInstance(parts, request, request.params.sessionId));
      const contacts = await all((page) => listContacts(redis, instance.id, page));
      // Who is known by two addresses has an entry under each: the one with the name goes first.
      const shown = new Map<string, ReturnType<typeof toContact>>();
      for (const contact of contacts) {
        const one = toContact(contact, instance.status.phone);
        const known = shown.get(one.id._serialized);
        shown.set(one.id._serialized, known ? { ...one, ...known } : one);
      }
      return { success: true as const, contacts: [...shown.values()] };
    },
  );
};
