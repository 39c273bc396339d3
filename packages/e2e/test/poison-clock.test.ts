import type { FlotillaEvent } from '@flotilla/contracts';
import { ApiClient, type App, eventually, steppingClock } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

const hourMs = 3_600_000;
/** Shorter than the step: what is dated wrongly is over, or not there yet. */
const ttl = 600;

describe.each([
  ['forwards', hourMs],
  ['backwards', -hourMs],
])('a wall clock that is set an hour %s', (_direction, stepMs) => {
  const running = oneFleet({ workers: 0, webhookWorkers: 0 });

  it('under one worker, one gateway and one webhook worker changes nothing that anybody notices', async () => {
    const { fleet, tenant } = running;
    const env = steppingClock(stepMs);
    const [worker, webhookWorker, gateway] = await Promise.all([
      fleet.addWorker(env),
      fleet.addWebhookWorker(env),
      fleet.addGateway(env),
    ]);
    const step = (app: App) => process.kill(app.pid, 'SIGWINCH');
    await fleet.addWebhook(tenant);
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const { phone } = await fleet.simulator.createContact();
    const posted = (about: string) =>
      fleet.receiver.deliveries.filter(
        ({ json }) =>
          (json as FlotillaEvent).type === 'messages.upsert' &&
          (json as { data: { message: { id: string } } }).data.message.id === about,
      );
    const arrives = async (text: string) => {
      const incoming = await fleet.simulator.contactSend(phone, linked.phone, text);
      return eventually(() => posted(incoming).find(({ answered }) => answered === 200), { timeoutMs: 20_000 });
    };
    await tenant.sendText(id, phone, 'before', { waitSeconds: 20 });
    await arrives('before');
    const logins = async () => (await fleet.simulator.counters()).logins;
    const loginsBefore = await logins();

    step(worker);
    const { messageId, status } = await tenant.sendText(id, phone, 'worker', { ttl, waitSeconds: 20 });
    expect(status).not.toBe('failed');
    await eventually(
      () =>
        fleet.receiver.deliveries
          .map(({ json }) => json as FlotillaEvent)
          .some(({ type, data }) => type === 'messages.update' && data.id === messageId),
      { timeoutMs: 20_000, message: 'The webhook tells what became of the message' },
    );
    const { json } = await arrives('worker');
    expect(Math.abs((json as FlotillaEvent).occurredAt - Date.now())).toBeLessThan(60_000);

    step(gateway);
    const through = tenant.through(new ApiClient(gateway.url, fleet.operatorKey));
    const idempotencyKey = 'across a step';
    const sent = await through.sendText(id, phone, 'gateway', { ttl, idempotencyKey, waitSeconds: 20 });
    expect(['acked', 'delivered', 'read']).toContain(sent.status);
    const again = await tenant.sendText(id, phone, 'gateway', { ttl, idempotencyKey });
    expect(again.messageId).toBe(sent.messageId);
    // Made while the gateway's clock was wrong: it gets what happens from now on.
    await fleet.addWebhook(through, { url: `${fleet.receiver.url}/made-later` });

    // An attempt fails, and the clock is set before the next one is due.
    const refused = fleet.receiver.deliveries.length + 2;
    fleet.receiver.answer((_, count) => (count < refused ? { status: 500 } : {}));
    const retried = await fleet.simulator.contactSend(phone, linked.phone, 'webhook worker');
    await eventually(() => posted(retried).length > 0, { timeoutMs: 20_000 });
    step(webhookWorker);
    for (const path of ['/hook', '/hook/made-later'])
      await eventually(() => posted(retried).some((each) => each.path === path && each.answered === 200), {
        timeoutMs: 30_000,
        message: `${path} has got it in the end`,
      });
    await arrives('after all steps');
    expect(fleet.receiver.deliveries.every(({ verified }) => verified)).toBe(true);
    expect(await tenant.deadLetters()).toEqual([]);
    for (const { json } of fleet.receiver.deliveries)
      expect(Math.abs((json as FlotillaEvent).occurredAt - Date.now())).toBeLessThan(180_000);

    const shown = (await fleet.simulator.inbox(phone)).entries.map(({ text }) => text);
    expect(shown).toEqual(['before', 'worker', 'gateway']);
    expect(await logins()).toBe(loginsBefore);
    expect(worker.logs().some((line) => line.includes('lease.changed') && line.includes('expired'))).toBe(false);
  });
});
