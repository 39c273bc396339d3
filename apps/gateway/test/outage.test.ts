import { startRedis } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import { eventually } from '@flotilla/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { asWorker, clientOf, newTenant, openGateway } from './gateway.ts';
import { happen, listen, SseClient, texts, WebSocketClient } from './live.ts';

type Undo = () => Promise<unknown> | unknown;
const undo: Undo[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A gateway with a paired instance, on a Redis that a test may break. */
async function breakable() {
  const server = await startRedis({ appendonly: true });
  undo.push(() => server.stop());
  const { app, close } = await openGateway(server.url);
  undo.push(close);
  const { send, key, tenant } = await newTenant(app);
  const { id } = (await send('POST', '/v1/instances', { name: 'x' })).body;
  const redis = connectRedis(server.url, { name: 'test', manner: 'patient' });
  undo.push(() => redis.disconnect());
  await asWorker(redis, id, { paired: true });
  const sendText = (key: string) =>
    send(
      'POST',
      `/v1/instances/${id}/messages/text`,
      { to: '+1 415 555 0123', text: 'Hello' },
      { 'idempotency-key': key },
    );
  return { server, app, send, key, tenant, id, redis, sendText };
}

const unavailable = {
  status: 503,
  headers: { 'retry-after': '1' },
  body: { statusCode: 503, code: 'STORE_UNAVAILABLE', error: 'Service Unavailable' },
};

describe('while Redis is away', { timeout: 60_000 }, () => {
  it('requests are answered 503 at once, and the retry after its return is accepted once', async () => {
    const { server, app, send, id, redis, sendText } = await breakable();
    expect((await sendText('before')).status).toBe(202);
    await server.kill();

    const began = performance.now();
    for (const answer of [
      await sendText('during'),
      await send('GET', '/v1/instances'),
      await send('GET', `/v1/instances/${id}/qr?wait=30`),
    ])
      expect(answer).toMatchObject(unavailable);
    expect(performance.now() - began).toBeLessThan(10_000);
    const probe = clientOf(app);
    expect(await probe('GET', '/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable', redis: false } });
    expect((await probe('GET', '/healthz')).status).toBe(200);
    expect((await probe('GET', '/metrics')).status).toBe(200);
    expect(
      (await clientOf(app, 'the-operator-key-of-the-tests')('GET', '/admin/queues/api/queues')).status,
    ).toBeGreaterThanOrEqual(500);

    await server.restart();
    const { body } = await eventually(async () => {
      const answer = await sendText('during');
      expect(answer.status).toBe(202);
      return answer;
    });
    expect((await sendText('before')).headers['idempotency-replayed']).toBe('true');
    expect((await sendText('during')).body.messageId).toBe(body.messageId);
    expect(await redis.llen(`fl:{${id}}:commands:wait`)).toBe(2);
    expect((await probe('GET', '/readyz')).status).toBe(200);
  });

  it('a Redis that hangs is given up on within seconds', async () => {
    const { server, sendText } = await breakable();
    server.pause();
    try {
      const began = performance.now();
      expect(await sendText('hang')).toMatchObject(unavailable);
      expect(performance.now() - began).toBeLessThan(5_000);
    } finally {
      server.resume();
    }
    await eventually(async () => expect((await sendText('hang')).status).toBe(202));
  });

  it('a request that waits for a code ends with 503 when Redis dies under it', async () => {
    const { server, app, send } = await breakable();
    const { id } = (await send('POST', '/v1/instances', { name: 'unpaired' })).body;
    const waiting = send('GET', `/v1/instances/${id}/qr?wait=30`);
    setTimeout(() => server.kill(), 500);
    expect(await waiting).toMatchObject(unavailable);
    expect((await clientOf(app)('GET', '/healthz')).status).toBe(200);
  });

  it('streams stay open, and go on when it is back', async () => {
    const { server, app, key, tenant, id, redis } = await breakable();
    const address = await listen(app);
    const headers = { authorization: `Bearer ${key}` };
    const sse = await SseClient.open(address, '/v1/events', headers);
    const webSocket = new WebSocketClient(address, '/v1/events', headers);
    await eventually(() => (sse.lastEventId !== '' && webSocket.cursor !== undefined) || undefined);
    const at = { tenant, instance: id };
    await happen(redis, at, texts('before'));
    for (const client of [sse, webSocket]) await client.waitForShown(1);
    await server.kill();
    expect((await SseClient.open(address, '/v1/events', headers)).response.status).toBe(503);
    await server.restart();
    await happen(redis, at, texts('after', 'and later'));
    for (const client of [sse, webSocket]) {
      await eventually(() => client.shown.length === 3 || undefined, { timeoutMs: 20_000 });
      expect(client.shown).toEqual(['before', 'after', 'and later']);
    }
    sse.close();
    webSocket.socket.close();
  });
});
