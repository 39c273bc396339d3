import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { answers, PhoneParameter } from './schemas.ts';

const Size = Type.Object({
  chats: Type.Integer({ minimum: 1, maximum: 10_000 }),
  messages: Type.Integer({ minimum: 0, maximum: 200_000, description: 'in all chats together' }),
  chunk: Type.Integer({ minimum: 1, description: 'messages in one notification' }),
  older: Type.Integer({ minimum: 0, description: 'messages of each chat that come only on demand' }),
  full: Type.Boolean({ description: 'the older half comes as full history, which clients by default leave out' }),
  pictures: Type.Integer({ minimum: 0, maximum: 1_000, description: 'chats whose newest message is a picture' }),
});
const HistoryView = Type.Object({
  ...Size.properties,
  notifications: Type.Integer({ description: 'how many it takes, the list of push names included' }),
});

/** The past of accounts, as far as clients are told of it. */
export function historyRoutes(app: Admin, network: Network): void {
  app.put(
    '/accounts/:phone/history',
    {
      schema: {
        summary: 'Give an account a past, which devices are told that are linked from now on',
        description:
          'The account is created if there is none. Chats are with people whose numbers begin with 5521900000000; chat and message are in the text.',
        tags: ['accounts'],
        params: PhoneParameter,
        body: Type.Intersect([
          Type.Pick(Size, ['chats', 'messages']),
          Type.Partial(Type.Omit(Size, ['chats', 'messages'])),
        ]),
        response: answers(HistoryView),
      },
    },
    async ({ params, body: { chats, messages, chunk = 500, older = 50, full = false, pictures = 0 } }) => {
      const account = network.ensureAccount(params.phone);
      const plan = await network.histories.plan(account, { chats, messages, chunk, older, full, pictures });
      return { ...plan.size, notifications: plan.parts.length + 2 };
    },
  );
  app.get(
    '/accounts/:phone/history/requests',
    {
      schema: {
        summary: 'List the requests of clients for older messages',
        tags: ['accounts'],
        params: PhoneParameter,
        response: answers(
          Type.Array(
            Type.Object({
              device: Type.String({ description: 'phone:device' }),
              chat: Type.String(),
              wanted: Type.Integer(),
              sent: Type.Integer(),
              at: Type.Number(),
            }),
          ),
        ),
      },
    },
    ({ params }) => {
      const { phone } = accountOf(network, params.phone);
      return network.histories.requests.filter(({ device }) => device.split(':')[0] === phone);
    },
  );
}
