import { type AddressInfo, connect } from 'node:net';
import { describe, expect } from 'vitest';
import { asWorker, gatewayTest, newTenant } from './gateway.ts';

describe('instances', () => {
  gatewayTest('one is created, shown, changed, listed and deleted', async ({ send, instance, redis }) => {
    const path = `/v1/instances/${instance}`;
    expect((await send('GET', path)).body).toEqual({
      id: instance,
      name: 'Support',
      createdAt: expect.any(Number),
      paired: false,
      status: { state: 'new', since: expect.any(Number) },
      settings: {},
    });

    await send('PATCH', path, { settings: { markOnline: true } });
    const changed = await send('PATCH', path, { name: 'Sales', settings: { sendsPerMinute: 20 } });
    expect(changed.body).toMatchObject({ name: 'Sales', settings: { markOnline: true, sendsPerMinute: 20 } });
    expect((await send('GET', '/v1/instances')).body.items).toEqual([changed.body]);

    await send('PATCH', path, { alias: 'shop', metadata: { city: 'Rome' } });
    expect((await send('GET', '/v1/instances/shop')).body).toMatchObject({ id: instance, metadata: { city: 'Rome' } });
    expect((await send('PATCH', path, { alias: null, metadata: null })).body).toEqual(changed.body);
    expect((await send('GET', '/v1/instances/shop')).status).toBe(404);

    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', path)).body).toMatchObject({ statusCode: 404, code: 'INSTANCE_NOT_FOUND' });
    expect((await send('GET', '/v1/instances')).body.items).toEqual([]);
    expect(await redis.hget(`fl:{${instance}}:control:1`, 'name')).toBe('remove');
    expect(await redis.llen('fl:{connect}:connect:wait')).toBe(1);
  });

  gatewayTest('pages of instances are complete and in order', async ({ send }) => {
    const created: string[] = [];
    for (let n = 0; n < 7; n += 1) created.push((await send('POST', '/v1/instances', { name: `${n}` })).body.name);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await send('GET', `/v1/instances?limit=3${cursor}`);
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(seen.sort()).toEqual(created);
  });

  gatewayTest(
    'connect asks for an owner, and shows that the instance waits for one',
    async ({ send, instance, redis }) => {
      const asked = await send('POST', `/v1/instances/${instance}/connect`);
      expect(asked).toMatchObject({ status: 202, body: { status: { state: 'waiting' } } });
      expect(await redis.hget(`fl:{${instance}}:record`, 'desired')).toBe('connected');
      expect(await redis.llen('fl:{connect}:connect:wait')).toBe(1);

      await asWorker(redis, instance, { paired: true, status: { state: 'open', since: 5, phone: '14155550123' } });
      const open = await send('POST', `/v1/instances/${instance}/connect`);
      expect(open).toMatchObject({
        status: 200,
        body: { paired: true, status: { state: 'open', phone: '14155550123' } },
      });
    },
  );

  gatewayTest('an owner is woken instead, and shown', async ({ send, instance, redis }) => {
    await redis.hset(`fl:{${instance}}:own`, { owner: 'worker-1:abc', epoch: 3 });
    const asked = await send('POST', `/v1/instances/${instance}/connect`);
    expect(asked.body).toMatchObject({ worker: 'worker-1:abc', epoch: 3 });
    expect(await redis.lrange('fl:{w:worker-1:abc}:wake', 0, -1)).toEqual([instance]);
  });

  gatewayTest('restart, stop and logout become control jobs', async ({ send, instance, redis }) => {
    const path = `/v1/instances/${instance}`;
    expect(await send('POST', `${path}/logout`)).toMatchObject({
      status: 409,
      body: { code: 'INSTANCE_NOT_PAIRED', message: expect.stringContaining('is new') },
    });
    await asWorker(redis, instance, { paired: true, status: { state: 'open', since: 5 } });
    for (const action of ['restart', 'stop', 'logout'])
      expect((await send('POST', `${path}/${action}`)).status).toBe(202);
    const ids = await redis.lrange(`fl:{${instance}}:control:wait`, 0, -1);
    const names = await Promise.all(ids.reverse().map((id) => redis.hget(`fl:{${instance}}:control:${id}`, 'name')));
    expect(names).toEqual(['restart', 'stop', 'logout']);
    expect(await redis.hget(`fl:{${instance}}:record`, 'desired')).toBe('stopped');
  });

  gatewayTest('what is wrong with a body is said with the field and the cure', async ({ send, instance }) => {
    const cases: [string, string, unknown, string][] = [
      ['POST', '/v1/instances', {}, 'body/name: is missing'],
      ['POST', '/v1/instances', { name: 7 }, 'body/name: must be a string'],
      ['POST', '/v1/instances', { name: '' }, 'body/name: must not be empty'],
      ['POST', '/v1/instances', { name: 'x'.repeat(101) }, 'body/name: must have at most 100 characters'],
      ['POST', '/v1/instances', { name: 'x', colour: 1 }, 'body/colour: is not a known field'],
      ['POST', '/v1/instances', [], 'body: must be an object'],
      [
        'POST',
        '/v1/instances',
        { name: 'x', settings: { sendsPerMinute: 0 } },
        'body/settings/sendsPerMinute: must be 1 or more',
      ],
      [
        'POST',
        '/v1/instances',
        { name: 'x', settings: { sendsPerMinute: 1.5 } },
        'body/settings/sendsPerMinute: must be an integer',
      ],
      ['POST', '/v1/instances', { name: 'x', settings: { q: 1 } }, 'body/settings/q: is not a known field'],
      ['PATCH', `/v1/instances/${instance}`, {}, 'body: must have at least 1 field'],
      ['GET', '/v1/instances?limit=0', undefined, 'query/limit: must be 1 or more'],
      ['GET', '/v1/instances?limit=many', undefined, 'query/limit: must be an integer'],
      ['GET', '/v1/instances?page=2', undefined, 'query/page: is not a known field'],
      ['GET', `/v1/instances/${instance}/qr?wait=61`, undefined, 'query/wait: must be 60 or less'],
    ];
    for (const [method, path, body, message] of cases)
      expect(await send(method as 'GET', path, body)).toMatchObject({
        status: 400,
        body: { statusCode: 400, code: 'VALIDATION', error: 'Bad Request', message },
      });
  });

  gatewayTest(
    'malformed JSON, an empty body, another type and too much of it have their own errors',
    async ({ send }) => {
      const json = { 'content-type': 'application/json' };
      for (const body of ['{', ' ', 'name=x', '{"name":"x"}}'])
        expect((await send('POST', '/v1/instances', body, json)).body).toMatchObject({
          statusCode: 400,
          code: 'MALFORMED_JSON',
        });
      expect((await send('POST', '/v1/instances', '', json)).body.message).toBe('body: must be an object');
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'nonsense',
      ])
        expect((await send('POST', '/v1/instances', 'name=x', { 'content-type': type })).body).toMatchObject({
          statusCode: 415,
          code: 'UNSUPPORTED_MEDIA_TYPE',
        });
      expect((await send('POST', '/v1/instances', { name: 'x'.repeat(100_001) })).body).toMatchObject({
        statusCode: 413,
        code: 'PAYLOAD_TOO_LARGE',
        error: 'Payload Too Large',
        message: 'The body is larger than 100000 bytes',
      });
    },
  );

  gatewayTest(
    'a client that announces JSON and sends nothing is understood where nothing is needed',
    async ({ send, instance }) => {
      const json = { 'content-type': 'application/json' };
      expect((await send('POST', `/v1/instances/${instance}/connect`, '', json)).status).toBe(202);
      expect((await send('DELETE', `/v1/instances/${instance}`, '', json)).status).toBe(204);
    },
  );

  gatewayTest('what is no HTTP is answered in the same form', async ({ app }) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const answerTo = async (bytes: string) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      socket.end(bytes);
      return (await socket.toArray()).join('');
    };
    expect(await answerTo('nonsense\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [\s\S]*"code":"VALIDATION"[\s\S]*not valid HTTP/,
    );
    const large = `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await answerTo(large)).toMatch(/^HTTP\/1.1 400 [\s\S]*headers: are larger/);
  });

  gatewayTest('prototype pollution does not get through', async ({ send }) => {
    const json = { 'content-type': 'application/json' };
    const answer = await send('POST', '/v1/instances', '{"name":"x","__proto__":{"admin":true}}', json);
    expect(answer.body).toMatchObject({ statusCode: 400 });
  });

  gatewayTest('what no route answers is not found, whatever the method', async ({ send, instance }) => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v1'],
      ['PUT', '/v1/instances'],
      ['POST', `/v1/instances/${instance}/explode`],
    ])
      expect((await send(method as 'GET', path ?? '')).body).toMatchObject({
        statusCode: 404,
        code: 'ROUTE_NOT_FOUND',
      });
    expect((await send('GET', '/v1/instances/%zz')).body).toMatchObject({ statusCode: 400, code: 'VALIDATION' });
  });

  gatewayTest('ids that are none are not found, and never become part of a key', async ({ send }) => {
    for (const id of ['nope', '%7Bx%7D', 'a}:{b', '%00', '..%2f', 'x'.repeat(150), 'x'.repeat(5_000), '%C3%A4'])
      expect((await send('GET', `/v1/instances/${id}`)).status).toBe(404);
  });

  gatewayTest('an instance without a status yet or of an older shape is still shown', async ({ app, redis }) => {
    const { send, tenant } = await newTenant(app);
    await redis.hset('fl:{ins_old}:record', { tenant, name: 'old', createdAt: '7' });
    expect((await send('GET', '/v1/instances/ins_old')).body).toMatchObject({
      id: 'ins_old',
      status: { state: 'new', since: 7 },
    });
  });
});
