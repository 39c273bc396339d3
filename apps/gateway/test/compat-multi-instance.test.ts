import { describe, expect, it } from 'vitest';
import { lidOf, sanitizePhone } from '../src/compat/multi-instance/sends.ts';
import { asWorker, gatewayTest } from './gateway.ts';

const webhook = 'https://your-webhook.com/events';

/** The multi-instance dialect with the document's instance. */
const multiTest = gatewayTest
  .extend('api', async ({ send }) => {
    return (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) =>
      send(method, `/compat/multi-instance${path}`, body);
  })
  .extend('mine', async ({ api, send }) => {
    await api('POST', '/instances', { instanceId: 'my-instance', webhook });
    return (await send('GET', '/v1/instances/my-instance')).body.id as string;
  });

describe('multi-instance', () => {
  multiTest('gives each instance a webhook of its own, which the API shows', async ({ api, send, mine }) => {
    await api('POST', '/instances', { instanceId: 'other', webhook: `${webhook}/other` });
    await api('POST', '/instances', { instanceId: 'quiet' });
    const { items } = (await send('GET', '/v1/webhooks')).body;
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ url: webhook, instances: [mine], format: 'multi-instance', events: ['*'] });
    const { body } = await api('GET', '/instances');
    expect(body.instances.map((each: { webhook: string | null }) => each.webhook)).toEqual([
      webhook,
      `${webhook}/other`,
      null,
    ]);
    // What the tenant has set by the API stays out of it.
    await send('POST', '/v1/webhooks', { url: 'https://example.com/mine', instances: [mine] });
    expect((await api('GET', '/instances/my-instance/status')).body.webhook).toBe(webhook);
    await api('DELETE', '/instances/my-instance');
    const left = (await send('GET', '/v1/webhooks')).body.items.map(({ url }: { url: string }) => url);
    expect(left.sort()).toEqual(['https://example.com/mine', `${webhook}/other`]);
  });

  multiTest('makes nothing of an instance whose webhook may not be posted to', async ({ api }) => {
    for (const url of ['http://127.0.0.1/x', 'nonsense', 'ftp://example.com'])
      expect((await api('POST', '/instances', { instanceId: 'new', webhook: url })).status).toBe(400);
    expect((await api('GET', '/instances')).body).toEqual({ success: true, count: 0, instances: [] });
  });

  multiTest('says the state in the words of its events', async ({ api, mine, redis }) => {
    const status = async () => (await api('GET', '/instances/my-instance/status')).body.status;
    const qr = { text: '2@abc', expiresAt: Date.now() + 60_000 };
    expect(await status()).toBe('connecting');
    await asWorker(redis, mine, { status: { state: 'pairing', since: 1 }, qr });
    expect(await status()).toBe('qr');
    await asWorker(redis, mine, { paired: true, status: { state: 'open', since: 1, phone: '5511888888888' } });
    expect(await status()).toBe('open');
    await asWorker(redis, mine, { status: { state: 'backing-off', since: 1 } });
    expect(await status()).toBe('close');
    await asWorker(redis, mine, { paired: false, status: { state: 'closed', since: 1, reason: 'logged-out' } });
    expect((await api('GET', '/instances/my-instance/status')).body).toMatchObject({
      status: 'close',
      reason: 'logged-out',
    });
  });

  multiTest('gives the code as text and as picture, as soon as there is one', async ({ api, mine, redis }) => {
    const waiting = api('GET', '/instances/my-instance/qr');
    const qr = { text: '2@abc', expiresAt: Date.now() + 60_000 };
    setTimeout(() => asWorker(redis, mine, { status: { state: 'pairing', since: 1 }, qr }), 300);
    const { body, headers } = await waiting;
    expect(body).toMatchObject({
      status: 'qr',
      qr: '2@abc',
      qrCode: expect.stringMatching(/^data:image\/png;base64,/),
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  multiTest('says which field is missing or wrong', async ({ api, mine, redis }) => {
    await asWorker(redis, mine, { paired: true, status: { state: 'open', since: 1 } });
    const to = '5511999999999';
    const cases: [string, object, string][] = [
      ['sendMessage', { message: 'x' }, 'to: is missing'],
      ['sendMessage', { to }, 'message: is missing'],
      ['sendImage', { to, caption: 'x' }, 'url: is missing'],
      ['sendLocation', { to, latitude: -23.5 }, 'longitude: is missing'],
      ['sendLocation', { to, latitude: 91, longitude: 0 }, 'latitude: must be 90 or less'],
      ['sendLocation', { to, latitude: 'north', longitude: 0 }, 'latitude: must be a number'],
      ['sendContact', { to, contactName: 'John' }, 'contactNumber: is missing'],
      ['sendToLid', { message: 'x' }, 'lid: is missing'],
      ['lid-mappings', { lid: '123456789012345@lid' }, 'phoneNumber: is missing'],
    ];
    for (const [path, body, reason] of cases)
      expect(await api('POST', `/instances/my-instance/${path}`, body)).toMatchObject({
        status: 400,
        body: { success: false, error: expect.stringContaining(reason) },
      });
  });
});

describe('sanitizePhone', () => {
  it('takes every writing of a number, and no name', () => {
    for (const text of ['5511999999999', '+55 11 99999-9999', '0055 (11) 99999.9999'])
      expect(sanitizePhone(text, 'to')).toBe('5511999999999');
    for (const text of ['John', 'John 5511999999999', '5511999999999 (João)'])
      expect(() => sanitizePhone(text, 'contactNumber')).toThrow('contactNumber: contains letters');
    expect(() => sanitizePhone('123', 'to')).toThrow('to: ');
  });
});

describe('a LID', () => {
  it('is written with its server or without', () => {
    expect(lidOf('123456789012345@lid')).toBe('123456789012345@lid');
    expect(lidOf(' 123456789012345 ')).toBe('123456789012345@lid');
    for (const text of ['5511999999999@s.whatsapp.net', 'John', '12@lid'])
      expect(() => lidOf(text)).toThrow('is not a LID');
  });
});
