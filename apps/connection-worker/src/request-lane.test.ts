import { instanceKeys, queues, type RequestJob } from '@flotilla/contracts';
import { createHistoryWriter, defaultBounds } from '@flotilla/history';
import { acceptRequest, readRequest } from '@flotilla/instance';
import { claim, readOwnership } from '@flotilla/lease';
import { createQueues, openLane, reclaim, sharedBackend } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import { createLogger } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { InstanceStore } from './instance-store.ts';
import { RequestLane } from './request-lane.ts';

const instance = 'ins_a';
const requestId = 'req_1';

/** A lane as an owner has it, and what a gateway does. `ask` stands for WhatsApp. */
async function scene(redis: Redis, ask: (job: RequestJob) => Promise<unknown>) {
  const producer = createQueues({ connection: redis });
  const { epoch } = await claim(redis, instance, {
    incarnation: 'w1',
    expected: await readOwnership(redis, instance),
  });
  const fence = { instance, owner: 'w1', epoch };
  let isOpen = true;
  const lane = new RequestLane({
    redis,
    lane: openLane<RequestJob>(instance, queues.requests, { connection: redis, backend: sharedBackend(redis) }),
    store: new InstanceStore({
      history: createHistoryWriter({ redis, instance, bounds: defaultBounds }),
      redis,
      queues: producer,
      fence,
      tenant: 'ten_a',
      onFenced: () => {},
    }),
    requester: () => (isOpen ? { ask } : undefined),
    reclaim: () => reclaim(redis, fence, queues.requests),
    mayWork: () => true,
    log: createLogger({ name: 'test', level: 'silent' }),
  });
  return {
    lane,
    setOpen: (open: boolean) => {
      isOpen = open;
    },
    /** What a gateway does with a request that its client waits for so long (ms). */
    async request(name: RequestJob['name'], waitMs: number, id = requestId) {
      const [acceptedAt, keepMs] = [Date.now(), 60_000];
      const asked = { instance, requestId: id, fingerprint: name, waitMs, keepMs };
      const accepted = await acceptRequest(redis, asked);
      await producer.addRequest(instance, { name, requestId: id, input: {}, acceptedAt, keepMs });
      return accepted;
    },
    async attend() {
      await lane.attend();
      await lane.idle();
    },
    outcome: (id = requestId) => readRequest(redis, instance, id),
  };
}

describe('a request that is repeated', () => {
  redisTest('after nobody has answered in time is asked then', async ({ redis }) => {
    const { request, attend, outcome } = await scene(redis, async () => ({ asked: true }));
    await request('profile.get', -1);
    await attend();
    expect(await outcome()).toMatchObject({ status: 'waiting' });
    expect(await request('profile.get', 25_000)).toBe('known');
    await attend();
    expect(await outcome()).toMatchObject({ status: 'done', result: { asked: true } });
  });

  redisTest('while the first still waits for a connection is asked as long as the second waits', async ({ redis }) => {
    const { request, attend, outcome, setOpen } = await scene(redis, async () => ({ asked: true }));
    setOpen(false);
    await request('profile.get', -1);
    await attend();
    expect(await request('profile.get', 25_000)).toBe('known');
    setOpen(true);
    await attend();
    expect(await outcome()).toMatchObject({ status: 'done' });
  });

  redisTest('while it is being asked, or has been, is not asked again', async ({ redis }) => {
    let count = 0;
    const { lane, request, attend, outcome } = await scene(redis, async () => {
      count += 1;
      if (count === 1) await request('group.create', 25_000);
      return { count };
    });
    await request('group.create', 25_000);
    await attend();
    expect(await request('group.create', 25_000)).toBe('known');
    await attend();
    await lane.idle();
    expect(await outcome()).toMatchObject({ status: 'done', result: { count: 1 } });
    expect(count).toBe(1);
  });

  redisTest('with another content is refused', async ({ redis }) => {
    const { request } = await scene(redis, async () => ({}));
    expect(await request('group.create', 25_000)).toBe('accepted');
    expect(await request('groups.list', 25_000)).toBe('conflict');
  });
});

describe('a request whose worker died', () => {
  redisTest('is not repeated if that could do it twice, and its outcome is said to be unknown', async ({ redis }) => {
    let count = 0;
    const { request, attend, outcome } = await scene(redis, async () => {
      count += 1;
      return {};
    });
    await request('group.create', 25_000);
    await redis.hset(instanceKeys.request(instance, requestId), 'status', 'running');
    await attend();
    expect(await outcome()).toMatchObject({ status: 'failed', error: { code: 'OUTCOME_UNKNOWN' } });
    expect(count).toBe(0);
  });

  redisTest('is asked again if that does no harm', async ({ redis }) => {
    const { request, attend, outcome } = await scene(redis, async () => ({ done: 1 }));
    await request('profile.get', 25_000);
    await redis.hset(instanceKeys.request(instance, requestId), 'status', 'running');
    await attend();
    expect(await outcome()).toMatchObject({ status: 'done', result: { done: 1 } });
  });
});

redisTest('an answer that would fill the memory of others is refused', async ({ redis }) => {
  const { request, attend, outcome } = await scene(redis, async () => ({ items: 'x'.repeat(9_000_000) }));
  await request('groups.list', 25_000);
  await attend();
  expect(await outcome()).toMatchObject({ status: 'failed', error: { code: 'ANSWER_TOO_LARGE' } });
  expect(await redis.memory('USAGE', instanceKeys.request(instance, requestId))).toBeLessThan(2_000);
});

redisTest('answers leave no job behind, and expire', async ({ redis }) => {
  const { request, attend } = await scene(redis, async () => ({}));
  for (const id of ['req_1', 'req_2', 'req_3']) await request('profile.get', 25_000, id);
  await attend();
  expect(await redis.exists(`fl:{${instance}}:requests:req_1`)).toBe(0);
  for (const id of ['req_1', 'req_2', 'req_3'])
    expect(await redis.pttl(instanceKeys.request(instance, id))).toBeGreaterThan(0);
});
