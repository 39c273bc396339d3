import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { ClientStream } from '../wire/stream.ts';
import type { Admin } from './admin.ts';
import { Affected, answers, Milliseconds, Phone } from './schemas.ts';

const Whom = {
  phone: Type.Optional(Phone),
  all: Type.Optional(Type.Boolean({ description: 'the same as no phone: everybody' })),
};
const HowLong = {
  count: Type.Optional(Type.Integer({ minimum: 1 })),
  ms: Type.Optional(Milliseconds),
};
const Done = Type.Object({ ok: Type.Literal(true) });
const Code = Type.String({ pattern: '^[0-9]{3}$', description: 'three digits' });

/** Faults on demand. Without a phone they concern everybody. */
export function faultRoutes(app: Admin, network: Network): void {
  const hit = (phone: string | undefined, fault: (stream: ClientStream) => void) => {
    const streams = network.connected(phone);
    for (const stream of streams) fault(stream);
    return { affected: streams.length };
  };
  app.post(
    '/faults/drop',
    {
      schema: {
        summary: 'Cut connections without a word',
        tags: ['faults'],
        body: Type.Object(Whom),
        response: answers(Affected),
      },
    },
    ({ body }) => hit(body.phone, (stream) => stream.cut()),
  );
  app.post(
    '/faults/freeze',
    {
      schema: {
        summary: 'Neither read nor answer for a while; the TCP connections stay',
        tags: ['faults'],
        body: Type.Object({ ...Whom, ms: Milliseconds }),
        response: answers(Affected),
      },
    },
    ({ body }) => hit(body.phone, (stream) => stream.freeze(body.ms)),
  );
  app.post(
    '/faults/delay',
    {
      schema: {
        summary: 'Send everything later, also on connections to come',
        description: '0 ends it.',
        tags: ['faults'],
        body: Type.Object({ ...Whom, ms: Milliseconds }),
        response: answers(Affected),
      },
    },
    ({ body }) => {
      network.faults.delay(body.phone, body.ms);
      return hit(body.phone, (stream) => stream.delay(body.ms));
    },
  );
  app.post(
    '/faults/stream-error',
    {
      schema: {
        summary: 'End connections with a stream error',
        description:
          '515 asks for a restart, 503 is a server that has had enough; `conflict` as if another client had logged in.',
        tags: ['faults'],
        body: Type.Object({
          ...Whom,
          code: Type.Union([Code, Type.Literal('conflict'), Type.Integer({ minimum: 100, maximum: 999 })]),
        }),
        response: answers(Affected),
      },
    },
    ({ body }) =>
      hit(body.phone, (stream) =>
        body.code === 'conflict' ? stream.endWith(undefined, 'replaced') : stream.endWith(String(body.code)),
      ),
  );
  app.post(
    '/faults/reject-logins',
    {
      schema: {
        summary: 'Refuse logins',
        description: 'The next `count`, or all for `ms`, or all until the faults are cleared.',
        tags: ['faults'],
        body: Type.Object({
          ...Whom,
          reason: Type.Union([Code, Type.Integer({ minimum: 100, maximum: 999 })]),
          ...HowLong,
          expire: Type.Optional(
            Type.Integer({ minimum: 1, description: 'seconds until WhatsApp takes logins again, as it says with 402' }),
          ),
        }),
        response: answers(Done),
      },
    },
    ({ body: { reason, phone, count, ms, expire } }) => {
      network.faults.rejectLogins(String(reason), { phone, count, ms, expire });
      return { ok: true as const };
    },
  );
  app.post(
    '/faults/ignore-logins',
    {
      schema: {
        summary: 'Shake hands and say nothing more',
        description: 'The next `count` logins, or all for `ms`, or all until the faults are cleared.',
        tags: ['faults'],
        body: Type.Object({ ...Whom, ...HowLong }),
        response: answers(Done),
      },
    },
    ({ body: { phone, count, ms } }) => {
      network.faults.ignoreLogins({ phone, count, ms });
      return { ok: true as const };
    },
  );
  app.post(
    '/faults/oldest-version',
    {
      schema: {
        summary: 'Refuse logins of older web versions with 405',
        tags: ['faults'],
        body: Type.Object({
          version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$', examples: ['2.3000.1043857760'] }),
        }),
        response: answers(Done),
      },
    },
    ({ body: { version } }) => {
      network.faults.oldestVersion = version.split('.').map(Number);
      return { ok: true as const };
    },
  );
  app.post(
    '/faults/drop-acks',
    {
      schema: {
        summary: 'Withhold the acks of the next messages of an account',
        description: 'The messages are accepted and delivered.',
        tags: ['faults'],
        body: Type.Object({ phone: Phone, count: Type.Integer({ minimum: 0 }) }),
        response: answers(Done),
      },
    },
    ({ body }) => {
      network.faults.dropAcks(body.phone, body.count);
      return { ok: true as const };
    },
  );
  app.post(
    '/faults/refuse-messages',
    {
      schema: {
        summary: 'Refuse the next messages of an account with an error code',
        description: '463 is a restricted account, 479 a malformed stanza. The messages are not delivered.',
        tags: ['faults'],
        body: Type.Object({ phone: Phone, code: Code, count: Type.Integer({ minimum: 0 }) }),
        response: answers(Done),
      },
    },
    ({ body }) => {
      network.faults.refuseMessages(body.phone, body.code, body.count);
      return { ok: true as const };
    },
  );
  app.post(
    '/faults/clear',
    {
      schema: {
        summary: 'End all faults',
        tags: ['faults'],
        response: answers(Done),
      },
    },
    () => {
      network.faults.clear();
      network.media.faults.clear();
      for (const stream of network.streams) {
        stream.delay(0);
        stream.thaw();
      }
      return { ok: true as const };
    },
  );
}
