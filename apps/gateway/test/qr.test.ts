import { describe, expect } from 'vitest';
import { asWorker, gatewayTest } from './gateway.ts';

const qr = { text: '2@abcdefghijklmnopqrstuvwxyz,1,2,3', expiresAt: Date.now() + 3_600_000 };

describe('QR codes', () => {
  gatewayTest('a code is given as JSON, PNG, SVG or text', async ({ app, tenant, send, instance, redis }) => {
    const path = `/v1/instances/${instance}/qr`;
    await asWorker(redis, instance, { status: { state: 'pairing', since: 1 }, qr });
    const json = await send('GET', path);
    expect(json.body).toEqual({
      qr: qr.text,
      dataUrl: expect.stringMatching(/^data:image\/png;base64,/),
      expiresAt: qr.expiresAt,
    });
    expect(json.headers['cache-control']).toBe('no-store');

    const png = await app.inject({ url: path, headers: { 'x-api-key': tenant.key, accept: 'image/png' } });
    expect(png.headers['content-type']).toBe('image/png');
    expect(png.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    const svg = await send('GET', path, undefined, { accept: 'image/svg+xml' });
    expect(svg.headers['content-type']).toBe('image/svg+xml');
    expect(svg.text).toMatch(/^<svg/);
    const text = await send('GET', path, undefined, { accept: 'text/plain' });
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.text).toMatch(/[█▄▀]{5}/);
    for (const accept of ['*/*', 'text/html,application/xml;q=0.9,*/*;q=0.8', 'application/json', 'application/pdf'])
      expect((await send('GET', path, undefined, { accept })).body.qr).toBe(qr.text);
  });

  gatewayTest('without a code the answer says what is missing', async ({ send, instance, redis }) => {
    const path = `/v1/instances/${instance}/qr`;
    expect(await send('GET', path)).toMatchObject({
      status: 404,
      body: { code: 'QR_NOT_READY', message: expect.stringContaining('POST …/connect') },
    });
    await asWorker(redis, instance, {
      status: { state: 'pairing', since: 1 },
      qr: { ...qr, expiresAt: Date.now() - 1 },
    });
    expect(await send('GET', path)).toMatchObject({
      status: 404,
      body: { code: 'QR_NOT_READY', message: expect.stringContaining('is pairing') },
    });
    await asWorker(redis, instance, { paired: true, qr });
    expect((await send('GET', path)).body).toMatchObject({ statusCode: 409, code: 'ALREADY_PAIRED' });
  });

  gatewayTest('a request that waits is answered as soon as there is a code', async ({ send, instance, redis }) => {
    const began = performance.now();
    const waiting = send('GET', `/v1/instances/${instance}/qr?wait=20`);
    setTimeout(() => asWorker(redis, instance, { status: { state: 'pairing', since: 1 }, qr }), 300);
    expect(await waiting).toMatchObject({ status: 200, body: { qr: qr.text } });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  gatewayTest(
    'a request that waits in vain, or until a phone is linked, says so',
    async ({ send, instance, redis }) => {
      expect((await send('GET', `/v1/instances/${instance}/qr?wait=1`)).body.code).toBe('QR_NOT_READY');
      const waiting = send('GET', `/v1/instances/${instance}/qr?wait=20`);
      setTimeout(() => asWorker(redis, instance, { paired: true, status: { state: 'open', since: 1 } }), 300);
      expect((await waiting).body.code).toBe('ALREADY_PAIRED');
    },
  );
});

describe('pairing codes', () => {
  /** Answers the request for a code that waits in the control queue, as a worker would. */
  const answer = async (redis: Parameters<typeof asWorker>[0], instance: string, code: string) => {
    const data = JSON.parse((await redis.hget(`fl:{${instance}}:control:1`, 'data')) ?? 'null');
    if (!data) return undefined;
    await asWorker(redis, instance, { pairingCode: { code, expiresAt: 99, requestId: data.requestId } });
    return data;
  };

  gatewayTest('the code for this very request is waited for', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, { pairingCode: { code: 'OLDCODE1', expiresAt: 1, requestId: 'another' } });
    const waiting = send('POST', `/v1/instances/${instance}/pairing-code`, { phone: '+49 170 123 4567' });
    let asked: { phone: string } | undefined;
    const timer = setInterval(async () => {
      asked ??= await answer(redis, instance, 'ABCD1234');
    }, 100);
    const answered = await waiting;
    clearInterval(timer);
    expect(answered).toMatchObject({ status: 200, body: { code: 'ABCD-1234', expiresAt: 99 } });
    expect(asked?.phone).toBe('491701234567');
    expect(await redis.hget(`fl:{${instance}}:record`, 'desired')).toBe('connected');
  });

  gatewayTest('a phone number that is none, and a linked instance, are refused', async ({ send, instance, redis }) => {
    const path = `/v1/instances/${instance}/pairing-code`;
    for (const phone of ['0170 1234567', 'bobby tables', '+49 12', '14155550123@s.whatsapp.net'])
      expect((await send('POST', path, { phone })).body).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringMatching(/^body\/phone: /),
      });
    await asWorker(redis, instance, { paired: true });
    expect((await send('POST', path, { phone: '+49 170 1234567' })).body.code).toBe('ALREADY_PAIRED');
  });
});
