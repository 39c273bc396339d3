import { Type } from 'typebox';
import { isGroupJid } from '../groups/directory.ts';
import type { Network } from '../network.ts';
import { OutgoingContent, OutgoingContext } from '../people/outgoing-content.ts';
import { OwnPhone } from '../people/own-phone.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { attempt, groupOf } from './group-access.ts';
import { answers, Chat, Phone, PhoneParameter } from './schemas.ts';
import { sent } from './sending.ts';

const tags = ['phone'];
const addressing = Type.Optional(Type.Union([Type.Literal('pn'), Type.Literal('lid')]));

/** What the owner of a linked account does with the phone itself. */
export function ownPhoneRoutes(app: Admin, network: Network): void {
  const phoneOf = (number: string) => {
    const account = accountOf(network, number);
    account.ownPhone ??= new OwnPhone(account, network);
    return account.ownPhone;
  };
  app.post(
    '/accounts/:phone/phone/send',
    {
      schema: {
        summary: "Write with the account's own phone",
        description:
          'The linked devices see a copy, as sent by themselves. Also edits and deletes what the account sent before, on whatever device.',
        tags,
        params: PhoneParameter,
        body: Type.Object({
          to: Chat,
          id: Type.Optional(Type.String({ minLength: 1 })),
          ...OutgoingContext,
          addressing,
          content: OutgoingContent,
        }),
        response: answers(Type.Object({ id: Type.Optional(Type.String()), ids: Type.Array(Type.String()) })),
      },
    },
    ({ params, body: { to, addressing, ...content } }) =>
      attempt(async () => {
        const chat = isGroupJid(to) ? groupOf(network, to) : accountOf(network, to);
        const ids = await sent(phoneOf(params.phone).chatWith(chat, addressing), content);
        return { id: ids[0], ids };
      }),
  );
  app.post(
    '/accounts/:phone/phone/read',
    {
      schema: {
        summary: "Read messages on the account's own phone",
        description: 'Their sender is told, and the linked devices are.',
        tags,
        params: PhoneParameter,
        body: Type.Object({
          from: Phone,
          ids: Type.Array(Type.String(), { minItems: 1 }),
          addressing,
        }),
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    ({ params, body }) => {
      phoneOf(params.phone).read(accountOf(network, body.from), body.ids, body.addressing);
      return { ok: true as const };
    },
  );
}
