import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFlotilla, FlotillaError, idempotencyKey } from '../src/index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that answers with these statuses in turn, and what it was asked. */
async function serve(...statuses: (number | 'broken')[]) {
  const asked: { method?: string; url?: string; body: string; key?: string }[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const key = request.headers['idempotency-key'];
    asked.push({ method: request.method, url: request.url, body, ...(typeof key === 'string' && { key }) });
    const status = statuses[asked.length - 1] ?? 200;
    if (status === 'broken') return request.socket.destroy();
    const error = { statusCode: status, code: 'STORE_UNAVAILABLE', error: 'x', message: 'Ask again' };
    response.writeHead(status, { 'content-type': 'application/json', ...(status === 503 && { 'retry-after': '1' }) });
    response.end(JSON.stringify(status < 300 ? { id: 'msg', status: 'queued' } : error));
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, flotilla: createFlotilla({ baseUrl: `http://127.0.0.1:${port}/`, apiKey: 'key' }), port };
}

const path = { instance: 'ins_a' };
const text = { to: '14155550123', text: 'Hello' };

describe('a request', () => {
  it('with an idempotency key is repeated, its body too, when it fails for a passing reason', async () => {
    const { asked, flotilla } = await serve('broken', 503);
    const began = performance.now();
    await flotilla.POST('/v1/instances/{instance}/messages/text', {
      params: { path, header: { 'idempotency-key': 'k1' } },
      body: text,
    });
    const request = { method: 'POST', url: '/v1/instances/ins_a/messages/text', body: JSON.stringify(text), key: 'k1' };
    expect(asked).toEqual([request, request, request]);
    expect((performance.now() - began) / 1_000).toBeGreaterThan(0.9);
  });

  it('that might do something twice is not repeated', async () => {
    const { asked, flotilla } = await serve('broken');
    const failing = flotilla.POST('/v1/instances/{instance}/messages/text', { params: { path }, body: text });
    await expect(failing).rejects.toThrow(TypeError);
    expect(asked).toHaveLength(1);
  });

  it('that fails for good is not repeated, and throws what the API says', async () => {
    const { asked, flotilla } = await serve(404);
    const failure = await flotilla.GET('/v1/instances/{instance}', { params: { path } }).catch((error) => error);
    expect(failure).toBeInstanceOf(FlotillaError);
    expect(failure).toMatchObject({ status: 404, code: 'STORE_UNAVAILABLE', message: 'Ask again' });
    expect(asked).toHaveLength(1);
  });

  it('is given up after as many tries as are allowed', async () => {
    const { asked, port } = await serve(503, 503, 503, 503);
    const flotilla = createFlotilla({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'key', retries: 1 });
    await expect(flotilla.GET('/v1/instances')).rejects.toMatchObject({ status: 503, retryAfter: 1 });
    expect(asked).toHaveLength(2);
  });

  it('is over when its signal fires, also between two tries', async () => {
    const { flotilla } = await serve(503, 503, 503);
    const signal = AbortSignal.timeout(300);
    await expect(flotilla.GET('/v1/instances', { signal })).rejects.toThrow();
    expect(signal.aborted).toBe(true);
  });

  it('answered by something else than the API is told as such', async () => {
    const { port } = await serve();
    const html = async () => new Response('<html>', { status: 502 });
    const flotilla = createFlotilla({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'key', retries: 0, fetch: html });
    await expect(flotilla.GET('/v1/instances')).rejects.toMatchObject({ code: 'UNKNOWN', status: 502 });
  });
});

describe('an idempotency key', () => {
  it('is the same for the same parts, and for no others', () => {
    const keys = [['a', 'b'], ['ab'], ['a', 'b', ''], ['b', 'a'], ['a', 1], ['a', '1']].map((parts) =>
      idempotencyKey(...parts),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(idempotencyKey('order', 17)).toBe(idempotencyKey('order', 17));
    expect(idempotencyKey('order', 17)).toMatch(/^[\w-]{43}$/);
    expect(() => idempotencyKey()).toThrow(TypeError);
  });
});
