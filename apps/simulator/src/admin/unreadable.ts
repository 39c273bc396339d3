import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf } from './errors.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const tags = ['contacts'];
const Count = Type.Integer({ minimum: 1, maximum: 10_000 });

/** Messages that cannot be read, and people who ask for messages again and again. */
export function unreadableRoutes(app: Admin, network: Network): void {
  app.post(
    '/contacts/:phone/send-unreadable',
    {
      schema: {
        summary: 'Let a contact send messages that no key fits',
        description: 'Each device asks for them again, and nobody answers.',
        tags,
        params: PhoneParameter,
        body: Type.Object({ to: Phone, count: Count }),
        response: answers(Type.Object({ ids: Type.Array(Type.String()) })),
      },
    },
    ({ params, body }) => ({
      ids: contactOf(network, params.phone).sendUnreadable(accountOf(network, body.to), body.count),
    }),
  );
  app.post(
    '/contacts/:phone/ask-again',
    {
      schema: {
        summary: 'Let a contact ask for a message again, as if it could not read it',
        tags,
        params: PhoneParameter,
        body: Type.Object({ to: Phone, id: Type.String(), times: Type.Optional(Count) }),
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    ({ params, body }) => {
      contactOf(network, params.phone).askAgain(accountOf(network, body.to), body.id, body.times ?? 1);
      return { ok: true as const };
    },
  );
}
