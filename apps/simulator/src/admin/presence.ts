import { Type } from 'typebox';
import type { Network } from '../network.ts';
import { isOnline, showPresence } from '../presence.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf } from './errors.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const done = answers(Type.Object({ ok: Type.Literal(true) }));
const tags = ['contacts'];

const Presence = Type.Object({
  phone: Type.String(),
  online: Type.Boolean(),
  lastSeenAt: Type.Integer({ description: 'Unix seconds' }),
  chatState: Type.Optional(
    Type.Object(
      { chat: Type.String(), state: Type.String(), at: Type.Number({ description: 'Unix milliseconds' }) },
      { description: 'the last one that the contact was shown' },
    ),
  ),
});

/** Who is online, who types: both ways. */
export function presenceRoutes(app: Admin, network: Network): void {
  app.post(
    '/contacts/:phone/presence',
    {
      schema: {
        summary: 'Let a contact come online or go offline',
        description: 'Shown to the devices that subscribed to it.',
        tags,
        params: PhoneParameter,
        body: Type.Object({
          available: Type.Boolean(),
          lastSeenAt: Type.Optional(Type.Integer({ description: 'Unix seconds; now if it has just gone' })),
          hidesLastSeen: Type.Optional(Type.Boolean()),
        }),
        response: done,
      },
    },
    ({ params, body }) => {
      const contact = contactOf(network, params.phone);
      const { account } = contact;
      if (body.hidesLastSeen !== undefined) account.privacy.set('last', body.hidesLastSeen ? 'none' : 'all');
      if (contact.available && !body.available) account.lastSeenAt = Math.floor(Date.now() / 1000);
      if (body.lastSeenAt !== undefined) account.lastSeenAt = body.lastSeenAt;
      contact.available = body.available;
      showPresence(account);
      return { ok: true as const };
    },
  );
  app.post(
    '/contacts/:phone/chatstate',
    {
      schema: {
        summary: 'Let a contact type, record or pause',
        tags,
        params: PhoneParameter,
        body: Type.Object({
          to: Phone,
          state: Type.Union([Type.Literal('composing'), Type.Literal('recording'), Type.Literal('paused')]),
        }),
        response: done,
      },
    },
    ({ params, body }) => {
      contactOf(network, params.phone).sendChatState(accountOf(network, body.to), body.state);
      return { ok: true as const };
    },
  );
  app.get(
    '/contacts/:phone/presences',
    {
      schema: {
        summary: 'What the linked accounts show a contact: online, typing',
        tags,
        params: PhoneParameter,
        response: answers(Type.Array(Presence)),
      },
    },
    ({ params }) => {
      const { chatStates } = contactOf(network, params.phone);
      return [...network.accounts]
        .filter(({ devices }) => devices.size > 0)
        .map((account) => ({
          phone: account.phone,
          online: isOnline(account),
          lastSeenAt: account.lastSeenAt,
          chatState: chatStates.findLast(({ from }) => from === account.phone),
        }));
    },
  );
}
