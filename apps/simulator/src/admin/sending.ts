import { setTimeout as pause } from 'node:timers/promises';
import createError from '@fastify/error';
import { Type } from 'typebox';
import type { Account } from '../account.ts';
import { isGroupJid } from '../groups/directory.ts';
import type { Network } from '../network.ts';
import { ImpossibleContent, UnknownMessage } from '../people/author.ts';
import { OutgoingContent, OutgoingContext } from '../people/outgoing-content.ts';
import { type OwnChat, sendContent } from '../people/send-content.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf, MessageNotFound } from './errors.ts';
import { attempt, groupOf } from './group-access.ts';
import { answers, Chat, Phone, PhoneParameter } from './schemas.ts';

const NotLinked = createError('NOT_LINKED', 'The account %s has no linked device to send to', 409);
const Impossible = createError('IMPOSSIBLE_CONTENT', 'That cannot be sent: %s', 400);

const To = { to: Chat };
const OptionalId = { id: Type.Optional(Type.String({ minLength: 1 })) };
const addressing = Type.Optional(
  Type.Union([Type.Literal('pn'), Type.Literal('lid')], { description: 'how it addresses this message' }),
);

/** Sends texts in order, one each so many ms, however long one takes to leave. Gives when each left (Unix ms). */
async function sendPaced(texts: readonly string[], everyMs = 0, send: (text: string) => Promise<string>) {
  const began = performance.now();
  const sends: Promise<{ id: string; leftAt: number }>[] = [];
  for (const [n, text] of texts.entries()) {
    const early = began + n * everyMs - performance.now();
    if (everyMs > 0 && early > 0) await pause(early);
    sends.push(send(text).then((id) => ({ id, leftAt: Date.now() })));
  }
  return Promise.all(sends);
}

/** Lets simulated people write. */
export function sendingRoutes(app: Admin, network: Network): void {
  app.post(
    '/contacts/:phone/send',
    {
      schema: {
        summary: 'Let a contact write to a linked account or to a group',
        description:
          'One `text`, many `texts` that are sent in order, or `content` of any kind. Answers when they are on their way; ' +
          'of `texts` also when each has left (Unix ms). With `everyMs` one leaves each so many ms.',
        tags: ['contacts'],
        params: PhoneParameter,
        body: Type.Union([
          Type.Object({ ...To, ...OptionalId, ...OutgoingContext, addressing, content: OutgoingContent }),
          Type.Object({ ...To, ...OptionalId, text: Type.String() }),
          Type.Object({
            ...To,
            texts: Type.Array(Type.String(), { maxItems: 10_000 }),
            everyMs: Type.Optional(Type.Number({ minimum: 0 })),
          }),
        ]),
        response: answers(
          Type.Object({
            id: Type.Optional(Type.String()),
            ids: Type.Array(Type.String()),
            leftAt: Type.Optional(Type.Array(Type.Number())),
          }),
        ),
      },
    },
    ({ params, body }) =>
      attempt(async () => {
        const contact = contactOf(network, params.phone);
        const to = isGroupJid(body.to) ? groupOf(network, body.to) : linkedAccount(network, body.to);
        if ('content' in body) {
          const ids = await sent(contact.chatWith(to, body.addressing), body);
          return { id: ids[0], ids };
        }
        if ('text' in body) {
          const id = await contact.sendText(to, body.text, body.id);
          return { id, ids: [id] };
        }
        const left = await sendPaced(body.texts, body.everyMs, (text) => contact.sendText(to, text));
        return { id: left[0]?.id, ids: left.map(({ id }) => id), leftAt: left.map(({ leftAt }) => leftAt) };
      }),
  );
  app.post(
    '/contacts/:phone/status',
    {
      schema: {
        summary: 'Let a contact post to its status',
        tags: ['contacts'],
        params: PhoneParameter,
        body: Type.Object({
          ...OptionalId,
          ...OutgoingContext,
          audience: Type.Optional(Type.Array(Phone, { description: 'all linked accounts, if left out' })),
          content: OutgoingContent,
        }),
        response: answers(Type.Object({ id: Type.Optional(Type.String()), ids: Type.Array(Type.String()) })),
      },
    },
    async ({ params, body: { audience, ...content } }) => {
      const contact = contactOf(network, params.phone);
      const ids = await sent(contact.statusFor(audienceOf(network, audience)), content);
      return { id: ids[0], ids };
    },
  );
}

function linkedAccount(network: Network, phone: string): Account {
  const account = accountOf(network, phone);
  if (account.devices.size === 0) throw new NotLinked(phone);
  return account;
}

function audienceOf(network: Network, phones: string[] | undefined): Account[] {
  if (phones) return phones.map((phone) => accountOf(network, phone));
  return [...network.accounts].filter(({ devices }) => devices.size > 0);
}

/** Sends content; what cannot be sent is the caller's mistake. */
export async function sent(
  chat: OwnChat,
  { content, id, ...context }: { content: OutgoingContent; id?: string } & OutgoingContext,
): Promise<string[]> {
  try {
    return await sendContent(chat, content, context, id);
  } catch (error) {
    if (error instanceof UnknownMessage) throw new MessageNotFound(error.message);
    if (error instanceof ImpossibleContent) throw new Impossible(error.message);
    throw error;
  }
}
