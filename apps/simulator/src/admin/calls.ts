import createError from '@fastify/error';
import { Type } from 'typebox';
import type { Call } from '../calls.ts';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf } from './errors.ts';
import { groupOf } from './group-access.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const CallNotFound = createError('CALL_NOT_FOUND', 'No call has the id %s', 404);

const CallView = Type.Object({
  id: Type.String(),
  from: Type.String(),
  to: Type.String(),
  group: Type.Optional(Type.String({ description: 'JID' })),
  video: Type.Boolean(),
  at: Type.Number({ description: 'Unix milliseconds' }),
  state: Type.Union([Type.Literal('ringing'), Type.Literal('rejected'), Type.Literal('ended'), Type.Literal('missed')]),
  by: Type.Optional(Type.String({ description: 'phone:device that rejected it' })),
});
const CallParameter = Type.Object({ id: Type.String() });

/** Calls that ring at linked accounts. */
export function callRoutes(app: Admin, network: Network): void {
  const callOf = (id: string) => {
    const call = network.calls.find(id);
    if (!call) throw new CallNotFound(id);
    return call;
  };
  app.get(
    '/calls',
    { schema: { summary: 'List the calls', tags: ['calls'], response: answers(Type.Array(CallView)) } },
    () => network.calls.all.map(view),
  );
  app.get(
    '/calls/:id',
    { schema: { summary: 'Show a call', tags: ['calls'], params: CallParameter, response: answers(CallView) } },
    ({ params }) => view(callOf(params.id)),
  );
  app.post(
    '/contacts/:phone/call',
    {
      schema: {
        summary: 'Let a contact call a linked account',
        description: 'It rings until the account rejects it or the caller ends it.',
        tags: ['calls'],
        params: PhoneParameter,
        body: Type.Object({
          to: Phone,
          video: Type.Optional(Type.Boolean()),
          group: Type.Optional(Type.String({ description: 'JID of the group that is called' })),
        }),
        response: answers(CallView),
      },
    },
    ({ params, body: { to, video = false, group } }) => {
      const from = contactOf(network, params.phone).account;
      const called = group === undefined ? undefined : groupOf(network, group);
      return view(network.calls.offer(from, accountOf(network, to), { video, group: called }));
    },
  );
  app.post(
    '/calls/:id/end',
    {
      schema: {
        summary: 'Let the caller hang up, or nobody answer',
        tags: ['calls'],
        params: CallParameter,
        body: Type.Object({ reason: Type.Union([Type.Literal('hangup'), Type.Literal('timeout')]) }),
        response: answers(CallView),
      },
    },
    ({ params, body }) => {
      const call = callOf(params.id);
      network.calls.end(call, body.reason);
      return view(call);
    },
  );
}

function view({ from, to, group, by, ...call }: Call) {
  return { ...call, from: from.phone, to: to.phone, ...(group && { group: group.jid }), ...(by && { by }) };
}
