import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface Event {
  id: string;
  instance: string;
  sequence: number;
  type: string;
  data: { message?: { text?: string } };
}

describe('webhooks', () => {
  const running = oneFleet();

  it('carry signatures that the standardwebhooks package accepts, and numbers without gaps', async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await fleet.simulator.contactSendAll(
      ann.phone,
      linked.phone,
      Array.from({ length: 20 }, (_, n) => `n${n}`),
    );
    await fleet.receiver.waitFor(({ json }) => (json as Event).data.message?.text === 'n19');
    const mine = fleet.receiver.deliveries.filter(({ json }) => (json as Event).instance === id);
    expect(mine.every(({ verified }) => verified)).toBe(true);
    expect(mine.map(({ json }) => (json as Event).sequence)).toEqual(mine.map((_, index) => index + 1));
  });

  it('wait for a receiver that is down, and then come in order', async () => {
    const { fleet, tenant } = running;
    fleet.receiver.deliveries.length = 0;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await fleet.receiver.down();
    await fleet.simulator.contactSendAll(ann.phone, linked.phone, ['d1', 'd2', 'd3']);
    const deadline = performance.now() + 1_000;
    await eventually(() => performance.now() > deadline);
    await fleet.receiver.up();
    await fleet.receiver.waitFor(({ json }) => (json as Event).data.message?.text === 'd3', 30_000);
    const sequences = (fleet.receiver.events as Event[])
      .filter(({ instance }) => instance === id)
      .map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });

  it('end as dead letters when the receiver keeps failing, and come again with the same id when redriven', async () => {
    const { fleet, tenant } = running;
    const { linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await eventually(async () => (await tenant.deadLetters()).length === 0);
    const fails = (json: unknown) => (json as Event).data.message?.text === 'poison';
    fleet.receiver.answer(({ json }) => (fails(json) ? { status: 500 } : {}));
    await fleet.simulator.contactSend(ann.phone, linked.phone, 'poison');
    await fleet.simulator.contactSend(ann.phone, linked.phone, 'after');
    const [dead] = await eventually(
      async () => {
        const letters = await tenant.deadLetters();
        return letters.length > 0 && letters;
      },
      { timeoutMs: 60_000 },
    );
    expect(dead?.attempts.length).toBeGreaterThan(1);
    expect(dead?.attempts.every(({ status }) => status === 500)).toBe(true);
    await fleet.receiver.waitFor(({ json }) => (json as Event).data.message?.text === 'after', 30_000);

    fleet.receiver.answer({});
    const before = fleet.receiver.deliveries.length;
    await tenant.redrive(dead?.id ?? '');
    await eventually(
      () =>
        fleet.receiver.deliveries
          .slice(before)
          .some(({ headers, answered }) => headers['webhook-id'] === dead?.eventId && answered === 200),
      { timeoutMs: 20_000 },
    );
    await eventually(async () => (await tenant.deadLetters()).length === 0);
  });

  it('are listed with their attempts', async () => {
    const { fleet, tenant } = running;
    const webhook = await fleet.addWebhook(tenant);
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const deliveries = await eventually(async () => {
      const found = (await tenant.deliveries(webhook.id)).filter(
        ({ instance, state }) => instance === id && state === 'delivered',
      );
      return found.length > 0 && found;
    });
    expect(deliveries[0]?.attempts[0]).toMatchObject({ status: 200 });
  });

  it('never go to addresses inside the network that the operator has not allowed', async () => {
    const { tenant } = running;
    for (const url of ['http://169.254.169.254/latest', 'http://10.0.0.1/', 'http://[::1]:1/', 'ftp://example.com/']) {
      const refused = await tenant.request<{ code: string; message: string }>('POST', '/v1/webhooks', {
        body: { url },
      });
      expect([refused.status, refused.body.code], url).toEqual([400, 'BAD_WEBHOOK_URL']);
    }
  });
});
