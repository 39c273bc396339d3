import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { answers, PhoneParameter } from './schemas.ts';

const Seconds = Type.Integer({ minimum: 0, description: 'Unix seconds' });

const Timelock = Type.Object({
  active: Type.Boolean(),
  ends: Type.Integer({ minimum: 0, description: 'Unix seconds; 0 is never' }),
  type: Type.String({ description: 'such as BIZ_QUALITY; DEFAULT is none' }),
});
const Cap = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  used: Type.Integer({ minimum: 0 }),
  cycleStart: Seconds,
  cycleEnd: Seconds,
  status: Type.Union([
    Type.Literal('NONE'),
    Type.Literal('FIRST_WARNING'),
    Type.Literal('SECOND_WARNING'),
    Type.Literal('CAPPED'),
  ]),
});

/** What the service restricts accounts to. */
export function restrictionRoutes(app: Admin, network: Network): void {
  app.put(
    '/accounts/:phone/reachout-timelock',
    {
      schema: {
        summary: 'Restrict an account to people who know it, or lift that',
        description:
          'Its devices are told. While it holds, messages to who has neither written to the account nor given it a privacy token are refused with 463.',
        tags: ['accounts'],
        params: PhoneParameter,
        body: Type.Intersect([Type.Pick(Timelock, ['active']), Type.Partial(Type.Omit(Timelock, ['active']))]),
        response: answers(Timelock),
      },
    },
    ({ params, body: { active, ends = 0, type = active ? 'BIZ_QUALITY' : 'DEFAULT' } }) => {
      const { restrictions } = accountOf(network, params.phone);
      restrictions.lock({ active, ends, type });
      return restrictions.timelock;
    },
  );
  app.put(
    '/accounts/:phone/new-chat-cap',
    {
      schema: {
        summary: 'Say how many new chats an account may open',
        description: 'Its devices are told. The number is only shown, not enforced.',
        tags: ['accounts'],
        params: PhoneParameter,
        body: Type.Partial(Cap),
        response: answers(Cap),
      },
    },
    ({ params, body }) => {
      const { restrictions } = accountOf(network, params.phone);
      restrictions.cap({ ...restrictions.newChatCap, ...body });
      return restrictions.newChatCap;
    },
  );
}
