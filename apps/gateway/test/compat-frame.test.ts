import { request } from 'node:http';
import { freePort } from '@flotilla/fleet';
import { ConfigError } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import { describe, expect, it } from 'vitest';
import { readBindings } from '../src/compat/bindings.ts';
import { spokenDialects } from '../src/compat/dialects.ts';
import { clientOf, gatewayTest, newTenant, openGateway, operatorKey } from './gateway.ts';

const tenant = 'ten_0123456789abcdefghjk';

describe('dialects', () => {
  gatewayTest('take the key in each of the headers of the API, and nothing else', async ({ app, tenant }) => {
    const bare = clientOf(app);
    for (const headers of [
      { authorization: `Bearer ${tenant.key}` },
      { 'x-api-key': tenant.key },
      { apikey: tenant.key },
    ] as Record<string, string>[])
      expect((await bare('GET', '/compat/luna/instances', undefined, headers)).status).toBe(200);
    expect(await bare('GET', '/compat/luna/instances')).toMatchObject({ status: 401, body: { code: 'KEY_MISSING' } });
    const wrong = await bare('GET', '/compat/luna/instances', undefined, { apikey: 'nonsense' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'KEY_INVALID' } });
    expect((await clientOf(app, operatorKey)('GET', '/compat/luna/instances')).status).toBe(403);
  });

  gatewayTest('ask for the scope that the same thing needs in the API', async ({ app }) => {
    const { send } = await newTenant(app, ['instances:read']);
    expect((await send('GET', '/compat/luna/instances')).status).toBe(200);
    expect(await send('POST', '/compat/luna/instances', { name: 'shop' })).toMatchObject({
      status: 403,
      body: { code: 'SCOPE_MISSING' },
    });
    expect((await send('GET', '/compat/luna/webhook')).status).toBe(403);
  });

  gatewayTest('are switched on and off for each tenant', async ({ app, operator, tenant }) => {
    const path = `/v1/tenants/${tenant.tenant}`;
    const all = (await operator('GET', path)).body.dialects;
    expect(all).toEqual(expect.arrayContaining(['luna', 'multi-instance', 'sessions', 'qr-service', 'wwebjs']));

    const changed = await operator('PATCH', path, { dialects: ['multi-instance'] });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Acme', dialects: ['multi-instance'] } });
    expect(await tenant.send('GET', '/compat/luna/instances')).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining('luna') },
    });
    expect((await tenant.send('GET', '/compat/multi-instance/instances')).status).toBe(200);
    // Another tenant is not concerned.
    expect((await (await newTenant(app)).send('GET', '/compat/luna/instances')).status).toBe(200);

    await operator('PATCH', path, { dialects: [] });
    expect((await tenant.send('GET', '/compat/multi-instance/instances')).status).toBe(404);
    expect(await operator('PATCH', path, { dialects: ['latin'] })).toMatchObject({ status: 400 });
    expect((await tenant.send('GET', '/v1/instances')).status).toBe(200);
  });

  gatewayTest('describe themselves, each at its own URL, and the API says nothing of them', async ({ app }) => {
    for (const { name } of spokenDialects) {
      const { status, body } = await clientOf(app)('GET', `/compat/${name}/openapi.json`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: `/compat/${name}` }] });
      const paths = Object.keys(body.paths);
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) expect(path).not.toMatch(/^\/(v1|compat|openapi)/);
      for (const methods of Object.values<Record<string, { summary: string }>>(body.paths))
        for (const { summary } of Object.values(methods)) expect(summary).toBeTruthy();
    }
    const native = (await clientOf(app)('GET', '/openapi.json')).body;
    expect(Object.keys(native.paths).filter((path) => path.includes('compat'))).toEqual([]);
  });

  gatewayTest('answer what they do not have in their own words', async ({ send }) => {
    for (const path of ['/compat/luna/nothing', '/compat/luna/v1/instances'])
      expect((await send('GET', path)).body).toEqual({ code: 'ROUTE_NOT_FOUND', error: expect.any(String) });
    for (const name of ['%zz', 'x'.repeat(300)])
      expect(Object.keys((await send('GET', `/compat/luna/instances/${name}`)).body)).toEqual(['error', 'code']);
    expect((await send('GET', '/compat/nobody/instances')).body).toMatchObject({ statusCode: 404 });
  });

  gatewayTest('never show or touch what belongs to another tenant', async ({ app, send }) => {
    await send('POST', '/compat/luna/instances', { name: 'shop' });
    const other = await newTenant(app);
    expect((await other.send('GET', '/compat/luna/instances')).body).toEqual([]);
    for (const [method, path, body] of [
      ['GET', '/instances/shop', undefined],
      ['DELETE', '/instances/shop', undefined],
      ['POST', '/messages/text', { instance: 'shop', number: '5511999999999', text: 'x' }],
    ] as const)
      expect((await other.send(method, `/compat/luna${path}`, body)).status).toBe(404);
    // The name is free for everybody.
    expect((await other.send('POST', '/compat/luna/instances', { name: 'shop' })).status).toBe(201);
    expect((await send('GET', '/compat/luna/instances')).body).toHaveLength(1);
  });
});

