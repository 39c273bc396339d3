import { Chat, ChatMessagesQuery, ChatsQuery, pageOf, StoredMessage } from '@flotilla/contracts';
import { listChats, listMessages, readChat } from '@flotilla/history';
import Type from 'typebox';
import { chatAddresses, readAddress } from '../chat-address.ts';
import { apiError } from '../errors.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';

const ChatParams = Type.Object({
  ...InstanceParams.properties,
  chat: Type.String({ minLength: 1, maxLength: 100, description: 'Phone number, JID, LID or group' }),
});

/** `/v1/instances/{instance}/chats`: reading them. */
export const chatRoutes: Routes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/v1/instances/:instance/chats',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listChats',
        tags: ['Chats'],
        summary: 'List chats, the one with the latest message first',
        description:
          'A person whom the number knows by phone number and by LID is one chat. With filters a page may have fewer chats than asked for: go on while there is a `nextCursor`.',
        params: InstanceParams,
        querystring: ChatsQuery,
        response: { 200: pageOf(Chat) },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      return listChats(redis, id, { limit: defaultLimit, ...request.query });
    },
  );

  app.get(
    '/v1/instances/:instance/chats/:chat',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'CHAT_NOT_FOUND', 'VALIDATION'] },
      schema: {
        operationId: 'getChat',
        tags: ['Chats'],
        summary: 'Show a chat',
        params: ChatParams,
        response: { 200: Chat },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const jid = readAddress(request.params.chat, 'path/chat');
      const chat = await readChat(redis, id, jid);
      if (!chat) throw apiError('CHAT_NOT_FOUND', jid);
      return chat;
    },
  );

  app.get(
    '/v1/instances/:instance/chats/:chat/messages',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listChatMessages',
        tags: ['Chats'],
        summary: 'List the messages of a chat, the newest first',
        params: ChatParams,
        querystring: ChatMessagesQuery,
        response: { 200: pageOf(StoredMessage) },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const chats = await chatAddresses(parts, id, request.params.chat, 'path/chat');
      return listMessages(redis, id, { limit: defaultLimit, ...request.query, chats });
    },
  );
};
