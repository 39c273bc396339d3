import type { Redis } from '@flotilla/redis';
import { eventually } from '@flotilla/testkit';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../src/compat/luna/messages.ts';
import { asWorker, gatewayTest, journal } from './gateway.ts';

const number = '5511999999999';

/** The luna dialect with an instance `shop` whose phone is linked. */
const lunaTest = gatewayTest
  .extend('luna', async ({ send }) => {
    return (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) =>
      send(method, `/compat/luna${path}`, body);
  })
  .extend('shop', async ({ luna, send, redis }) => {
    await luna('POST', '/instances', { name: 'shop' });
    const { id } = (await send('GET', '/v1/instances/shop')).body;
    await asWorker(redis, id, { paired: true, status: { state: 'open', since: 1, phone: '5511888888888' } });
    return id as string;
  });

/** Waits until a message is in the instance's journal, then moves it on as its owner would. */
async function settle(redis: Redis, instance: string, fields: Record<string, string | number>) {
  const key = await eventually(async () => (await redis.keys(`fl:{${instance}}:msg:*`))[0], {
    message: 'The message is in the journal',
  });
  await journal(redis, instance, key.split(':').at(-1) ?? '', fields);
}

describe('luna', () => {
  lunaTest('makes instances of the API: alias, connection and events as Baileys has them', async ({ send, luna }) => {
    expect((await luna('POST', '/instances', { instanceName: 'shop-01' })).status).toBe(201);
    expect((await send('GET', '/v1/instances/shop-01')).body).toMatchObject({
      name: 'shop-01',
      alias: 'shop-01',
      status: { state: 'waiting' },
      settings: { rawMessages: true },
    });
    for (const name of ['', 'a b', 'ins_x', 'x'.repeat(65), 'ä'])
      expect((await luna('POST', '/instances', { name })).status).toBe(400);
    // One that the API has made is there by its id.
    const { id } = (await send('POST', '/v1/instances', { name: 'Support' })).body;
    expect((await luna('GET', `/instances/${id}`)).body).toMatchObject({ instance: id, state: 'close' });
  });

  lunaTest('answers a message with what has become of it', async ({ luna, shop, redis }) => {
    const waiting = luna('POST', '/messages/text', { instance: 'shop', number, text: 'Hi' });
    await settle(redis, shop, { status: 'delivered', 'at:delivered': Date.now() });
    const { status, body } = await waiting;
    expect(status).toBe(200);
    expect(body).toMatchObject({ key: { remoteJid: `${number}@s.whatsapp.net` }, status: 3 });
  });

  lunaTest('answers a failed message with its reason, by whose fault it is', async ({ luna, shop, redis }) => {
    const failed = (code: string) => ({
      status: 'failed',
      'at:failed': Date.now(),
      error: JSON.stringify({ code, message: 'because' }),
    });
    for (const [code, expected] of [
      ['not-on-whatsapp', 400],
      ['refused', 500],
    ] as const) {
      const waiting = luna('POST', '/messages/text', { instance: 'shop', number, text: 'Hi' });
      await settle(redis, shop, failed(code));
      expect(await waiting).toMatchObject({ status: expected, body: { error: expect.stringContaining('because') } });
      await redis.del(await redis.keys(`fl:{${shop}}:msg:*`));
    }
  });

  lunaTest('says that a message waits while its number is stopped', async ({ luna, send, shop }) => {
    await send('POST', `/v1/instances/${shop}/stop`);
    const began = performance.now();
    const { status, body } = await luna('POST', '/messages/text', { instance: 'shop', number, text: 'Hi' });
    expect({ status, word: body.status }).toEqual({ status: 200, word: 1 });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  lunaTest('checks what it makes of a request as the API checks its own', async ({ luna, shop }) => {
    expect(shop).toBeTruthy();
    const tooLong = await luna('POST', '/messages/text', { instance: 'shop', number, text: 'x'.repeat(65_537) });
    expect(tooLong).toMatchObject({ status: 400, body: { error: expect.stringContaining('at most 65536') } });
    const inside = await luna('POST', '/messages/media', { instance: 'shop', number, url: 'http://127.0.0.1/x.png' });
    expect(inside.status).toBe(400);
    const noFile = await luna('POST', '/messages/media', { instance: 'shop', number, media: '***' });
    expect(noFile).toMatchObject({ status: 400, body: { error: expect.stringContaining('base64') } });
    expect((await luna('POST', '/messages/text', [])).status).toBe(400);
  });

  lunaTest('sends nothing twice under one Idempotency-Key', async ({ tenant, shop, luna }) => {
    await luna('GET', '/instances/shop');
    await tenant.send('POST', `/v1/instances/${shop}/stop`);
    const headers = { 'idempotency-key': 'order-4711' };
    const say = (text: string) =>
      tenant.send('POST', '/compat/luna/messages/text', { instance: 'shop', number, text }, headers);
    const first = await say('Hi');
    expect((await say('Hi')).body.messageId).toBe(first.body.messageId);
    expect(await say('Ho')).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  lunaTest('names no routes that only the API has', async ({ luna }) => {
    await luna('POST', '/instances', { name: 'new' });
    const { status, body } = await luna('POST', '/messages/text', { instance: 'new', number, text: 'Hi' });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'INSTANCE_NOT_PAIRED' });
    expect(body.error).not.toMatch(/POST|GET|\/docs/);
    expect((await luna('GET', '/nothing')).body.error).not.toMatch(/compat|\/docs/);
  });
});

describe('what a file is sent as', () => {
  it.each([
    ['image', undefined, undefined, 'image'],
    ['imageMessage', undefined, undefined, 'image'],
    ['ptt', undefined, undefined, 'audio'],
    ['file', 'image/png', undefined, 'document'],
    [undefined, 'video/mp4', 'film.bin', 'video'],
    [undefined, 'application/pdf', 'x.pdf', 'document'],
    [undefined, undefined, 'voice.OGG', 'audio'],
    [undefined, undefined, 'sticker.webp', 'sticker'],
    [undefined, undefined, undefined, 'document'],
  ])('%s, %s, %s: %s', (said, mimeType, name, kind) => {
    expect(kindOf(said, mimeType, name)).toBe(kind);
  });
});
