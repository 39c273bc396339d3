import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

describe('restarts', () => {
  const running = oneFleet({ appendonly: true });

  /** Sends both ways and waits until both have arrived. */
  async function proveItWorks(id: string, linked: { phone: string }, contact: string, text: string): Promise<void> {
    const { fleet, tenant } = running;
    const sent = await tenant.sendText(id, contact, text, { waitSeconds: 30 });
    expect(sent.status).not.toBe('failed');
    await eventually(async () => (await fleet.simulator.inbox(contact)).entries.some((entry) => entry.text === text), {
      timeoutMs: 30_000,
    });
    await fleet.simulator.contactSend(contact, linked.phone, `answer to ${text}`);
    await fleet.receiver.waitFor(({ body }) => body.includes(`answer to ${text}`), 30_000);
  }

  it('of every app but the simulator need no new pairing', async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await proveItWorks(id, linked, ann.phone, 'before');
    for (const app of [...fleet.gateways, ...fleet.workers, ...fleet.webhookWorkers]) {
      await app.restart();
      await tenant.waitOpen(id);
      await proveItWorks(id, linked, ann.phone, `after ${app.name}`);
    }
    const { status } = await tenant.instance(id);
    expect(status.jid).toBe(linked.jid);
    expect((await fleet.simulator.counters()).undecryptable).toBe(0);
  });

  it('of Redis (SIGKILL, with AOF) lose nothing that was accepted, and everything resumes by itself', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await proveItWorks(id, linked, ann.phone, 'redis before');
    await tenant.request('POST', `/v1/instances/${id}/stop`);
    await tenant.waitState(id, 'closed', { reason: 'stopped' });
    const queued = await tenant.sendText(id, ann.phone, 'accepted before the crash');
    await fleet.redis.kill();
    const refused = await tenant.request<{ code: string }>('GET', `/v1/instances/${id}`);
    expect([refused.status, refused.body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
    await fleet.simulator.contactSend(ann.phone, linked.phone, 'sent while redis was down');
    await fleet.redis.restart();
    await eventually(async () => (await tenant.request('GET', `/v1/instances/${id}`)).status === 200, {
      timeoutMs: 20_000,
    });
    await tenant.connect(id);
    await tenant.waitOpen(id);
    await tenant.waitMessage(id, queued.messageId, 'delivered');
    await fleet.receiver.waitFor(({ body }) => body.includes('sent while redis was down'), 30_000);
    await proveItWorks(id, linked, ann.phone, 'redis after');
  });

  it('of Redis while instances are connected: sockets close at the deadline and come back', async () => {
    const { fleet, tenant } = running;
    const { id, linked, epoch } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    const loginsBefore = (await fleet.simulator.account(linked.phone)).logins;
    fleet.redis.pause();
    await eventually(async () => !(await fleet.simulator.account(linked.phone)).connected, { timeoutMs: 20_000 });
    fleet.redis.resume();
    await eventually(async () => (await fleet.simulator.account(linked.phone)).connected, { timeoutMs: 30_000 });
    expect((await fleet.simulator.account(linked.phone)).logins).toBeGreaterThan(loginsBefore);
    await eventually(async () => (await tenant.request('GET', `/v1/instances/${id}`)).status === 200, {
      timeoutMs: 20_000,
    });
    await tenant.waitOpen(id);
    expect((await tenant.instance(id)).epoch).toBeGreaterThanOrEqual(epoch ?? 0);
    await proveItWorks(id, linked, ann.phone, 'after the pause');
    expect((await fleet.simulator.counters()).conflicts).toBe(0);
  });
});