describe('COMPAT_BINDINGS', () => {
  const checkUrl = (url: string) => (url.includes('//10.') ? 'points inside' : undefined);
  const read = (text: string) => readBindings(text, { dialects: spokenDialects, ownPort: 8080, checkUrl });

  it('is a list of ports, each with what the variables of the old service are', () => {
    expect(read('')).toEqual([]);
    expect(read(`luna=3001:${tenant}`)).toEqual([{ dialect: 'luna', port: 3001, tenant, variables: {} }]);
    const [luna, multi] = read(
      `luna=3001:${tenant} API_KEY=s3cret WEBHOOK_URL=https://example.com/a,b?c=1, multi-instance=5000:${tenant},`,
    );
    expect(luna?.variables).toEqual({ API_KEY: 's3cret', WEBHOOK_URL: 'https://example.com/a,b?c=1' });
    expect(multi).toMatchObject({ dialect: 'multi-instance', port: 5000 });
    expect(read(`luna=3001:${tenant}\nluna=3002:${tenant}\n`)).toHaveLength(2);
  });

  it.each([
    ['luna', 'is not understood'],
    [`luna=x:${tenant}`, 'is not understood'],
    ['luna=3001:acme', 'is not understood'],
    [`latin=3001:${tenant}`, 'names no dialect: there are luna'],
    [`luna=0:${tenant}`, 'a port that is none'],
    [`luna=70000:${tenant}`, 'a port that is none'],
    [`luna=8080:${tenant}`, 'taken: 8080'],
    [`luna=3001:${tenant},multi-instance=3001:${tenant}`, 'entry 2 has a port that is taken'],
    [`luna=3001:${tenant} BACKEND_URL=http://x`, 'it knows API_KEY, WEBHOOK_URL'],
    [`luna=3001:${tenant} hunter2`, 'has a setting'],
    [`luna=3001:${tenant} WEBHOOK_URL=http://10.0.0.7/hunter2`, 'has a WEBHOOK_URL that points inside, or allow it by'],
  ])('that is wrong is refused in one sentence: %s', (text, reason) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(reason);
    expect(() => read(text)).not.toThrow('hunter2');
  });
});

/** The status that a path is answered with, sent just as it is. */
const statusOfRaw = (port: number, path: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = request({ port, path, host: '127.0.0.1' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });

describe('a port that is bound to a tenant', () => {
  redisTest('speaks one dialect at / without a key, for that tenant alone', async ({ url, onTestFinished }) => {
    const first = await openGateway(url);
    const { tenant: id } = await newTenant(first.app);
    const other = await newTenant(first.app);
    await first.close();

    const [open, keyed, nobody] = [await freePort(), await freePort(), await freePort()];
    const webhook = 'https://example.com/luna';
    const { app, close } = await openGateway(url, {
      COMPAT_BINDINGS: [
        `luna=${open}:${id} WEBHOOK_URL=${webhook}`,
        `multi-instance=${keyed}:${id} API_KEY=the-old-secret BASE_URL=https://wa.example.com/`,
        `luna=${nobody}:ten_nobody00000000000000`,
      ].join(', '),
    });
    let isOpen = true;
    onTestFinished(async () => {
      if (isOpen) await close();
    });
    await app.openBindings('127.0.0.1');
    const get = (port: number, path: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers });

    // Whatever key comes along is the old service's and means nothing here.
    for (const headers of [{}, { apikey: 'of-the-old-service' }, { 'x-api-key': other.key }] as Record<
      string,
      string
    >[])
      expect(await (await get(open, '/instances', headers)).json()).toEqual([]);
    const created = await fetch(`http://127.0.0.1:${open}/instances`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'shop' }),
    });
    expect(created.status).toBe(201);
    expect(await (await get(open, '/webhook')).json()).toMatchObject({ url: webhook, enabled: true });
    expect((await (await get(open, '/openapi.json')).json()) as object).toMatchObject({ servers: [{ url: '/' }] });

    // Nothing but the dialect is there.
    for (const path of [
      '/v1/instances',
      '/admin/queues',
      '/metrics',
      '/../v1/instances',
      '/compat/luna/instances',
      '//',
    ])
      expect((await get(open, path)).status).toBe(404);
    // As no client of ours would write it.
    for (const path of ['/../../v1/tenants', '/%2e%2e/%2e%2e/v1/tenants', `http://127.0.0.1:${open}/v1/tenants`])
      expect(await statusOfRaw(open, path)).toBe(404);

    expect((await get(keyed, '/instances')).status).toBe(401);
    expect((await get(keyed, '/instances', { apikey: 'wrong' })).status).toBe(401);
    expect((await get(keyed, '/instances', { apikey: 'the-old-secret' })).status).toBe(200);
    expect(await (await get(keyed, '/')).json()).toMatchObject({ baseUrl: 'https://wa.example.com' });
    expect((await get(nobody, '/instances')).status).toBe(404);

    // At the API's own port nothing of it counts.
    expect((await clientOf(app)('GET', '/compat/luna/instances')).status).toBe(401);
    expect((await clientOf(app, 'the-old-secret')('GET', '/compat/luna/instances')).status).toBe(401);
    expect((await clientOf(app, other.key)('GET', '/compat/luna/instances')).body).toEqual([]);

    await close();
    isOpen = false;
    for (const port of [open, keyed, nobody]) await expect(get(port, '/instances')).rejects.toThrow();
  });
});
