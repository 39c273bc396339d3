import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, type WebhookReceiver } from './receiver.ts';

let receiver: WebhookReceiver | undefined;
afterEach(async () => {
  await receiver?.down();
});

const secret = `whsec_${randomBytes(32).toString('base64')}`;

function post({ url }: WebhookReceiver, id: string, body: unknown, key = secret) {
  const payload = JSON.stringify(body);
  const at = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, payload),
  };
  return fetch(url, { method: 'POST', headers, body: payload, signal: AbortSignal.timeout(5_000) });
}

describe('startReceiver', { timeout: 20_000 }, () => {
  it('records deliveries and tells right signatures from wrong ones', async () => {
    receiver = await startReceiver();
    receiver.trust(secret);
    await post(receiver, 'evt_1', { n: 1 });
    await post(receiver, 'evt_1', { n: 1 });
    await post(receiver, 'evt_2', { n: 2 }, `whsec_${randomBytes(32).toString('base64')}`);
    expect(receiver.deliveries.map(({ verified, answered }) => [verified, answered])).toEqual([
      [true, 200],
      [true, 200],
      [false, 200],
    ]);
    expect(receiver.events).toEqual([{ n: 1 }]);
  });

  it('answers as it is told', async () => {
    receiver = await startReceiver({ answer: (_delivery, count) => ({ status: count === 0 ? 500 : 200 }) });
    expect((await post(receiver, 'evt_1', {})).status).toBe(500);
    expect((await post(receiver, 'evt_1', {})).status).toBe(200);
    receiver.answer({ status: 410, headers: { 'retry-after': '7' }, afterMs: 20 });
    const gone = await post(receiver, 'evt_2', {});
    expect([gone.status, gone.headers.get('retry-after')]).toEqual([410, '7']);
  });

  it('goes down, also while it keeps somebody waiting, and comes up on the same port', async () => {
    receiver = await startReceiver({ answer: { status: 'none' } });
    const { port } = receiver;
    const kept = post(receiver, 'evt_1', {});
    const failed = expect(kept).rejects.toThrow();
    await receiver.waitFor(({ headers }) => headers['webhook-id'] === 'evt_1');
    await receiver.down();
    await failed;
    await expect(post(receiver, 'evt_2', {})).rejects.toThrow();
    receiver.answer({});
    await receiver.up();
    expect(receiver.port).toBe(port);
    expect((await post(receiver, 'evt_2', {})).status).toBe(200);
  });

  it('waits for a delivery', async () => {
    receiver = await startReceiver();
    const awaited = receiver.waitFor(({ json }) => (json as { n: number }).n === 2);
    await post(receiver, 'evt_1', { n: 1 });
    await post(receiver, 'evt_2', { n: 2 });
    expect((await awaited).headers['webhook-id']).toBe('evt_2');
    await expect(receiver.waitFor(() => false, 60)).rejects.toThrow('A fitting delivery');
  });
});
