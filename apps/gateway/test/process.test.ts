import { fileURLToPath } from 'node:url';
import { channels } from '@flotilla/contracts';
import { Child, freePort } from '@flotilla/fleet';
import { eventually, redisTest } from '@flotilla/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { config, operatorKey } from './gateway.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const started: Child[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) await child.kill();
});

const launch = (env: Record<string, string | undefined>) =>
  Child.start({
    name: 'gateway',
    command: process.execPath,
    args: [main],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  });

/** A gateway as its users start it, and a client for it. */
async function startGateway(redisUrl: string) {
  const port = await freePort();
  const child = await launch({
    REDIS_URL: redisUrl,
    PORT: String(port),
    HOST: '127.0.0.1',
    OPERATOR_KEY: operatorKey,
    ENCRYPTION_KEYS: config.ENCRYPTION_KEYS,
    LOG_LEVEL: 'trace',
  });
  started.push(child);
  const base = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${base}/readyz`)).ok, { message: 'the gateway is ready' });
  const send = (path: string, key: string, body?: unknown) =>
    fetch(`${base}${path}`, {
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
  const create = async (path: string, key: string, body: unknown) =>
    (await send(path, key, body)).json() as Promise<{ id: string; key: string }>;
  const tenant = await create('/v1/tenants', operatorKey, { name: 'Acme' });
  const { key } = await create(`/v1/tenants/${tenant.id}/keys`, operatorKey, {});
  const { id } = await create('/v1/instances', key, { name: 'Support' });
  return { child, send, key, id };
}

describe('the gateway as a process', { timeout: 30_000 }, () => {
  redisTest('ends what waits when it is told to stop, and exits with 0', async ({ url, redis }) => {
    const { child, send, key, id } = await startGateway(url);
    const waiting = send(`/v1/instances/${id}/qr?wait=60`, key);
    await eventually(async () => Number((await redis.pubsub('NUMSUB', channels.changed(id)))[1]) > 0, {
      message: 'the request waits for a change',
    });
    const began = performance.now();
    const exit = child.stop();
    expect((await waiting).status).toBe(404);
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  redisTest('logs one line for each request, without keys, texts or numbers', async ({ url, redis }) => {
    const { child, send, key, id } = await startGateway(url);
    await redis.hset(`fl:{${id}}:record`, {
      paired: 'true',
      qr: JSON.stringify({ text: 'the-qr-text', expiresAt: 1 }),
    });
    await send(`/v1/instances/${id}/messages/text?token=in-the-query`, key, {
      to: '+1 415 555 0123',
      text: 'top secret',
    });
    await send(`/v1/instances/${id}/messages/text`, key, { to: '+1 415 555 0123', text: 7, password: 'hunter2' });
    await send('/v1/webhooks', key, { url: 'https://user:hunter2@example.com/' });
    await send(`/v1/instances/+14155550123`, `${key}-wrong`);
    await send('/14155550123', key);
    // A command that Redis itself refuses is an unforeseen error: what is logged of it must not hold its arguments.
    await redis.set(`fl:{${id}}:commands:wait`, 'not a list');
    const broken = await send(`/v1/instances/${id}/messages/text`, key, { to: '+1 415 555 0123', text: 'top secret' });
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toMatch(/WRONGTYPE|top secret/);
    await child.stop();

    const log = child.logs().join('\n');
    expect(log).toContain('WRONGTYPE');
    expect(log).not.toMatch(/top secret|415.?555|hunter2|in-the-query|the-qr-text/);
    expect(log).not.toContain(key);
    expect(log).not.toContain(operatorKey);
    const handled = child
      .logs()
      .filter((line) => line.includes('"request.handled"') && line.includes('/messages/text'));
    expect(handled).toHaveLength(3);
  });

  it.concurrent.each([
    ['OPERATOR_KEY', undefined, /^OPERATOR_KEY is missing: /],
    ['REDIS_URL', 'localhost', /^REDIS_URL is invalid /],
    ['ENCRYPTION_KEYS', 'k1:short', /^ENCRYPTION_KEYS is invalid /],
    ['PORT', 'http', /^PORT is invalid /],
    ['WEBHOOK_ALLOW_CIDRS', '10.0.0.0', /^WEBHOOK_ALLOW_CIDRS is invalid: 10.0.0.0 /],
    ['TRUST_PROXY', 'proxy.internal', /^TRUST_PROXY is invalid: /],
    ['MAX_BODY_BYTES', '5', /^MAX_BODY_BYTES is invalid /],
    ['COMPAT_BINDINGS', 'luna', /^COMPAT_BINDINGS is invalid: entry 1 is not understood: /],
  ])('says in one sentence what is wrong with %s=%s and exits with 1', async (name, value, sentence) => {
    const child = await launch({
      REDIS_URL: 'redis://127.0.0.1:1',
      OPERATOR_KEY: operatorKey,
      ENCRYPTION_KEYS: config.ENCRYPTION_KEYS,
      LOG_LEVEL: 'fatal',
      [name]: value,
    });
    expect(await child.exited).toEqual({ code: 1, signal: null });
    expect(child.logs()).toEqual([expect.stringMatching(sentence)]);
  });
});
