import {
  ForgetQuery,
  Forgotten,
  MessageDetails,
  type MessageDetails as MessageDetailsType,
  MessagesQuery,
  pageOf,
  StoredMessage,
} from '@flotilla/contracts';
import { forgetMessage, forgetMessages, listMessages, readStoredMessage } from '@flotilla/history';
import { readMessage } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import Type from 'typebox';
import { chatAddresses } from '../chat-address.ts';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';

const MessageParams = Type.Object({
  ...InstanceParams.properties,
  message: Type.String({ minLength: 1, maxLength: 128, description: "The message's id on WhatsApp" }),
});

/** What the journal and the history have of a message; undefined if neither knows it. */
async function detailsOf(redis: Redis, instance: string, id: string): Promise<MessageDetailsType | undefined> {
  const [view, message] = await Promise.all([
    isIdentifier(id) ? readMessage(redis, instance, id) : undefined,
    readStoredMessage(redis, instance, id),
  ]);
  if (!message) return view;
  const { status, error, history, chat, fromMe } = message;
  // The journal ends before the history; what it knew of the statuses is in both.
  return { messageId: id, instance, ...(fromMe ? { to: chat } : {}), status, error, history, ...view, message };
}

/** `/v1/instances/{instance}/messages`: what was received and sent. */
export const messageRoutes: Routes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/v1/instances/:instance/messages',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listMessages',
        tags: ['Messages'],
        summary: 'List messages, the newest first',
        description:
          'What was received and sent, within the bounds of the history, with everything that has become of it. With filters a page may have fewer messages than asked for: go on while there is a `nextCursor`.',
        params: InstanceParams,
        querystring: MessagesQuery,
        response: { 200: pageOf(StoredMessage) },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const { chat, limit = defaultLimit, ...filter } = request.query;
      const chats = chat === undefined ? undefined : await chatAddresses(parts, id, chat, 'query/chat');
      return listMessages(redis, id, { ...filter, limit, ...(chats ? { chats } : {}) });
    },
  );

  app.get(
    '/v1/instances/:instance/messages/:message',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'MESSAGE_NOT_FOUND'] },
      schema: {
        operationId: 'getMessage',
        tags: ['Messages'],
        summary: 'Show a message, and what became of it',
        description:
          'One that was sent is known from the moment it was accepted, one that was received while the history has it.',
        params: MessageParams,
        response: { 200: MessageDetails },
      },
    },
    async (request) => {
      const { instance, message } = request.params;
      const { id } = await findInstance(parts, request, instance);
      const details = await detailsOf(redis, id, message);
      if (!details) throw apiError('MESSAGE_NOT_FOUND', shown(message));
      return details;
    },
  );

  app.delete(
    '/v1/instances/:instance/messages',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'forgetMessages',
        tags: ['Messages'],
        summary: 'Drop messages from the history',
        description:
          'All of them, or those of a chat, or from before a time. Nothing is deleted on WhatsApp: phones keep them.',
        params: InstanceParams,
        querystring: ForgetQuery,
        response: { 200: Forgotten },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const { chat, before } = request.query;
      const chats = chat === undefined ? undefined : await chatAddresses(parts, id, chat, 'query/chat');
      return { messages: await forgetMessages(redis, id, { before, ...(chats ? { chats } : {}) }) };
    },
  );

  app.delete(
    '/v1/instances/:instance/messages/:message',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND', 'MESSAGE_NOT_FOUND'] },
      schema: {
        operationId: 'forgetMessage',
        tags: ['Messages'],
        summary: 'Drop a message from the history',
        description: 'It is not deleted on WhatsApp, and what became of a sent one can still be asked for.',
        params: MessageParams,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const { instance, message } = request.params;
      const { id } = await findInstance(parts, request, instance);
      if (!(await forgetMessage(redis, id, message))) throw apiError('MESSAGE_NOT_FOUND', shown(message));
      return reply.code(204).send(null);
    },
  );
};
