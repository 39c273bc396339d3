import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { MessageNotFound } from './errors.ts';
import { answers } from './schemas.ts';

const MessageView = Type.Object({
  id: Type.String(),
  account: Type.String(),
  direction: Type.Union([Type.Literal('out'), Type.Literal('in')]),
  from: Type.String(),
  to: Type.String(),
  order: Type.Integer({ description: "place among the account's messages of this direction, from 1" }),
  at: Type.Number({ description: 'Unix milliseconds' }),
  acked: Type.Boolean(),
  nack: Type.Optional(Type.String()),
  delivered: Type.Array(Type.String(), { description: 'who has it for certain: phone or phone:device' }),
  receipts: Type.Record(Type.String(), Type.Integer()),
  resubmissions: Type.Integer({ description: 'submitted again although nobody had asked' }),
  resends: Type.Integer({ description: 'sent again because somebody had asked' }),
});

const Counts = Type.Record(Type.String(), Type.Integer());

const CountersView = Type.Object({
  links: Type.Integer(),
  logins: Type.Integer(),
  loginsFailed: Counts,
  conflicts: Type.Integer({ description: 'logins that pushed an older connection of the device out' }),
  overlaps: Type.Integer({ description: 'pairs of connections of one device that both sent after the second login' }),
  overlapFrames: Type.Integer(),
  streamErrorsSent: Counts,
  unknownStanzas: Counts,
  nacksFromClients: Counts,
  nacksToClients: Counts,
  messagesAccepted: Type.Integer(),
  resubmissions: Type.Integer(),
  messagesToClients: Type.Integer(),
  retryReceiptsFromClients: Type.Integer(),
  retryReceiptsToClients: Type.Integer(),
  undecryptable: Type.Integer({ description: 'decryptions that failed at contacts' }),
  secondDecryptions: Type.Integer({ description: 'messages that contacts decrypted although they had shown them' }),
  malformedFrames: Type.Integer(),
  sockets: Type.Integer({ description: 'open connections' }),
  connected: Type.Integer({ description: 'connections that are logged in' }),
  queued: Type.Integer({ description: 'stanzas that devices have not confirmed' }),
  queues: Counts,
});

/** What the simulator saw. */
export function ledgerRoutes(app: Admin, network: Network): void {
  app.get(
    '/messages',
    {
      schema: {
        summary: 'List the messages',
        tags: ['ground truth'],
        querystring: Type.Object({
          account: Type.Optional(Type.String()),
          direction: Type.Optional(Type.Union([Type.Literal('out'), Type.Literal('in')])),
        }),
        response: answers(Type.Array(MessageView)),
      },
    },
    ({ query }) => network.ledger.list(query),
  );
  app.get(
    '/messages/:id',
    {
      schema: {
        summary: 'Show what is known of a message id',
        description: 'Two records if both sides are linked accounts.',
        tags: ['ground truth'],
        params: Type.Object({ id: Type.String() }),
        response: answers(Type.Array(MessageView)),
      },
    },
    ({ params }) => {
      const found = network.ledger.byId(params.id);
      if (found.length === 0) throw new MessageNotFound(params.id);
      return found;
    },
  );
  app.get(
    '/counters',
    {
      schema: {
        summary: 'Count what happened since the start or the last reset',
        tags: ['ground truth'],
        response: answers(CountersView),
      },
    },
    () => {
      const queues: Record<string, number> = {};
      let queued = 0;
      for (const account of network.accounts) {
        for (const { name, queue } of account.devices.values()) {
          if (queue.size > 0) queues[name] = queue.size;
          queued += queue.size;
        }
      }
      const connected = network.connected().length;
      return { ...network.counters.values, sockets: network.streams.size, connected, queued, queues };
    },
  );
  app.post(
    '/reset',
    {
      schema: {
        summary: 'Forget everything but the keys',
        description: 'Cuts all connections; the credentials of all devices become worthless.',
        tags: ['ground truth'],
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    () => {
      network.reset();
      return { ok: true as const };
    },
  );
}
