import { describe, expect } from 'vitest';
import { asWorker, gatewayTest, newTenant } from './gateway.ts';
import { ann, ownHistory, textFromAnn } from './history.ts';
import { happen } from './live.ts';

const base = '/compat/sessions';
const path = `${base}/api/sessions/loja-01`;
const group = '120363023456789012@g.us';

const sessionTest = gatewayTest.extend('loja', async ({ send }) => {
  expect((await send('POST', `${base}/api/sessions`, { sessionId: 'loja-01' })).status).toBe(201);
  return (await send('GET', '/v1/instances/loja-01')).body.id as string;
});

describe('the status of a session', () => {
  sessionTest('follows from its instance', async ({ send, redis, loja }) => {
    const later = Date.now() + 60_000;
    const pairing = { state: 'pairing', since: 1 } as const;
    const status = async () => (await send('GET', path)).body.status;
    expect(await status()).toBe('idle');
    await asWorker(redis, loja, { status: pairing });
    expect(await status()).toBe('idle');
    await asWorker(redis, loja, { qr: { text: 'a code', expiresAt: later } });
    expect(await status()).toBe('waiting-qr');
    await asWorker(redis, loja, { pairingCode: { code: 'ABCD1234', expiresAt: later, requestId: 'r' } });
    expect((await send('GET', path)).body).toMatchObject({
      status: 'waiting-code',
      pairingCode: 'ABCD-1234',
      pairingCodeExpiresAt: new Date(later).toISOString(),
      qrCode: 'a code',
    });
    await asWorker(redis, loja, { status: { state: 'open', since: 1, phone: '14155550100' }, paired: true });
    expect((await send('GET', path)).body).toMatchObject({
      status: 'connected',
      pairingCode: null,
      pairingCodeExpiresAt: null,
      qrCode: null,
    });
    for (const state of ['backing-off', 'connecting', 'closed'] as const) {
      await asWorker(redis, loja, { status: { state, since: 1 } });
      expect(await status()).toBe('disconnected');
      const sent = await send('POST', `${path}/messages`, { to: ann.phone, message: 'x' });
      expect(sent).toMatchObject({ status: 400, body: { code: 'INSTANCE_NOT_CONNECTED' } });
    }
    await asWorker(redis, loja, {
      status: { state: 'closed', since: 1, reason: 'pairing-timeout' },
      paired: false,
      qr: { text: 'a code', expiresAt: 1 },
      pairingCode: { code: 'ABCD1234', expiresAt: 1, requestId: 'r' },
    });
    expect(await status()).toBe('disconnected');
  });

  sessionTest('has the time of its QR code', async ({ send, redis, tenant, loja }) => {
    const occurredAt = Date.now() - 5_000;
    const expiresAt = Date.now() + 60_000;
    await happen(redis, { tenant: tenant.tenant, instance: loja }, [
      { type: 'qrcode.updated', occurredAt: occurredAt - 20_000, data: { qr: 'older', expiresAt: 1 } },
      { type: 'qrcode.updated', occurredAt, data: { qr: 'a code', expiresAt } },
    ]);
    await asWorker(redis, loja, { status: { state: 'pairing', since: 1 }, qr: { text: 'a code', expiresAt } });
    const qrCodeUpdatedAt = new Date(occurredAt).toISOString();
    expect((await send('GET', `${path}/qr`)).body).toEqual({
      sessionId: 'loja-01',
      available: true,
      qrCode: 'a code',
      qrCodeUpdatedAt,
      status: 'waiting-qr',
    });
    expect((await send('GET', `${base}/api/sessions`)).body.items).toMatchObject([{ qrCodeUpdatedAt }]);
  });
});

describe('messages', () => {
  sessionTest(
    'have phone numbers, whichever address WhatsApp uses, and groups their JID',
    async ({ send, redis, loja }) => {
      await asWorker(redis, loja, { status: { state: 'open', since: 1, phone: '14155550100' }, paired: true });
      const { history, write } = await ownHistory(redis, loja);
      const at = Date.now() - 60_000;
      const own = { fromMe: true, sender: { jid: '14155550100@s.whatsapp.net' } };
      const stranger = { chat: '88002@lid', sender: { jid: '88002@lid' } };
      await write(
        history.append({ message: textFromAnn('m1', at, { chat: ann.lid, sender: { ...ann, jid: ann.lid } }) }),
      );
      await write(history.append({ message: textFromAnn('m2', at + 1_000, { ...own, chat: ann.lid }) }));
      await write(history.append({ message: textFromAnn('m3', at + 2_000, { chat: group }) }));
      await write(history.append({ message: textFromAnn('m4', at + 3_000, stranger) }));
      const { body } = await send('GET', `${path}/messages`);
      expect(body.items.map(({ from, to }: { from: string; to: string }) => [from, to])).toEqual([
        ['88002', '14155550100'],
        [group, '14155550100'],
        ['14155550100', ann.phone],
        [ann.phone, '14155550100'],
      ]);
      // Its status has the number only while it is connected.
      await asWorker(redis, loja, { status: { state: 'backing-off', since: 1 } });
      expect((await send('GET', path)).body).toMatchObject({ status: 'disconnected', phoneNumber: '14155550100' });
      expect((await send('GET', `${path}/messages?direction=incoming`)).body.items[0].to).toBe('14155550100');
      const before = new Date(at + 1_000).toISOString();
      expect((await send('GET', `${path}/messages?before=${before}`)).body.items).toHaveLength(1);
      // Filters that leave much out do not shorten the page.
      for (let n = 0; n < 60; n += 1) await write(history.append({ message: textFromAnn(`n${n}`, at + 4_000 + n) }));
      expect((await send('GET', `${path}/messages`)).body.items).toHaveLength(50);
      expect((await send('GET', `${path}/messages?limit=200`)).body.items).toHaveLength(64);
      expect((await send('GET', `${path}/messages?direction=outgoing`)).body.items).toHaveLength(1);
      const metrics = (await send('GET', `${base}/api/metrics/sessions/loja-01`)).body;
      expect(metrics).toMatchObject({ totals: { messages: 64, failed: 0 }, directions: { incoming: 63, outgoing: 1 } });
      expect(metrics.latestMessages).toHaveLength(10);
    },
  );
});

describe('a session', () => {
  sessionTest('is there for its tenant alone', async ({ app, loja }) => {
    expect(loja).toMatch(/^ins_/);
    const other = await newTenant(app);
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/qr'],
      ['GET', '/messages'],
      ['DELETE', '/messages'],
    ] as const)
      expect((await other.send(method, `${path}${rest}`)).status).toBe(404);
    expect((await other.send('GET', `${base}/api/metrics/sessions/loja-01`)).status).toBe(404);
    expect((await other.send('GET', `${base}/api/metrics`)).body.sessions.total).toBe(0);
    expect((await other.send('POST', `${path}/messages`, { to: ann.phone, message: 'x' })).status).toBe(404);
  });
});
