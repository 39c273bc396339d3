import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endpointKeys, eventId } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { exchange, push } from '@flotilla/webhook';
import { describe, expect } from 'vitest';
import { limits } from './delivery-limits.ts';
import { gatewayTest, newTenant, openGateway } from './gateway.ts';

describe('webhooks', () => {
  gatewayTest('one is created with a secret shown once, shown, changed, and deleted', async ({ send }) => {
    const created = await send('POST', '/v1/webhooks', {
      url: 'https://example.com/hook',
      events: ['messages.upsert'],
    });
    expect(created).toMatchObject({
      status: 201,
      body: { secret: expect.stringMatching(/^whsec_/), events: ['messages.upsert'], instances: [], enabled: true },
    });
    const { secret, ...webhook } = created.body;
    const path = `/v1/webhooks/${webhook.id}`;
    expect((await send('GET', path)).body).toEqual(webhook);
    expect((await send('GET', '/v1/webhooks')).body).toEqual({ items: [webhook] });
    const changed = await send('PATCH', path, { enabled: false, url: 'https://example.com/other' });
    expect(changed.body).toEqual({ ...webhook, enabled: false, url: 'https://example.com/other' });
    const rotated = await send('POST', `${path}/rotate-secret`);
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(secret);
    expect((await send('GET', `${path}/deliveries`)).body).toEqual({ items: [] });
    expect((await send('DELETE', path)).status).toBe(204);
    for (const [method, suffix, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { enabled: true }],
      ['DELETE', '', undefined],
      ['GET', '/deliveries', undefined],
      ['POST', '/rotate-secret', undefined],
    ] as const)
      expect((await send(method, `${path}${suffix}`, body)).body.code).toBe('WEBHOOK_NOT_FOUND');
  });

  gatewayTest('a URL that points inside the network, or is none, is refused with the reason', async ({ send }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/hook' })).body;
    for (const [url, reason] of [
      ['http://127.0.0.1/x', 'inside the network'],
      ['http://localhost:8080/x', 'inside the network'],
      ['http://2130706433/', 'inside the network'],
      ['http://0x7f.1/', 'inside the network'],
      ['http://[::1]/', 'inside the network'],
      ['http://[::ffff:10.0.0.1]/', 'inside the network'],
      ['https://10.1.2.3/', 'inside the network'],
      ['https://169.254.169.254/latest/meta-data', 'inside the network'],
      ['https://user:secret@example.com/', 'user name or password'],
      ['ftp://example.com/', 'https://'],
      ['example.com/hook', 'is not a URL'],
    ] as const) {
      const expected = { statusCode: 400, code: 'BAD_WEBHOOK_URL', message: expect.stringContaining(reason) };
      expect((await send('POST', '/v1/webhooks', { url })).body).toMatchObject(expected);
      expect((await send('PATCH', `/v1/webhooks/${id}`, { url })).body).toMatchObject(expected);
    }
    expect((await send('GET', '/v1/webhooks')).body.items).toHaveLength(1);
  });

  gatewayTest('a network that the operator allows may be pointed to', async ({ url }) => {
    const { app, close } = await openGateway(url, { WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8, 10.1.0.0/16' });
    const { send } = await newTenant(app);
    expect((await send('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9000/x' })).status).toBe(201);
    expect((await send('POST', '/v1/webhooks', { url: 'http://10.1.2.3/x' })).status).toBe(201);
    expect((await send('POST', '/v1/webhooks', { url: 'http://10.2.2.3/x' })).status).toBe(400);
    await close();
  });

  gatewayTest('has headers whose values are shown as their ends only', async ({ send, redis }) => {
    const url = 'https://example.com/hook';
    const headers = { 'X-Api-Key': 'a-secret-of-the-receiver', 'x-short': 'short' };
    const created = await send('POST', '/v1/webhooks', { url, headers });
    expect(created).toMatchObject({ status: 201, body: { headers: { 'X-Api-Key': '…iver', 'x-short': '…' } } });
    const path = `/v1/webhooks/${created.body.id}`;
    expect((await send('GET', path)).body.headers).toEqual(created.body.headers);
    for (const key of await redis.keys('*endpoints'))
      expect(JSON.stringify(await redis.hgetall(key))).not.toContain('a-secret-of-the-receiver');
    expect((await send('PATCH', path, { headers: {} })).body.headers).toEqual({});
    for (const name of [
      'Host',
      'content-length',
      'Webhook-Id',
      'connection',
      'Transfer-Encoding',
      'proxy-authorization',
    ])
      expect((await send('POST', '/v1/webhooks', { url, headers: { [name]: 'x' } })).body).toMatchObject({
        code: 'BAD_WEBHOOK_HEADER',
        message: expect.stringContaining(name),
      });
    for (const [bad, code] of [
      [{ 'a b': 'x' }, 'VALIDATION'],
      [{ a: 'x\r\ny: z' }, 'VALIDATION'],
      [{ a: 'x'.repeat(1_025) }, 'VALIDATION'],
      [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, 'x'])), 'VALIDATION'],
      [Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`x-${n}`, 'x'.repeat(1_000)])), 'BAD_WEBHOOK_HEADER'],
      [{ 'X-One': '1', 'x-one': '2' }, 'BAD_WEBHOOK_HEADER'],
    ] as const)
      expect((await send('POST', '/v1/webhooks', { url, headers: bad })).body.code).toBe(code);
  });

  gatewayTest('takes a secret of the tenant, and up to ten that are valid at once', async ({ send }) => {
    const url = 'https://example.com/hook';
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const created = await send('POST', '/v1/webhooks', { url, secret });
    expect(created.body.secret).toBe(secret);
    for (const bad of ['whsec_', 'secret', `whsec_${Buffer.alloc(23).toString('base64')}`])
      expect((await send('POST', '/v1/webhooks', { url, secret: bad })).body.code).toBe('BAD_WEBHOOK_SECRET');
    const rotate = (body?: object) => send('POST', `/v1/webhooks/${created.body.id}/rotate-secret`, body);
    const other = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
    expect((await rotate({ secret: other })).body.secret).toBe(other);
    for (let n = 0; n < 8; n += 1) expect((await rotate()).status).toBe(200);
    expect((await rotate()).body.code).toBe('TOO_MANY_SECRETS');
    // Without an overlap the old ones end at once, and there is room.
    expect((await rotate({ overlapSeconds: 0 })).status).toBe(200);
    expect((await rotate()).status).toBe(200);
  });

  gatewayTest('has an ordering, a concurrency and patterns of events', async ({ send }) => {
    const input = {
      url: 'https://example.com/hook',
      events: ['messages.*', 'connection.update'],
      ordering: 'unordered',
      concurrency: 5,
      compress: 'gzip',
      enabled: false,
    };
    expect((await send('POST', '/v1/webhooks', input)).body).toMatchObject(input);
    for (const [field, value] of [
      ['events', ['message.*']],
      ['events', ['messages*']],
      ['ordering', 'sorted'],
      ['concurrency', 0],
      ['compress', 'br'],
    ] as const)
      expect((await send('POST', '/v1/webhooks', { ...input, [field]: value })).body).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining(`body/${field}`),
      });
  });

  gatewayTest('a test event is posted at once, and what the receiver did is told', async ({ url }) => {
    const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push({ headers: request.headers, body });
        response.writeHead(seen.length === 1 ? 200 : 503).end('the answer');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { app, close } = await openGateway(url, { WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' });
    const { send } = await newTenant(app);
    const { id, secret } = (
      await send('POST', '/v1/webhooks', {
        url: `http://127.0.0.1:${port}/hook`,
        headers: { 'x-mine': 'value' },
        enabled: false,
      })
    ).body;
    const test = await send('POST', `/v1/webhooks/${id}/test`);
    expect(test).toMatchObject({ status: 200, body: { ok: true, status: 200, response: 'the answer' } });
    expect(seen[0]?.headers['x-mine']).toBe('value');
    const { headers = {}, body = '' } = seen[0] ?? {};
    expect(JSON.parse(body)).toMatchObject({ id: test.body.id, type: 'webhook.test', data: { webhook: id } });
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect((await send('POST', `/v1/webhooks/${id}/test`)).body).toMatchObject({ ok: false, status: 503 });
    expect((await send('GET', `/v1/webhooks/${id}/deliveries`)).body).toEqual({ items: [] });
    await new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    expect((await send('POST', `/v1/webhooks/${id}/test`)).body).toMatchObject({ ok: false, error: 'connect' });
    const thief = await newTenant(app);
    expect((await thief.send('POST', `/v1/webhooks/${id}/test`)).body.code).toBe('WEBHOOK_NOT_FOUND');
    await close();
  });

  gatewayTest('unknown events and fields are refused', async ({ send }) => {
    const url = 'https://example.com/hook';
    for (const [body, field] of [
      [{ url, events: ['message'] }, 'body/events/0: '],
      [{ url, events: [] }, 'body/events: '],
      [{ url, nonsense: 'x' }, 'body/nonsense: is not a known field'],
      [{}, 'body/url: is missing'],
      [{ url: 7 }, 'body/url: must be a string'],
    ] as const)
      expect((await send('POST', '/v1/webhooks', body)).body).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining(field),
      });
  });

  /** Has a delivery worker try the one event of a webhook, in vain, and give it up. */
  const giveUp = async (redis: Redis, endpoint: string, instance: string) => {
    const mailbox = { endpoint, instance };
    const event = {
      id: eventId(instance, 1),
      instance,
      sequence: 1,
      type: 'qrcode.updated' as const,
      occurredAt: 1,
      data: { qr: 'x', expiresAt: 2 },
    };
    await push(redis, mailbox, [event]);
    const { taken } = await exchange(redis, endpoint, { take: 1 }, limits);
    const outcome = { state: 'dead', attempt: { at: 5, ms: 7, status: 500 } } as const;
    await exchange(redis, endpoint, { settle: taken.map((each) => ({ taken: each, outcome })) }, limits);
    return event.id;
  };

  gatewayTest('a dead letter is listed with its attempts, and redriven once', async ({ send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/hook' })).body;
    const event = await giveUp(redis, id, instance);
    const attempts = [{ at: 5, ms: 7, status: 500 }];
    const letter = { id: `${id}.${event}`, webhook: id, eventId: event, instance, sequence: 1, attempts };
    expect((await send('GET', '/v1/dead-letters')).body.items).toMatchObject([letter]);
    expect((await send('GET', `/v1/dead-letters?webhook=${id}`)).body.items).toMatchObject([letter]);
    expect((await send('GET', `/v1/webhooks/${id}/deliveries`)).body.items).toMatchObject([
      { id: event, state: 'dead', attempts },
    ]);
    expect((await send('GET', `/v1/webhooks/${id}/deliveries?state=delivered`)).body.items).toEqual([]);

    const redriven = await send('POST', `/v1/dead-letters/${letter.id}/redrive`);
    expect(redriven).toMatchObject({ status: 202, body: { id: letter.id, state: 'pending' } });
    expect((await send('GET', '/v1/dead-letters')).body.items).toEqual([]);
    expect(await redis.llen(endpointKeys.mailbox(id, instance))).toBe(1);
    expect(await redis.llen('fl:{turns}:turns:wait')).toBe(1);
    // While it waits, asking again changes nothing.
    expect((await send('POST', `/v1/dead-letters/${letter.id}/redrive`)).status).toBe(202);
    expect(await redis.llen(endpointKeys.mailbox(id, instance))).toBe(1);
  });

  gatewayTest(
    "another tenant can neither see nor redrive one's dead letters",
    async ({ app, send, instance, redis }) => {
      const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/hook' })).body;
      const event = await giveUp(redis, id, instance);
      const thief = await newTenant(app);
      expect((await thief.send('GET', '/v1/dead-letters')).body.items).toEqual([]);
      expect((await thief.send('POST', `/v1/dead-letters/${id}.${event}/redrive`)).status).toBe(404);
      expect((await send('GET', '/v1/dead-letters')).body.items).toHaveLength(1);
    },
  );

  gatewayTest('dead letters that are none are not found', async ({ send, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/hook' })).body;
    expect((await send('GET', '/v1/dead-letters?webhook=wh_other')).body.code).toBe('WEBHOOK_NOT_FOUND');
    for (const unknown of [`${id}.evt_1`, 'wh_other.evt_1', 'nonsense', 'a}.{b'])
      expect((await send('POST', `/v1/dead-letters/${unknown}/redrive`)).body.code).toBe('DEAD_LETTER_NOT_FOUND');
    expect(await redis.keys(endpointKeys.mailbox(id, '*'))).toEqual([]);
  });
});
