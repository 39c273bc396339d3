import { fleetKeys, sha256 } from '@flotilla/contracts';
import { describe, expect } from 'vitest';
import { clientOf, gatewayTest, newTenant, operatorKey } from './gateway.ts';

describe('tenants and keys', () => {
  gatewayTest(
    'a tenant is created, shown, listed and deleted with everything it has',
    async ({ app, operator, redis }) => {
      const { tenant, send } = await newTenant(app);
      const instance = (await send('POST', '/v1/instances', { name: 'one' })).body.id;
      await send('POST', '/v1/webhooks', { url: 'https://example.com/hook' });
      expect((await operator('GET', `/v1/tenants/${tenant}`)).body).toMatchObject({ id: tenant, name: 'Acme' });
      expect((await operator('GET', '/v1/tenants')).body.items.map(({ id }: { id: string }) => id)).toContain(tenant);

      expect((await operator('DELETE', `/v1/tenants/${tenant}`)).status).toBe(204);

      expect((await operator('GET', `/v1/tenants/${tenant}`)).body.code).toBe('TENANT_NOT_FOUND');
      expect((await operator('GET', '/v1/tenants')).body.items).toEqual([]);
      expect((await send('GET', '/v1/instances')).body.code).toBe('KEY_INVALID');
      const left = await redis.hgetall(`fl:{${instance}}:record`);
      expect(left).toHaveProperty('removedAt');
      const jobs = await redis.keys(`fl:{${instance}}:control:wait`);
      expect(jobs).toHaveLength(1);
      expect(await redis.keys(`fl:{t:${tenant}}*`)).toEqual([]);
    },
  );

  gatewayTest('lists are paged, also where many were created in the same moment', async ({ operator, redis }) => {
    const ids = Array.from({ length: 12 }, (_, n) => `ten_${String(n).padStart(2, '0')}`);
    for (const [n, id] of ids.entries()) {
      await redis.hset(`fl:{t:${id}}:record`, { name: id, createdAt: 1_000 + Math.floor(n / 6) });
      await redis.zadd(fleetKeys.tenants, 1_000 + Math.floor(n / 6), id);
    }
    const seen: string[] = [];
    let path = '/v1/tenants?limit=5';
    for (let page = 0; page < 4 && path; page += 1) {
      const { body } = await operator('GET', path);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      // What comes and goes meanwhile neither shifts nor repeats anything.
      if (page === 0) {
        await redis.zrem(fleetKeys.tenants, 'ten_04');
        await redis.zadd(fleetKeys.tenants, 999, 'ten_before');
      }
      path = body.nextCursor ? `/v1/tenants?limit=5&cursor=${body.nextCursor}` : '';
    }
    expect(seen).toEqual(ids);
    expect(path).toBe('');
  });

  gatewayTest('a cursor that no list has returned is refused', async ({ operator, send }) => {
    for (const cursor of [
      'x',
      'W10',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('null').toString('base64url'),
    ]) {
      expect((await operator('GET', `/v1/tenants?cursor=${cursor}`)).body.code).toBe('BAD_CURSOR');
      expect((await send('GET', `/v1/instances?cursor=${cursor}`)).body.code).toBe('BAD_CURSOR');
      expect((await send('GET', `/v1/webhooks?cursor=${cursor}`)).body.code).toBe('BAD_CURSOR');
      expect((await send('GET', `/v1/dead-letters?cursor=${cursor}`)).body.code).toBe('BAD_CURSOR');
    }
  });

  gatewayTest(
    'a key is shown once, stored hashed, and works in each of the headers',
    async ({ app, operator, redis }) => {
      const { tenant, key, keyId } = await newTenant(app);
      const listed = await operator('GET', `/v1/tenants/${tenant}/keys`);
      expect(listed.body.items).toEqual([expect.objectContaining({ id: keyId, name: '' })]);
      expect(listed.text).not.toContain(key);
      expect(listed.text).not.toContain(sha256(key));
      for (const found of await redis.keys('*')) expect(found).not.toContain(key);

      const anyone = clientOf(app);
      for (const headers of [
        { authorization: `Bearer ${key}` },
        { authorization: `bearer ${key}` },
        { 'x-api-key': key },
        { apikey: key },
      ] as Record<string, string>[])
        expect((await anyone('GET', '/v1/instances', undefined, headers)).status).toBe(200);
    },
  );

  gatewayTest('a missing, unknown, revoked or expired key is refused', async ({ app, operator, redis }) => {
    const { tenant, keyId, send } = await newTenant(app);
    const anyone = clientOf(app);
    const missing = await anyone('GET', '/v1/instances');
    expect(missing).toMatchObject({
      status: 401,
      body: { statusCode: 401, code: 'KEY_MISSING', error: 'Unauthorized' },
    });
    expect(missing.headers['www-authenticate']).toBe('Bearer');
    expect((await clientOf(app, 'flk_wrong')('GET', '/v1/instances')).body.code).toBe('KEY_INVALID');
    expect((await clientOf(app, `${operatorKey}x`)('GET', '/v1/tenants')).body.code).toBe('KEY_INVALID');

    expect((await send('GET', '/v1/instances')).status).toBe(200);
    expect((await operator('DELETE', `/v1/tenants/${tenant}/keys/${keyId}`)).status).toBe(204);
    expect((await send('GET', '/v1/instances')).body.code).toBe('KEY_INVALID');
    expect((await operator('DELETE', `/v1/tenants/${tenant}/keys/${keyId}`)).body.code).toBe('API_KEY_NOT_FOUND');

    const past = await operator('POST', `/v1/tenants/${tenant}/keys`, { expiresAt: 1 });
    expect(past.body).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('body/expiresAt') });
    const expiring = await operator('POST', `/v1/tenants/${tenant}/keys`, { expiresAt: Date.now() + 3_600_000 });
    const client = clientOf(app, expiring.body.key);
    expect((await client('GET', '/v1/instances')).status).toBe(200);
    // An hour passes.
    const stored = JSON.parse((await redis.hget(`fl:{t:${tenant}}:keys`, expiring.body.id)) ?? '');
    await redis.hset(
      `fl:{t:${tenant}}:keys`,
      expiring.body.id,
      JSON.stringify({ ...stored, expiresAt: Date.now() - 1 }),
    );
    expect((await client('GET', '/v1/instances')).body.code).toBe('KEY_INVALID');
  });

  gatewayTest(
    'a key may do what its scopes say, and the operator key does not act as a tenant',
    async ({ app, operator }) => {
      const { tenant, send } = await newTenant(app, ['instances:read']);
      expect((await send('GET', '/v1/instances')).status).toBe(200);
      expect((await send('POST', '/v1/instances', { name: 'x' })).body).toMatchObject({
        statusCode: 403,
        code: 'SCOPE_MISSING',
        message: expect.stringContaining('instances:write'),
      });
      expect((await send('GET', '/v1/tenants')).body.code).toBe('OPERATOR_ONLY');
      expect((await send('GET', `/v1/tenants/${tenant}/keys`)).body.code).toBe('OPERATOR_ONLY');
      expect((await operator('GET', '/v1/instances')).body.code).toBe('TENANT_KEY_NEEDED');
      const unknownScope = await operator('POST', `/v1/tenants/${tenant}/keys`, { scopes: ['everything'] });
      expect(unknownScope.body).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining('body/scopes/0'),
      });
    },
  );
});
