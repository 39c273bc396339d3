import { channels, instanceKeys } from '@flotilla/contracts';
import { requestStep } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { asWorker, gatewayTest } from './gateway.ts';

const connected = { paired: true, desired: 'connected', status: { state: 'open', since: 1 } } as const;

/** Answers the next request to an instance as its owner would. @returns its id */
async function answerNext(redis: Redis, instance: string, result: unknown): Promise<string> {
  const id = await eventually(async () => (await redis.rpop(`fl:{${instance}}:requests:wait`)) ?? undefined);
  await redis.hset(instanceKeys.request(instance, id), ...requestStep({ status: 'done', result }));
  await redis.publish(channels.changed(instance), '1');
  return id;
}

describe('requests to the open connection', () => {
  gatewayTest('without a key leave nothing of their answer behind', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, connected);
    for (const headers of [undefined, { 'idempotency-key': 'ignored where one only looks' }]) {
      const asked = send('GET', `/v1/instances/${instance}/groups`, undefined, headers);
      const id = await answerNext(redis, instance, { items: [] });
      expect((await asked).body).toEqual({ items: [] });
      await eventually(async () => (await redis.exists(instanceKeys.request(instance, id))) === 0 || undefined);
    }
  });

  gatewayTest('with a key are asked once, and answered alike', async ({ send, instance, redis }) => {
    await asWorker(redis, instance, connected);
    const create = (subject: string) =>
      send('POST', `/v1/instances/${instance}/groups`, { subject, participants: [] }, { 'idempotency-key': 'a' });
    const asked = create('Friends');
    const group = { jid: '1@g.us', subject: 'Friends', participants: [], announcement: false, locked: false };
    await answerNext(redis, instance, group);
    expect((await asked).status).toBe(200);
    const again = await create('Friends');
    expect(again).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' }, body: (await asked).body });
    expect(await redis.llen(`fl:{${instance}}:requests:wait`)).toBe(0);
    expect((await create('Foes')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  gatewayTest('are so many at a time for one instance', { timeout: 60_000 }, async ({ send, instance, redis }) => {
    await asWorker(redis, instance, connected);
    const look = () => send('GET', `/v1/instances/${instance}/blocklist`);
    const waiting = Array.from({ length: 64 }, look);
    const queued = async () => redis.llen(`fl:{${instance}}:requests:wait`);
    await eventually(async () => (await queued()) === 64 || undefined, { timeoutMs: 20_000 });
    expect((await look()).body).toMatchObject({ statusCode: 429, code: 'TOO_MANY_REQUESTS' });
    for (let n = 0; n < 64; n += 1) await answerNext(redis, instance, { jids: [] });
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
    const next = look();
    await answerNext(redis, instance, { jids: [] });
    expect((await next).status).toBe(200);
  });
});
