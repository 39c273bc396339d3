import { eventually } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

describe('pairing', () => {
  const running = oneFleet();

  it('links a phone by QR code, shown within a second, and says so', async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const { id } = await tenant.createInstance({ name: 'Shop' });
    expect((await tenant.instance(id)).status.state).toBe('new');
    const began = performance.now();
    await tenant.connect(id);
    const { qr, dataUrl, expiresAt } = await tenant.qr(id);
    expect((performance.now() - began) / 1_000).toBeLessThan(1);
    expect(dataUrl).toMatch(/^data:image\/png;base64,/);
    expect(expiresAt).toBeGreaterThan(Date.now());

    const linked = await fleet.simulator.scanQr(qr);
    const open = await tenant.waitOpen(id);
    expect(open.paired).toBe(true);
    expect(open.status).toMatchObject({ jid: linked.jid, lid: linked.lid, phone: linked.phone });
    const again = await tenant.request('GET', `/v1/instances/${id}/qr`);
    expect(again.status).toBe(409);

    const opened = await fleet.receiver.waitFor(({ json }) => isState(json, id, 'open'));
    expect(opened.verified).toBe(true);
    const states = await eventually(() => {
      // What the phone tells of itself once it is linked may come before or after.
      const seen = fleet.receiver.events
        .filter((event) => instanceOf(event) === id)
        .map(typeAndState)
        .filter((told) => /^(connection|qrcode)\./.test(told));
      return seen.includes('connection.update open') && seen;
    });
    expect(states).toEqual([
      'connection.update connecting',
      'connection.update pairing',
      'qrcode.updated ',
      'connection.update connecting',
      'connection.update open',
    ]);
  });

  it('links a phone by pairing code', async () => {
    const { fleet, tenant } = running;
    const phone = '4915112340001';
    const { id } = await tenant.createInstance();
    const { code } = await tenant.pairingCode(id, '+49 151 1234-0001');
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const linked = await fleet.simulator.enterCode(phone, code);
    const open = await tenant.waitOpen(id);
    expect(open.status.jid).toBe(linked.jid);
    expect(open.status.phone).toBe(phone);
  });

  it('survives a wrong pairing code: the next one works', async () => {
    const { fleet, tenant } = running;
    const phone = '4915112340002';
    const { id } = await tenant.createInstance();
    await tenant.pairingCode(id, phone);
    await expect(fleet.simulator.enterCode(phone, 'AAAA-AAAA')).rejects.toThrow();
    const { code } = await tenant.pairingCode(id, phone);
    await fleet.simulator.enterCode(phone, code);
    await tenant.waitOpen(id);
  });

  it('logs out on request: the phone loses the device, credentials are gone, sending says what to do', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    await tenant.logout(id);
    const closed = await tenant.waitState(id, 'closed', { reason: 'logged-out' });
    expect(closed.paired).toBe(false);
    await eventually(async () => (await fleet.simulator.account(linked.phone)).devices.length === 0);
    const refused = await tenant.request<{ code: string; message: string }>(
      'POST',
      `/v1/instances/${id}/messages/text`,
      {
        body: { to: '+14155550100', text: 'hi' },
      },
    );
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('INSTANCE_NOT_PAIRED');
    expect(refused.body.message).toContain('logged-out');
  });

  it('notices that the phone removed the device, wipes, tells, and can be paired again', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    await fleet.simulator.unlink(linked.phone, linked.device);
    const closed = await tenant.waitState(id, 'closed', { reason: 'logged-out' });
    expect(closed.paired).toBe(false);
    expect(closed.status.code).toBe(401);
    await fleet.receiver.waitFor(({ json }) => isState(json, id, 'closed'));
    const again = await tenant.pair(id, fleet.simulator, linked.phone);
    expect(again.device).not.toBe(linked.device);
  });

  it('deletes an instance: gone for the tenant at once, logged out at the phone soon', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const deleted = await tenant.request('DELETE', `/v1/instances/${id}`);
    expect(deleted.status).toBe(204);
    expect((await tenant.request('GET', `/v1/instances/${id}`)).status).toBe(404);
    await eventually(async () => (await fleet.simulator.account(linked.phone)).devices.length === 0);
    // What is left says that it was there, for those who come late: fencing token, last events, journals.
    const left = async () =>
      (await keysOf(fleet.redis.url, id)).filter((key) => !/:(own|events|relayed|once:.*|msg:.*)$/.test(key));
    await eventually(async () => (await left()).length === 0, { message: 'Nothing of the instance is left' });
  });

  it('stops and starts again without pairing', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    await tenant.request('POST', `/v1/instances/${id}/stop`);
    await tenant.waitState(id, 'closed', { reason: 'stopped' });
    await eventually(async () => !(await fleet.simulator.account(linked.phone)).connected);
    await tenant.connect(id);
    const open = await tenant.waitOpen(id);
    expect(open.status.jid).toBe(linked.jid);
  });
});

/** Every key of an instance. */
async function keysOf(url: string, instance: string): Promise<string[]> {
  const redis = connectRedis(url, { name: 'test', manner: 'patient' });
  const keys = await redis.keys(`fl:{${instance}}*`);
  redis.disconnect();
  return keys;
}

const instanceOf = (event: unknown) => (event as { instance: string }).instance;
const typeAndState = (event: unknown) => {
  const { type, data } = event as { type: string; data: { state?: string } };
  return `${type} ${data.state ?? ''}`;
};
const isState = (event: unknown, id: string, state: string) =>
  instanceOf(event) === id && typeAndState(event) === `connection.update ${state}`;
