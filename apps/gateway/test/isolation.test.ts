import type { FastifyInstance, HTTPMethods } from 'fastify';
import { describe, expect } from 'vitest';
import { asWorker, clientOf, gatewayTest, newTenant, operatorKey } from './gateway.ts';
import { ann, ownHistory, textFromAnn } from './history.ts';

interface Operation {
  method: HTTPMethods;
  path: string;
  /** The scope that a key needs, if it is a route of tenants. */
  scope: string | undefined;
  /** A body that the route takes. */
  body: unknown;
}

interface Described {
  operationId?: string;
  description?: string;
  requestBody?: { content: Record<string, { schema?: Schema }> };
}

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  examples?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  minProperties?: number;
  items?: Schema;
  minItems?: number;
  minLength?: number;
  minimum?: number;
  pattern?: string;
  anyOf?: Schema[];
}

/** Bodies that must look like something in particular; every other one is made from its schema. */
const bodies: Record<string, unknown> = {
  requestPairingCode: { phone: '+1 415 555 0123' },
  createWebhook: { url: 'https://example.com/' },
  updateWebhook: { enabled: false },
};

/** The least that a schema takes. */
function example(schema: Schema, named: Record<string, Schema>): unknown {
  const { $ref, type, enum: choices, examples, properties = {}, required = [], minProperties = 0, anyOf } = schema;
  if ($ref) return example(named[$ref.split('/').at(-1) ?? ''] ?? {}, named);
  if (examples?.length) return examples[0];
  if (choices) return choices[0];
  if (anyOf?.[0]) return example(anyOf[0], named);
  switch (type) {
    case 'object': {
      const wanted = Object.entries(properties).filter(([name]) => required.includes(name));
      const optional = Object.entries(properties).filter(([name]) => !required.includes(name));
      const taken = [...wanted, ...optional.slice(0, Math.max(0, minProperties - wanted.length))];
      return Object.fromEntries(taken.map(([name, part]) => [name, example(part, named)]));
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, (_, n) => {
        const item = example(schema.items ?? {}, named);
        return typeof item === 'string' && n > 0 ? `${item}${n}` : item;
      });
    case 'string':
      return 'x'.repeat(Math.max(1, schema.minLength ?? 0));
    case 'boolean':
      return false;
    default:
      return schema.minimum ?? 1;
  }
}

/** Every operation that the API documents. */
function operations(app: FastifyInstance): Operation[] {
  const { paths, components } = app.swagger() as unknown as {
    paths: Record<string, Record<string, Described>>;
    components: { schemas: Record<string, Schema> };
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId = '', description = '', requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      return {
        method: method.toUpperCase() as HTTPMethods,
        path,
        scope: /`([a-z]+:[a-z]+)`/.exec(description)?.[1],
        body: bodies[operationId] ?? (schema && example(schema, components.schemas)),
      };
    }),
  );
}

describe('isolation', () => {
  gatewayTest('no route shows or changes anything of another tenant', async ({ app, redis }) => {
    const victim = await newTenant(app);
    const instance = (await victim.send('POST', '/v1/instances', { name: 'secret name' })).body.id;
    await asWorker(redis, instance, {
      paired: true,
      status: { state: 'open', since: 1, phone: '14155550199' },
      qr: { text: 'secret', expiresAt: Date.now() + 60_000 },
    });
    const { body: message } = await victim.send('POST', `/v1/instances/${instance}/messages/text`, {
      to: '+1 415 555 0123',
      text: 'x',
    });
    const webhook = (await victim.send('POST', '/v1/webhooks', { url: 'https://example.com/secret' })).body.id;
    const { history, write } = await ownHistory(redis, instance);
    await write(history.append({ message: textFromAnn('m1', Date.now(), { text: 'secret' }) }));
    await write(history.updateContacts([{ jid: ann.jid, name: 'secret' }]));
    const values: Record<string, string> = {
      instance,
      message: message.messageId,
      chat: ann.phone,
      contact: ann.phone,
      address: ann.lid,
      webhook,
      deadLetter: `${webhook}.evt_1`,
      tenant: victim.tenant,
      key: victim.keyId,
    };
    const dump = async () => {
      const keys = (await redis.keys('*')).filter((key) => /ins_|wh_|ten_/.test(key) && !/requests/.test(key)).sort();
      return Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key))?.toString('base64')]));
    };
    const thief = await newTenant(app);
    const before = await dump();

    const named = operations(app).filter(({ path }) => path.includes('{'));
    expect(named.length).toBeGreaterThan(15);
    for (const { method, path, body } of named) {
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '14155550100');
      const answer = await thief.send(method, url, body);
      const where = `${method} ${path}`;
      expect([where, answer.status]).toEqual([where, /^\/(v1\/tenants|media)\b/.test(path) ? 403 : 404]);
      expect(answer.text).not.toMatch(/secret|14155550199/);
    }
    for (const list of ['/v1/instances', '/v1/webhooks', '/v1/dead-letters'])
      expect((await thief.send('GET', list)).body).toEqual({ items: [] });
    expect(await dump()).toEqual(before);
  });

  gatewayTest('an unknown thing and a foreign one are answered alike', async ({ app }) => {
    const owner = await newTenant(app);
    const other = await newTenant(app);
    const { id } = (await owner.send('POST', '/v1/instances', { name: 'x' })).body;
    const foreign = await other.send('GET', `/v1/instances/${id}`);
    const unknown = await other.send('GET', `/v1/instances/${id.slice(0, -4)}0000`);
    expect(foreign.text.replace(id, 'ID')).toBe(unknown.text.replace(`${id.slice(0, -4)}0000`, 'ID'));
  });

  gatewayTest('every route under /v1 needs a key, and one with its scope', async ({ app }) => {
    const nobody = clientOf(app);
    const powerless = await newTenant(app, ['messages:send']);
    const readers = await newTenant(app, ['instances:read', 'webhooks:read']);
    const operator = clientOf(app, operatorKey);
    for (const { method, path, body, scope } of operations(app).filter(({ path }) => path.startsWith('/v1'))) {
      const url = path.replace(/\{\w+\}/g, 'x');
      const where = `${method} ${path}`;
      expect([where, (await nobody(method, url, body)).status]).toEqual([where, 401]);
      // A stream has no head.
      if (method === 'GET' && path !== '/v1/events')
        expect([where, (await nobody('HEAD', url)).status]).toEqual([where, 401]);
      if (scope !== 'messages:send')
        expect([where, (await powerless.send(method, url, body)).status]).toEqual([where, 403]);
      if (!['instances:read', 'webhooks:read'].includes(scope ?? ''))
        expect([where, (await readers.send(method, url, body)).status]).toEqual([where, 403]);
      if (!path.startsWith('/v1/tenants'))
        expect([where, (await operator(method, url, body)).status]).toEqual([where, 403]);
    }
  });
});
