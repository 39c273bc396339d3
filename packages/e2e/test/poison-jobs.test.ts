import type { FlotillaEvent } from '@flotilla/contracts';
import { type App, type Contact, eventually, type LinkedPhone } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

/** What others notice of a job that always fails, at most (ms): nothing. */
const undisturbedMs = 15_000;

const running = oneFleet();
let redis: Redis;
let sick: { id: string; linked: LinkedPhone };
let healthy: { id: string; linked: LinkedPhone };
let contact: Contact;

beforeAll(async () => {
  const { fleet, tenant } = running;
  redis = connectRedis(fleet.redis.url, { name: 'test', manner: 'patient' });
  await fleet.addWebhook(tenant);
  [sick, healthy] = await Promise.all([tenant.pairedInstance(fleet.simulator), tenant.pairedInstance(fleet.simulator)]);
  contact = await fleet.simulator.createContact();
});
afterAll(() => redis.disconnect());

const worker = (): App => {
  const [app] = running.fleet.workers;
  if (!app) throw new Error('There is no worker');
  return app;
};
/** How often a log says so. */
const times = (event: string, app = worker()) => app.logs().filter((line) => line.includes(`"${event}"`)).length;
const textsSeen = async () => (await running.fleet.simulator.inbox(contact.phone)).entries.map(({ text }) => text);

/** Has the worker see everything at once that is done meanwhile. */
async function unseen<T>(change: () => Promise<T>): Promise<T> {
  worker().pause();
  try {
    return await change();
  } finally {
    worker().resume();
  }
}

/** The request to connect an instance that is tried again and again. */
async function jobOf(instance: string): Promise<string | undefined> {
  const ids = await redis.zrange('fl:{connect}:connect:delayed', '0', '-1');
  const jobs = await Promise.all(ids.map((id) => redis.hget(`fl:{connect}:connect:${id}`, 'data')));
  return ids.find((_, n) => jobs[n]?.includes(instance));
}

/** Something said to the healthy instance, and something that it says, arrive as ever. */
async function expectUndisturbed(word: string): Promise<void> {
  const { fleet, tenant } = running;
  const began = performance.now();
  const sent = await tenant.sendText(healthy.id, contact.phone, word, { waitSeconds: 20 });
  expect(sent.status).not.toBe('queued');
  const incoming = await fleet.simulator.contactSend(contact.phone, healthy.linked.phone, word);
  const told = (event: FlotillaEvent) => event.type === 'messages.upsert' && event.data.message.id === incoming;
  await eventually(() => (fleet.receiver.events as FlotillaEvent[]).some(told), { timeoutMs: 20_000 });
  expect(performance.now() - began).toBeLessThan(undisturbedMs);
}

describe('a job that always fails', () => {
  it('as a message is given up after some tries, and the next one is sent', async () => {
    const { tenant } = running;
    const poison = await unseen(async () => {
      const { messageId } = await tenant.sendText(sick.id, contact.phone, 'never');
      // As if a worker had died over it and left something that nobody can read.
      const journal = { status: 'sending', content: Buffer.from('ffffffffff', 'hex') };
      await redis.hset(`fl:{${sick.id}}:msg:${messageId}`, journal);
      return messageId;
    });
    const next = await tenant.sendText(sick.id, contact.phone, 'after the poison');
    await expectUndisturbed('beside a poisoned lane');
    const failed = await tenant.waitMessage(sick.id, poison, 'failed', { timeoutMs: 60_000 });
    expect(failed.error?.code).toBe('undeliverable');
    await tenant.waitMessage(sick.id, next.messageId, 'acked');
    expect(await textsSeen()).not.toContain('never');
    expect(times('command.broken')).toBeLessThan(10);
    const told = (running.fleet.receiver.events as FlotillaEvent[]).filter(
      ({ type, data }) => type === 'messages.update' && (data as { id: string }).id === poison,
    );
    expect(told).toMatchObject([{ data: { status: 'failed', error: { code: 'undeliverable' } } }]);
  });

  it('as a control job is given up after some tries, and the next one is done', async () => {
    const { tenant } = running;
    await unseen(async () => {
      await tenant.restart(sick.id);
      const [job] = await redis.lrange(`fl:{${sick.id}}:control:wait`, 0, 0);
      await redis.set(`fl:{${sick.id}}:import:broken`, 'no hash');
      await redis.hset(`fl:{${sick.id}}:control:${job}`, 'data', '{"name":"import","requestId":"broken","device":"1"}');
      await tenant.logout(sick.id);
    });
    await expectUndisturbed('beside a poisoned control lane');
    await tenant.waitState(sick.id, 'closed', { reason: 'logged-out', timeoutMs: 60_000 });
    expect(times('control.broken')).toBeGreaterThan(1);
    expect(times('control.broken')).toBeLessThan(10);
  });

  it('as a request to connect comes again less and less often, and others connect', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.createInstance({ name: 'Broken' });
    await unseen(async () => {
      await tenant.connect(id);
      await redis.hset(`fl:{${id}}:record`, 'status', 'no JSON');
    });
    const tries = async () => Number((await redis.hget(`fl:{connect}:connect:${await jobOf(id)}`, 'atm')) ?? 0);
    await eventually(async () => (await tries()) > 1, { message: 'It has been tried' });
    const { id: other } = await tenant.createInstance({ name: 'Whole' });
    await tenant.pair(other, fleet.simulator);
    await expectUndisturbed('beside a broken record');
    expect(await tries()).toBeLessThan(8);
  });

  it('as a relay comes again after a pause, and the events of others are relayed', async () => {
    const [webhookWorker] = running.fleet.webhookWorkers;
    const { id } = await running.tenant.createInstance({ name: 'Garbled' });
    await redis.xadd(`fl:{${id}}:events`, '0-1', 'event', 'no JSON');
    await running.tenant.connect(id);
    await eventually(() => times('job.failed', webhookWorker) > 0, { timeoutMs: 20_000 });
    const before = times('job.failed', webhookWorker);
    await expectUndisturbed('beside a garbled log');
    expect(times('job.failed', webhookWorker) - before).toBeLessThan(6);
  });

  it('as a delivery comes again after a pause, and other endpoints get theirs', async () => {
    const { fleet, tenant } = running;
    const [webhookWorker] = fleet.webhookWorkers;
    const { id } = await tenant.createWebhook({ url: fleet.receiver.url });
    const key = `fl:{t:${tenant.tenant.id}}:endpoints`;
    const record = JSON.parse((await redis.hget(key, id)) ?? '') as { secrets: { sealed: string }[] };
    const secrets = record.secrets.map((secret) => ({ ...secret, sealed: 'AAAA' }));
    await redis.hset(key, id, JSON.stringify({ ...record, secrets }));
    const before = times('job.failed', webhookWorker);
    await expectUndisturbed('beside an endpoint whose secret cannot be opened');
    await eventually(() => times('job.failed', webhookWorker) > before, { timeoutMs: 20_000 });
    await expectUndisturbed('once more');
    expect(times('job.failed', webhookWorker) - before).toBeLessThan(12);
  });
});
