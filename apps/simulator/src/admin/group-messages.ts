import { Type } from 'typebox';
import type { Network } from '../network.ts';
import { node } from '../wire/node.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf } from './errors.ts';
import { groupOf } from './group-access.ts';
import { By, GroupParameter } from './group-schemas.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const tags = ['groups'];
const done = answers(Type.Object({ ok: Type.Literal(true) }));
const ok = { ok: true as const };

/** What contacts read and type in groups; they write there as to anybody. */
export function groupMessageRoutes(app: Admin, network: Network): void {
  app.post(
    '/groups/:group/receipts',
    {
      schema: {
        summary: 'Let a contact say that it has, has read or has played messages of an account',
        tags,
        params: GroupParameter,
        body: Type.Object({
          ...By,
          to: Phone,
          ids: Type.Array(Type.String(), { minItems: 1, description: 'several leave as one receipt with a list' }),
          type: Type.Union([Type.Literal('delivery'), Type.Literal('read'), Type.Literal('played')]),
        }),
        response: done,
      },
    },
    ({ params, body: { by, to, ids, type } }) => {
      const kind = type === 'delivery' ? undefined : type;
      contactOf(network, by).groups.sendReceipt(groupOf(network, params.group), accountOf(network, to), ids, kind);
      return ok;
    },
  );
  app.post(
    '/groups/:group/chatstate',
    {
      schema: {
        summary: 'Let a contact type, record or pause',
        tags,
        params: GroupParameter,
        body: Type.Object({
          ...By,
          state: Type.Union([Type.Literal('composing'), Type.Literal('recording'), Type.Literal('paused')]),
        }),
        response: done,
      },
    },
    ({ params, body: { by, state } }) => {
      const shown = state === 'recording' ? node('composing', { media: 'audio' }) : node(state);
      contactOf(network, by).groups.sendChatState(groupOf(network, params.group), shown);
      return ok;
    },
  );
  app.post(
    '/contacts/:phone/forget-sender-keys',
    {
      schema: {
        summary: 'Let a contact lose the sender keys of others',
        description: 'It cannot read what they send to the group, or to any group, and asks for it again.',
        tags,
        params: PhoneParameter,
        body: Type.Optional(Type.Union([Type.Object({ group: Type.Optional(Type.String()) }), Type.Null()])),
        response: done,
      },
    },
    ({ params, body }) => {
      const group = body?.group && groupOf(network, body.group).jid;
      contactOf(network, params.phone).groups.keys.forget(group || undefined);
      return ok;
    },
  );
}
