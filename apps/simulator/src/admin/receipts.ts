import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf } from './errors.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const done = answers(Type.Object({ ok: Type.Literal(true) }));

const Receipt = Type.Object({
  to: Phone,
  ids: Type.Array(Type.String(), { minItems: 1, description: 'several leave as one receipt with a list' }),
  addressing: Type.Optional(Type.Union([Type.Literal('pn'), Type.Literal('lid')])),
  status: Type.Optional(Type.Boolean({ description: 'they are status posts of the account' })),
});

/** Receipts of contacts, on demand. */
export function receiptRoutes(app: Admin, network: Network): void {
  for (const [path, type, what] of [
    ['delivered', 'delivery', 'has received messages'],
    ['read', 'read', 'has read messages'],
    ['played', 'played', 'has played voice notes or media to be seen once'],
  ] as const) {
    app.post(
      `/contacts/:phone/${path}`,
      {
        schema: {
          summary: `Let a contact say that it ${what}`,
          tags: ['contacts'],
          params: PhoneParameter,
          body: Receipt,
          response: done,
        },
      },
      ({ params, body: { to, ids, addressing, status } }) => {
        const contact = contactOf(network, params.phone);
        const account = accountOf(network, to);
        if (status) contact.status.sendReceipt(account, ids, type);
        else contact.sendReceipt(account, ids, type, addressing);
        return { ok: true as const };
      },
    );
  }
}
