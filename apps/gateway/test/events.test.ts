import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { instanceKeys } from '@flotilla/contracts';
import { countConnections, eventually, watchCommands } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { clientOf, gatewayTest, newTenant, openGateway, operatorKey } from './gateway.ts';
import { happen, listen, SseClient, texts, trimFeed, WebSocketClient } from './live.ts';

/** A gateway that listens, with a heartbeat every second. */
const liveTest = gatewayTest
  .extend('live', async ({ url }, { onCleanup }) => {
    const { app, close } = await openGateway(url, { EVENT_HEARTBEAT_SECONDS: 1, EVENT_STREAMS_PER_TENANT: 3 });
    onCleanup(close);
    return { app, address: await listen(app), close };
  })
  .extend('headers', async ({ tenant }) => ({ authorization: `Bearer ${tenant.key}` }))
  .extend('at', async ({ tenant, instance }) => ({ tenant: tenant.tenant, instance }));

describe('an SSE stream', () => {
  liveTest('shows what happens from now on, with ids to go on from', async ({ live, headers, redis, at }) => {
    await happen(redis, at, texts('before'));
    const client = await SseClient.open(live.address, '/v1/events', headers);
    await eventually(() => client.lastEventId !== '' || undefined);
    expect(client.retry).toBe('2000');
    await happen(redis, at, texts('a', 'b'));
    await client.waitForShown(2);
    expect(client.shown).toEqual(['a', 'b']);
    expect(JSON.parse(client.messages.find(({ event }) => event === 'message')?.data ?? '')).toMatchObject({
      id: `evt_${at.instance.slice(4)}_2`,
      type: 'qrcode.updated',
      instance: at.instance,
      sequence: 2,
    });
    client.close();
  });

  liveTest('is not to be kept, compressed or buffered on its way', async ({ live, headers }) => {
    const client = await SseClient.open(live.address, '/v1/events', { ...headers, 'accept-encoding': 'gzip' });
    expect(Object.fromEntries(client.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    expect(client.response.headers.get('content-encoding')).toBeNull();
    client.close();
  });

  liveTest('goes on where the last one ended, by header or query', async ({ live, headers, redis, at }) => {
    const first = await SseClient.open(live.address, '/v1/events', headers);
    await eventually(() => first.lastEventId !== '' || undefined);
    await happen(redis, at, texts('a', 'b'));
    await first.waitForShown(2);
    const seen = first.lastEventId;
    const beforeB = first.shownIds[0] ?? '';
    first.close();
    await happen(redis, at, texts('c'));
    const second = await SseClient.open(live.address, '/v1/events?after=0', { ...headers, 'last-event-id': seen });
    const third = await SseClient.open(live.address, `/v1/events?after=${beforeB}`, headers);
    await third.waitForShown(2);
    await second.waitForShown(1);
    expect(second.shown).toEqual(['c']);
    expect(third.shown).toEqual(['b', 'c']);
    second.close();
    third.close();
  });

  liveTest('begins at the oldest event that is kept with after=0', async ({ live, headers, redis, at }) => {
    await happen(redis, at, texts('a', 'b', 'c'));
    await trimFeed(redis, at.tenant, 2);
    const client = await SseClient.open(live.address, '/v1/events?after=0', headers);
    await client.waitForShown(2);
    expect(client.shown).toEqual(['b', 'c']);
    client.close();
  });

  liveTest('says 410 to a cursor whose events are gone, or that is not one', async ({ live, headers, redis, at }) => {
    await happen(redis, at, texts('a', 'b', 'c'));
    const all = await SseClient.open(live.address, '/v1/events?after=0', headers);
    await all.waitForShown(3);
    const [a, b] = all.shownIds;
    all.close();
    await trimFeed(redis, at.tenant, 1);
    const lost = await SseClient.open(live.address, `/v1/events?after=${a}`, headers);
    expect(lost.response.status).toBe(410);
    expect(await lost.response.json()).toMatchObject({
      code: 'EVENTS_LOST',
      message: expect.stringContaining('?after=0'),
    });
    const kept = await SseClient.open(live.address, `/v1/events?after=${b}`, headers);
    expect(kept.response.status).toBe(200);
    kept.close();
    for (const after of ['1-1', `${b?.split('-')[0]}-999`]) {
      const { response } = await SseClient.open(live.address, `/v1/events?after=${after}`, headers);
      expect(response.status).toBe(410);
    }
    const { response } = await SseClient.open(live.address, '/v1/events?after=yesterday', headers);
    expect(response.status).toBe(400);
  });

  liveTest('tells of events that are not kept any more', async ({ live, headers, redis, at, send }) => {
    const other = (await send('POST', '/v1/instances', { name: 'Other' })).body.id as string;
    await happen(redis, at, texts('a', 'b', 'c'));
    await happen(redis, { ...at, instance: other }, texts('other'));
    await happen(redis, at, texts('d'));
    await redis.xtrim(instanceKeys.events(at.instance), 'MINID', '0-3');
    const client = await SseClient.open(live.address, '/v1/events?after=0', headers);
    await client.waitForShown(3);
    expect(client.named('gap')).toEqual([{ instance: at.instance, from: 1, to: 2 }]);
    expect(client.shown).toEqual(['c', 'other', 'd']);
    client.close();
  });

  liveTest('shows only the instances and types that were asked for', async ({ live, headers, redis, at, send }) => {
    const other = (await send('POST', '/v1/instances', { name: 'Other' })).body.id as string;
    const open = (query: string) => SseClient.open(live.address, `/v1/events?after=0&${query}`, headers);
    await happen(redis, at, [
      ...texts('a'),
      { type: 'connection.update', occurredAt: 1, data: { state: 'open' } },
      ...texts('b'),
    ]);
    await happen(redis, { ...at, instance: other }, texts('other'));
    const own = await open(`instance=${at.instance}&types=qrcode.*`);
    const both = await open(`instance=${at.instance},${other}&types=qrcode.updated,messages.upsert`);
    const connections = await open('types=connection.*');
    await own.waitForShown(2);
    await both.waitForShown(3);
    await connections.waitForShown(1);
    expect(own.shown).toEqual(['a', 'b']);
    expect(both.shown).toEqual(['a', 'b', 'other']);
    expect(JSON.parse(connections.messages.find(({ event }) => event === 'message')?.data ?? '').type).toBe(
      'connection.update',
    );
    // What the filter hides does not have to be gone through again.
    await eventually(() => connections.lastEventId === both.shownIds.at(-1) || undefined);
    expect(connections.named('heartbeat')).not.toEqual([]);
    for (const client of [own, both, connections]) client.close();
  });

  liveTest('refuses what is unknown or of another tenant', async ({ live, headers, at }) => {
    const stranger = await newTenant(live.app);
    const status = async (query: string, as: Record<string, string>) => {
      const client = await SseClient.open(live.address, `/v1/events${query}`, as);
      client.close();
      return client.response.status;
    };
    expect(await status(`?instance=${at.instance}`, { authorization: `Bearer ${stranger.key}` })).toBe(404);
    expect(await status('?instance=ins_nobody', headers)).toBe(404);
    expect(await status('?types=messages.upsrt', headers)).toBe(400);
    expect(await status('?type=messages.upsert', headers)).toBe(400);
    expect(await status('', {})).toBe(401);
    expect(await status('', { authorization: `Bearer ${operatorKey}` })).toBe(403);
  });

  liveTest('shows nothing of another tenant', async ({ live, headers, redis, at }) => {
    const stranger = await newTenant(live.app);
    const client = await SseClient.open(live.address, '/v1/events?after=0', {
      authorization: `Bearer ${stranger.key}`,
    });
    const own = await SseClient.open(live.address, '/v1/events?after=0', headers);
    await happen(redis, at, texts('a'));
    await own.waitForShown(1);
    // Two signs of life later it has had every chance.
    await eventually(() => client.named('heartbeat').length > 1 || undefined);
    expect(client.shown).toEqual([]);
    client.close();
    own.close();
  });

  liveTest('ends within seconds when its key is revoked', async ({ live, tenant, headers, operator }) => {
    const client = await SseClient.open(live.address, '/v1/events', headers);
    await operator('DELETE', `/v1/tenants/${tenant.tenant}/keys/${tenant.keyId}`);
    await eventually(() => client.ended || undefined, { timeoutMs: 5_000 });
    expect(client.named('end')).toMatchObject([{ code: 'KEY_INVALID' }]);
  });

  liveTest('is refused with 429 beyond the cap, and a place is free again', async ({ live, headers }) => {
    const open = () => SseClient.open(live.address, '/v1/events', headers);
    const clients = await Promise.all([open(), open(), open()]);
    const refused = await open();
    expect(refused.response.status).toBe(429);
    expect(await refused.response.json()).toMatchObject({ code: 'TOO_MANY_STREAMS' });
    clients[0]?.close();
    await eventually(async () => {
      const next = await open();
      next.close();
      return next.response.status === 200 || undefined;
    });
    for (const client of clients) client.close();
  });

  liveTest(
    'is cut off when the client takes nothing, and can be resumed',
    { timeout: 60_000 },
    async ({ live, headers, redis, at, url }) => {
      const abort = new AbortController();
      const stuck = await fetch(`http://${live.address}/v1/events`, { headers, signal: abort.signal });
      const big = 'x'.repeat(60_000);
      const sent = Array.from({ length: 400 }, (_, n) => `${n} ${big}`);
      await happen(redis, at, texts(...sent));
      const metric = () => live.app.inject('/metrics').then(({ body }) => body);
      await eventually(
        async () => /streams_ended_total\{transport="sse",reason="TOO_SLOW"[^}]*\} 1/.test(await metric()) || undefined,
        { timeoutMs: 40_000, message: 'the stream is cut off' },
      );
      // What had been written before is there to be read, and what follows comes with the next stream.
      const got: string[] = [];
      let cursor = '';
      let text = '';
      const reading = async () => {
        for await (const chunk of stuck.body?.pipeThrough(new TextDecoderStream()) ?? []) {
          text += chunk;
          const blocks = text.split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks) {
            const [, id, data] = /^id: (\S+)\ndata: (.*)$/.exec(block) ?? [];
            if (id === undefined || data === undefined) continue;
            cursor = id;
            got.push(JSON.parse(data).data.qr);
          }
        }
      };
      await reading().catch(() => {});
      expect(got.length).toBeGreaterThan(0);
      expect(got.length).toBeLessThan(sent.length);
      const other = await openGateway(url);
      const next = await SseClient.open(await listen(other.app), `/v1/events?after=${cursor}`, headers);
      await next.waitForShown(sent.length - got.length);
      expect([...got, ...next.shown]).toEqual(sent);
      next.close();
      await other.close();
      abort.abort();
    },
  );

  liveTest('ends with a reason when the gateway closes', async ({ url, tenant, instance, redis }) => {
    const { app, close } = await openGateway(url);
    const headers = { authorization: `Bearer ${tenant.key}` };
    const client = await SseClient.open(await listen(app), '/v1/events', headers);
    await eventually(() => client.lastEventId !== '' || undefined);
    const began = performance.now();
    await close();
    expect(performance.now() - began).toBeLessThan(5_000);
    await eventually(() => client.ended || undefined);
    expect(client.named('end')).toMatchObject([{ code: 'CLOSING' }]);
    expect(Number(client.retry)).toBeLessThanOrEqual(1_000);
    await happen(redis, { tenant: tenant.tenant, instance }, texts('missed'));
    const other = await openGateway(url);
    const next = await SseClient.open(await listen(other.app), '/v1/events', {
      ...headers,
      'last-event-id': client.lastEventId,
    });
    await next.waitForShown(1);
    next.close();
    await other.close();
  });
});

