import type { FastifyInstance, HTTPMethods } from 'fastify';
import { describe, expect } from 'vitest';
import { asWorker, clientOf, gatewayTest, newTenant, operatorKey } from './gateway.ts';

interface Operation {
  method: HTTPMethods;
  path: string;
  /** A body that the route takes. */
  body: unknown;
}

/** Bodies that routes take, by operation; every other one takes none. */
const bodies: Record<string, unknown> = {
  createTenant: { name: 'x' },
  createApiKey: {},
  createInstance: { name: 'x' },
  updateInstance: { name: 'stolen' },
  requestPairingCode: { phone: '+1 415 555 0123' },
  sendText: { to: '+1 415 555 0123', text: 'x' },
  createWebhook: { url: 'https://example.com/' },
  updateWebhook: { enabled: false },
};

/** Every operation that the API documents. */
function operations(app: FastifyInstance): Operation[] {
  const { paths = {} } = app.swagger() as { paths?: Record<string, Record<string, { operationId?: string }>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId = '' }]) => ({
      method: method.toUpperCase() as HTTPMethods,
      path,
      body: bodies[operationId],
    })),
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
    const { body: message } = await victim.send('POST', `/v1/instances/${instance}/messages/text`, bodies.sendText);
    const webhook = (await victim.send('POST', '/v1/webhooks', { url: 'https://example.com/secret' })).body.id;
    const values: Record<string, string> = {
      instance,
      message: message.messageId,
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
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `no value for ${name}`);
      const answer = await thief.send(method, url, body);
      const where = `${method} ${path}`;
      expect([where, answer.status]).toEqual([where, path.startsWith('/v1/tenants') ? 403 : 404]);
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
    for (const { method, path, body } of operations(app).filter(({ path }) => path.startsWith('/v1'))) {
      const url = path.replace(/\{\w+\}/g, 'x');
      const where = `${method} ${path}`;
      expect([where, (await nobody(method, url, body)).status]).toEqual([where, 401]);
      if (method === 'GET') expect([where, (await nobody('HEAD', url)).status]).toEqual([where, 401]);
      if (!path.includes('/messages/text'))
        expect([where, (await powerless.send(method, url, body)).status]).toEqual([where, 403]);
      if (method !== 'GET') expect([where, (await readers.send(method, url, body)).status]).toEqual([where, 403]);
      if (!path.startsWith('/v1/tenants'))
        expect([where, (await operator(method, url, body)).status]).toEqual([where, 403]);
    }
  });
});
