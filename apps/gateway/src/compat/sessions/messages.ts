import type { StoredMessage } from '@flotilla/contracts';
import { addressesOf, forgetMessages, listMessages, type MessageFilter } from '@flotilla/history';
import type { StoredInstance } from '@flotilla/instance';
import Type from 'typebox';
import { apiError } from '../../errors.ts';
import { findInstance, stateInWords } from '../../instance-view.ts';
import type { Parts } from '../../parts.ts';
import type { DialectRoutes } from '../dialect.ts';
import { neededText, TextOrNumber } from '../field.ts';
import { withPhone } from '../linked-phone.ts';
import { nameOf } from '../named-instance.ts';
import { sendAndWait } from '../sending.ts';
import { iso, SessionParams, Success } from './shapes.ts';

const tags = ['Messages'];
const time = Type.String({ format: 'date-time' });

/** How many messages a page has, if it says nothing else, and at most. */
const usualLimit = 50;
const largestLimit = 200;

export const directions = ['incoming', 'outgoing'] as const;

const Message = Type.Object({
  sessionId: Type.String(),
  direction: Type.Enum([...directions]),
  from: Type.String({ description: 'Digits of a phone number; the JID of a group' }),
  to: Type.String({ description: 'The same' }),
  text: Type.String({ description: 'Text or caption; empty if there is none' }),
  messageTimestamp: time,
});

/** The newest messages that fit: pages of the history are shorter if a filter leaves much out. */
export async function newestMessages(
  { redis }: Pick<Parts, 'redis'>,
  instance: string,
  filter: MessageFilter & { limit: number },
): Promise<StoredMessage[]> {
  const found: StoredMessage[] = [];
  let cursor: string | undefined;
  do {
    const limit = filter.limit - found.length;
    const page = await listMessages(redis, instance, { ...filter, limit, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && found.length < filter.limit);
  return found;
}

export const directionOf = ({ fromMe }: StoredMessage) => (fromMe ? ('outgoing' as const) : ('incoming' as const));

/** A message of the history as the document shows it. @param others phone numbers of chats, by JID */
function toMessage(instance: StoredInstance, others: ReadonlyMap<string, string>, message: StoredMessage) {
  const { chat, fromMe, sender, text, timestamp } = message;
  const isDirect = /@(s\.whatsapp\.net|lid)$/.test(chat);
  const phone = others.get(chat) ?? (fromMe ? undefined : sender.phone) ?? chat.replace(/(:\d+)?@.*$/, '');
  const other = isDirect ? phone : chat;
  const own = instance.status.phone ?? '';
  return {
    sessionId: nameOf(instance),
    direction: directionOf(message),
    from: fromMe ? own : other,
    to: fromMe ? other : own,
    text: text ?? '',
    messageTimestamp: iso(timestamp),
  };
}

/** Reads a time in ISO 8601, or in Unix ms. @throws VALIDATION */
function readTime(text: string): number {
  const at = /^\d{10,}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(at)) throw apiError('VALIDATION', 'before: is not a time in ISO 8601');
  return Math.max(0, at);
}

/** Reads how many messages are wanted. @throws VALIDATION */
function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw apiError('VALIDATION', 'limit: must be a whole number from 1 on');
  return Math.min(limit, largestLimit);
}

/** `/api/sessions/:sessionId/messages`. */
export const messageRoutes: DialectRoutes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/api/sessions/:sessionId/messages',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'List messages, the newest first',
        params: SessionParams,
        querystring: Type.Object({
          limit: Type.Optional(Type.String({ description: 'Default 50, at most 200' })),
          direction: Type.Optional(Type.Enum([...directions])),
          before: Type.Optional(Type.String({ description: 'A time: only messages from before it' })),
        }),
        response: { 200: Type.Object({ limit: Type.Integer(), items: Type.Array(Message) }) },
      },
    },
    async (request) => {
      const instance = await withPhone(parts, await findInstance(parts, request, request.params.sessionId));
      const { direction, before } = request.query;
      const limit = request.query.limit === undefined ? usualLimit : readLimit(request.query.limit);
      const messages = await newestMessages(parts, instance.id, {
        limit,
        ...(direction && { direction: direction === 'incoming' ? ('in' as const) : ('out' as const) }),
        ...(before !== undefined && { before: readTime(before) }),
      });
      const chats = [...new Set(messages.map(({ chat }) => chat))];
      const addresses = await addressesOf(redis, instance.id, chats);
      const others = new Map(chats.flatMap((chat, n) => (addresses[n]?.phone ? [[chat, addresses[n].phone]] : [])));
      return { limit, items: messages.map((message) => toMessage(instance, others, message)) };
    },
  );

  app.post(
    '/api/sessions/:sessionId/messages',
    {
      config: { access: 'messages:send' },
      schema: {
        tags,
        summary: 'Send a text',
        description:
          'Answered when WhatsApp has acknowledged it, or after 20 seconds with the status that it has then.',
        params: SessionParams,
        body: Type.Object({ to: Type.Optional(TextOrNumber), message: Type.Optional(TextOrNumber) }),
        response: {
          201: Type.Object({
            messageId: Type.String(),
            status: Type.Enum(['sent', 'pending'], {
              description: '`pending`: WhatsApp had not acknowledged it in time; it still will be sent',
            }),
          }),
        },
      },
    },
    async (request, reply) => {
      const to = neededText(request.body, 'to');
      const text = neededText(request.body, 'message');
      const instance = await findInstance(parts, request, request.params.sessionId);
      // The document refuses what we would keep until the number is connected again.
      if (instance.status.state !== 'open') throw apiError('INSTANCE_NOT_CONNECTED', stateInWords(instance));
      const outcome = await sendAndWait(parts, request, reply, { instance, name: 'send.text', body: { to, text } });
      const isPending = outcome.status === 'queued' || outcome.status === 'sending';
      return reply.code(201).send({ messageId: outcome.messageId, status: isPending ? 'pending' : 'sent' });
    },
  );

  app.delete(
    '/api/sessions/:sessionId/messages',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Delete all messages of the history',
        params: SessionParams,
        response: { 200: Success },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.sessionId);
      await forgetMessages(redis, id, {});
      return { success: true as const };
    },
  );
};
