import { describe, expect } from 'vitest';
import { asWorker, gatewayTest } from './gateway.ts';

const base = '/compat/qr-service';

describe('/init', () => {
  gatewayTest('keeps chatbotId beside other metadata, and changes it', async ({ send }) => {
    expect(await send('POST', `${base}/init`, { sessionId: 'bot', chatbotId: 'one' })).toMatchObject({
      status: 200,
      body: { success: true, sessionId: 'bot', status: 'connecting' },
    });
    await send('PATCH', '/v1/instances/bot', { metadata: { chatbotId: 'one', shop: '7' } });
    await send('POST', `${base}/init`, { sessionId: 'bot' });
    expect((await send('GET', '/v1/instances/bot')).body.metadata).toEqual({ chatbotId: 'one', shop: '7' });
    await send('POST', `${base}/init`, { sessionId: 'bot', chatbotId: 'two' });
    expect((await send('GET', '/v1/instances/bot')).body.metadata).toEqual({ chatbotId: 'two', shop: '7' });
    expect((await send('GET', '/v1/instances')).body.items).toHaveLength(1);
  });

  gatewayTest('has one webhook for each session that says where', async ({ send }) => {
    const webhooks = async () => (await send('GET', '/v1/webhooks')).body.items;
    await send('POST', `${base}/init`, { sessionId: 'a', backendUrl: 'https://example.com/one' });
    await send('POST', `${base}/init`, { sessionId: 'a', backendUrl: 'https://example.com/two' });
    await send('POST', `${base}/init`, { sessionId: 'b' });
    const { id } = (await send('GET', '/v1/instances/a')).body;
    expect(await webhooks()).toMatchObject([
      { url: 'https://example.com/two', instances: [id], format: 'qr-service', enabled: true },
    ]);
    const refused = await send('POST', `${base}/init`, { sessionId: 'c', backendUrl: 'http://127.0.0.1/' });
    expect(refused).toMatchObject({ status: 400, body: { success: false, code: 'BAD_WEBHOOK_URL' } });
    expect((await send('GET', `${base}/status/c`)).status).toBe(404);
  });
});

describe('/status', () => {
  gatewayTest('has the words of the document', async ({ send, redis }) => {
    await send('POST', `${base}/init`, { sessionId: 'bot' });
    const { id } = (await send('GET', '/v1/instances/bot')).body;
    const status = async () => (await send('GET', `${base}/status/bot`)).body;
    expect(await status()).toEqual({ sessionId: 'bot', status: 'connecting', lastConnectedAt: null });
    await asWorker(redis, id, {
      status: { state: 'pairing', since: 1 },
      qr: { text: 'q', expiresAt: Date.now() + 60_000 },
    });
    expect((await status()).status).toBe('qr_ready');
    const since = Date.parse('2024-01-15T10:30:00.123Z');
    await asWorker(redis, id, { status: { state: 'open', since, phone: '14155550100' }, paired: true });
    expect(await status()).toEqual({ sessionId: 'bot', status: 'connected', lastConnectedAt: '2024-01-15T10:30:00Z' });
    for (const [state, word] of [
      ['connecting', 'connecting'],
      ['backing-off', 'disconnected'],
      ['closed', 'disconnected'],
    ] as const) {
      await asWorker(redis, id, { status: { state, since: 1 } });
      expect((await status()).status).toBe(word);
    }
  });
});
