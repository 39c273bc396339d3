import { eventually, type Fleet, startFleet, type TenantClient } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFlotilla, type Flotilla, FlotillaError, idempotencyKey, verifyWebhook } from '../src/index.ts';

let fleet: Fleet;
let tenant: TenantClient;
let flotilla: Flotilla;
beforeAll(async () => {
  fleet = await startFleet();
  tenant = await fleet.api.newTenant();
  flotilla = createFlotilla({ baseUrl: fleet.api.url, apiKey: tenant.key });
});
afterAll(() => fleet?.stop());

describe('the client, at a real gateway', () => {
  it('creates, links, sends once, lists, and verifies what it is told', async () => {
    const { data: webhook } = await flotilla.POST('/v1/webhooks', { body: { url: fleet.receiver.url } });
    const { data: instance, response } = await flotilla.POST('/v1/instances', {
      body: { name: 'Shop', alias: 'shop' },
    });
    expect([response.status, instance.status.state]).toEqual([201, 'new']);
    const path = { instance: 'shop' };
    await flotilla.POST('/v1/instances/{instance}/connect', { params: { path } });
    const { data: code } = await flotilla.GET('/v1/instances/{instance}/qr', {
      params: { path, query: { wait: 20 } },
    });
    const linked = await fleet.simulator.scanQr(code.qr);
    await eventually(async () => {
      const { data } = await flotilla.GET('/v1/instances/{instance}', { params: { path } });
      return data.status.state === 'open' && data.status.phone === linked.phone;
    });

    const ann = await fleet.simulator.createContact();
    const send = () =>
      flotilla.POST('/v1/instances/{instance}/messages/text', {
        params: { path, header: { 'idempotency-key': idempotencyKey('order', 17), prefer: 'wait=20' } },
        body: { to: ann.phone, text: 'Your order is on its way' },
      });
    const [first, second] = [await send(), await send()];
    expect(first.data.status).toBe('acked');
    expect(second.data.messageId).toBe(first.data.messageId);

    await fleet.simulator.contactSend(ann.phone, linked.phone, 'Thanks');
    const delivery = await fleet.receiver.waitFor(({ json }) => JSON.stringify(json).includes('"Thanks"'));
    const event = verifyWebhook(delivery.body, delivery.headers, webhook.secret);
    if (event.type !== 'messages.upsert') throw new Error(`It is ${event.type}`);
    expect(event).toMatchObject({ instance: instance.id, data: { message: { text: 'Thanks', fromMe: false } } });
    expect(() => verifyWebhook(`${delivery.body} `, delivery.headers, webhook.secret)).toThrow('signature-mismatch');

    const { data: messages } = await flotilla.GET('/v1/instances/{instance}/messages', { params: { path } });
    const texts = messages.items.map(({ text }) => text);
    expect(texts).toContain('Thanks');
    expect(texts.filter((text) => text === 'Your order is on its way')).toHaveLength(1);
    const { data: deliveries } = await flotilla.GET('/v1/webhooks/{webhook}/deliveries', {
      params: { path: { webhook: webhook.id } },
    });
    expect(deliveries.items.map(({ id }) => id)).toContain(event.id);
    await flotilla.DELETE('/v1/webhooks/{webhook}', { params: { path: { webhook: webhook.id } } });
  });

  it('throws what the API refuses, with its code', async () => {
    const failures = await Promise.all([
      flotilla.GET('/v1/instances/{instance}', { params: { path: { instance: 'nobody' } } }).catch((error) => error),
      flotilla.POST('/v1/webhooks', { body: { url: 'http://10.0.0.1/' } }).catch((error) => error),
      createFlotilla({ baseUrl: fleet.api.url, apiKey: 'wrong' })
        .GET('/v1/instances')
        .catch((error) => error),
    ]);
    for (const failure of failures) expect(failure).toBeInstanceOf(FlotillaError);
    expect(failures.map(({ status, code }) => [status, code])).toEqual([
      [404, 'INSTANCE_NOT_FOUND'],
      [400, 'BAD_WEBHOOK_URL'],
      [401, 'KEY_INVALID'],
    ]);
  });

  it('goes on by itself when the gateway restarts', async () => {
    const [gateway] = fleet.gateways;
    if (!gateway) throw new Error('There is no gateway');
    const restarted = gateway.restart();
    const patient = createFlotilla({ baseUrl: fleet.api.url, apiKey: tenant.key, retries: 10 });
    const { data } = await patient.GET('/v1/instances');
    expect(data.items.length).toBeGreaterThan(0);
    await restarted;
  });
});