describe('many streams', () => {
  liveTest('share one subscription, and no connection of their own', async ({ url, redis, tenant, at, send }) => {
    const { app, close } = await openGateway(url, { EVENT_STREAMS_PER_TENANT: 300 });
    const address = await listen(app);
    const before = await countConnections(redis);
    const headers = { authorization: `Bearer ${tenant.key}` };
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => SseClient.open(address, '/v1/events', headers)),
    );
    await eventually(() => clients.every(({ lastEventId }) => lastEventId !== '') || undefined);
    expect(await countConnections(redis)).toBe(before);
    expect((await redis.pubsub('NUMSUB', `fl:fed:${at.tenant}`))[1]).toBe(1);
    const watched = await watchCommands(redis);
    await happen(redis, at, texts('a', 'b', 'c'));
    await Promise.all(clients.map((client) => client.waitForShown(3)));
    // Some of the test itself, and one read of the feed and one of the log for all of them.
    expect(await watched.count('xrange')).toBeLessThan(20);
    watched.stop();
    for (const client of clients) client.close();
    await eventually(async () => Number((await redis.pubsub('NUMSUB', `fl:fed:${at.tenant}`))[1]) === 0 || undefined);
    await close();
    expect((await send('GET', '/v1/instances')).status).toBe(200);
  });

  liveTest('from different positions each get what follows theirs', async ({ live, redis, headers, at }) => {
    const all = Array.from({ length: 1_500 }, (_, n) => `${n}`);
    await happen(redis, at, texts(...all.slice(0, 1_200)));
    const first = await SseClient.open(live.address, '/v1/events?after=0', headers);
    const second = await SseClient.open(live.address, '/v1/events', headers);
    await first.waitForShown(1_200);
    await eventually(() => second.lastEventId !== '' || undefined);
    await happen(redis, at, texts(...all.slice(1_200)));
    await first.waitForShown(1_500);
    await second.waitForShown(300);
    const third = await SseClient.open(live.address, `/v1/events?after=${first.shownIds[1_399]}`, headers);
    await third.waitForShown(100);
    expect(first.shown).toEqual(all);
    expect(second.shown).toEqual(all.slice(1_200));
    expect(third.shown).toEqual(all.slice(1_400));
    for (const client of [first, second, third]) client.close();
  });
});

describe('a ticket', () => {
  liveTest('stands in for the key, once', async ({ live, redis, tenant, at }) => {
    const ticket = async () => (await tenant.send('POST', '/v1/events/ticket')).body.ticket as string;
    const first = await ticket();
    const client = await SseClient.open(live.address, `/v1/events?ticket=${first}`);
    expect(client.response.headers.get('access-control-allow-origin')).toBe('*');
    const webSocket = new WebSocketClient(live.address, `/v1/events?ticket=${await ticket()}`);
    await eventually(() => (webSocket.cursor !== undefined && client.lastEventId !== '' ? true : undefined));
    await happen(redis, at, texts('a'));
    await client.waitForShown(1);
    await webSocket.waitForShown(1);
    const again = await SseClient.open(live.address, `/v1/events?ticket=${first}`);
    expect(again.response.status).toBe(401);
    expect(await again.response.json()).toMatchObject({ code: 'TICKET_INVALID' });
    client.close();
    webSocket.socket.close();
  });

  liveTest('opens nothing else, and dies with the key behind it', async ({ live, tenant, operator, redis }) => {
    const { body, headers } = await tenant.send('POST', '/v1/events/ticket');
    expect(headers['cache-control']).toBe('no-store');
    expect(body.expiresAt - Date.now()).toBeLessThanOrEqual(60_000);
    expect((await clientOf(live.app)('GET', `/v1/instances?ticket=${body.ticket}`)).status).toBe(401);
    const ttl = await redis.pttl((await redis.keys('fl:ticket:*'))[0] ?? '');
    expect(ttl).toBeGreaterThan(50_000);
    const client = await SseClient.open(live.address, `/v1/events?ticket=${body.ticket}`);
    expect(client.response.status).toBe(200);
    await operator('DELETE', `/v1/tenants/${tenant.tenant}/keys/${tenant.keyId}`);
    await eventually(() => client.ended || undefined, { timeoutMs: 5_000 });
    expect(client.named('end')).toMatchObject([{ code: 'KEY_INVALID' }]);
  });

  liveTest('is given only to who may see events', async ({ live }) => {
    const { send } = await newTenant(live.app, ['messages:send']);
    expect((await send('POST', '/v1/events/ticket')).status).toBe(403);
    expect((await clientOf(live.app, operatorKey)('POST', '/v1/events/ticket')).status).toBe(403);
  });
});

describe('a WebSocket', () => {
  liveTest('shows events with their cursors, and goes on from one', async ({ live, headers, redis, at }) => {
    const first = new WebSocketClient(live.address, '/v1/events', headers);
    await eventually(() => first.cursor);
    await happen(redis, at, texts('a', 'b'));
    await first.waitForShown(2);
    await eventually(() => first.pings > 1 || undefined);
    first.socket.close();
    await happen(redis, at, texts('c'));
    const second = new WebSocketClient(live.address, `/v1/events?after=${first.cursor}`, headers);
    await second.waitForShown(1);
    expect(second.shown).toEqual(['c']);
    expect(second.messages.find(({ event }) => event)?.event).toMatchObject({ instance: at.instance, sequence: 3 });
    second.socket.close();
  });

  liveTest('tells by its close code why it is refused', async ({ live, headers, redis, at }) => {
    await happen(redis, at, texts('a', 'b', 'c'));
    await trimFeed(redis, at.tenant, 1);
    const open = async (query: string) => {
      const client = new WebSocketClient(live.address, `/v1/events${query}`, headers);
      const closed = await client.waitForClose();
      return { ...closed, end: client.end };
    };
    expect(await open('?after=1-1')).toMatchObject({
      code: 4410,
      reason: 'EVENTS_LOST',
      end: { code: 'EVENTS_LOST', message: expect.stringContaining('?after=0') },
    });
    expect(await open('?instance=ins_nobody')).toMatchObject({ code: 4404, reason: 'INSTANCE_NOT_FOUND' });
    const keyless = new WebSocketClient(live.address, '/v1/events');
    await keyless.waitForClose();
    expect(keyless.refused).toBe(401);
  });

  liveTest('is closed when the client says something', async ({ live, headers }) => {
    const client = new WebSocketClient(live.address, '/v1/events', headers);
    await eventually(() => client.cursor);
    client.socket.send('{"subscribe":"all"}');
    expect(await client.waitForClose()).toEqual({ code: 4400, reason: 'VALIDATION' });
    expect(client.end?.message).toContain('only shows events');
  });

  liveTest('is the only protocol to change to, and only here', async ({ live, tenant }) => {
    const { port } = live.app.server.address() as AddressInfo;
    const body = JSON.stringify({ name: 'Made with an offer of HTTP/2' });
    const socket = connect(port, '127.0.0.1');
    socket.write(
      [
        'POST /v1/instances HTTP/1.1',
        `host: ${live.address}`,
        `authorization: Bearer ${tenant.key}`,
        'connection: Upgrade',
        'upgrade: h2c',
        'content-type: application/json',
        `content-length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 201/);
    socket.destroy();
    const elsewhere = new WebSocketClient(live.address, '/v1/instances', { authorization: `Bearer ${tenant.key}` });
    await elsewhere.waitForClose();
    expect(elsewhere.refused).toBe(200);
  });

  liveTest('is closed when its key is revoked', async ({ live, headers, operator, tenant }) => {
    const client = new WebSocketClient(live.address, '/v1/events', headers);
    await eventually(() => client.cursor);
    await operator('DELETE', `/v1/tenants/${tenant.tenant}/keys/${tenant.keyId}`);
    expect(await client.waitForClose()).toEqual({ code: 4401, reason: 'KEY_INVALID' });
  });

  liveTest('is cut off when the client takes nothing', { timeout: 120_000 }, async ({ live, headers, redis, at }) => {
    const sent = Array.from({ length: 400 }, (_, n) => `${n} ${'x'.repeat(60_000)}`);
    await happen(redis, at, texts(...sent));
    // Everything is there already: a client that is idle and silent would be dropped as one that has gone.
    const client = new WebSocketClient(live.address, '/v1/events?after=0', headers);
    client.socket.once('open', () => client.socket.pause());
    await eventually(
      async () => {
        const { body } = await live.app.inject('/metrics');
        return /streams_ended_total\{transport="websocket",reason="TOO_SLOW"[^}]*\} 1/.test(body) || undefined;
      },
      { timeoutMs: 40_000, message: 'the stream is cut off' },
    );
    client.socket.resume();
    await client.waitForClose();
    const got = client.shown;
    expect(got.length).toBeLessThan(sent.length);
    const next = new WebSocketClient(live.address, `/v1/events?after=${client.cursor || '0'}`, headers);
    await next.waitForShown(sent.length - got.length);
    expect([...got, ...next.shown]).toEqual(sent);
    next.socket.close();
  });

  liveTest('is closed with a reason when the gateway closes', async ({ url, headers }) => {
    const { app, close } = await openGateway(url);
    const client = new WebSocketClient(await listen(app), '/v1/events', headers);
    await eventually(() => client.cursor);
    const began = performance.now();
    await close();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await client.waitForClose()).toEqual({ code: 1012, reason: 'CLOSING' });
  });
});
