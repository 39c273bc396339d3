import {
  type EndpointRecord,
  endpointKeys,
  type FlotillaEvent,
  instanceKeys,
  type TurnJob,
  tenantKeys,
} from '@flotilla/contracts';
import { appendEvent, readFeed } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import { createKeyRing, generateKey } from '@flotilla/seal';
import { redisTest } from '@flotilla/testkit';
import { createEndpoints } from '@flotilla/webhook';
import { describe, expect, it } from 'vitest';
import { relay, wants } from './relay.ts';

const job = { instance: 'ins_a', tenant: 'ten_a' };

const append = async (redis: Redis, count: number) => {
  for (let n = 0; n < count; n += 1) {
    const event = { type: 'qrcode.updated' as const, occurredAt: Date.now(), data: { qr: 'q', expiresAt: 1 } };
    const { key, args } = appendEvent(job.instance, event);
    const [id = '', ...fields] = args.map(String);
    await redis.xadd(key, id, ...fields);
  }
};

/** A tenant with one endpoint, and queues that remember what is asked of them. */
async function setUp(redis: Redis) {
  const turns: TurnJob[] = [];
  const nudges: unknown[] = [];
  const jobs: unknown[] = [];
  const keyRing = createKeyRing(`k1:${generateKey()}`);
  const { id } = await createEndpoints({ redis, keyRing, addTurn: async () => {} }).create(job.tenant, {
    url: 'https://example.com',
  });
  const queues = {
    addTurns: async (jobs: readonly TurnJob[]) => {
      turns.push(...jobs);
    },
    nudgeRelay: async (nudge: unknown) => {
      nudges.push(nudge);
    },
    addRelay: async (job: unknown) => {
      jobs.push(job);
    },
  };
  const waiting = () => redis.llen(endpointKeys.mailbox(id, job.instance));
  const relayed = async () => Number(await redis.get(instanceKeys.relayed(job.instance)));
  return { id, turns, nudges, jobs, queues, waiting, relayed };
}

/** Sequences in the feed of the tenant, in its order. */
const fed = async (redis: Redis) => (await readFeed(redis, job.tenant, '0', 1_000)).map(({ sequence }) => sequence);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const going = new AbortController().signal;
/** What a relay is told nothing of here: nobody is at a mailbox, and nothing is missed. */
const quiet = {
  attend: () => undefined,
  metrics: { missed: { inc: () => expect.fail('nothing may be missed') } },
  log: { warn: () => expect.fail('nothing may be missed') },
};

describe('relay', () => {
  redisTest('fills mailboxes, asks for turns and raises the cursor', async ({ redis }) => {
    const { id, turns, queues, waiting, relayed } = await setUp(redis);
    await append(redis, 250);
    await relay({ ...quiet, redis, queues, stopping: going }, job);
    expect(await waiting()).toBe(250);
    expect(await relayed()).toBe(250);
    expect(turns[0]).toEqual({ endpoint: id, tenant: job.tenant });
  });

  redisTest('that dies before the turn is asked for does it all again, and adds nothing twice', async ({ redis }) => {
    const { turns, queues, waiting, relayed } = await setUp(redis);
    await append(redis, 3);
    const dying = { ...queues, addTurns: () => Promise.reject(new Error('killed here')) };
    await expect(relay({ ...quiet, redis, queues: dying, stopping: going }, job)).rejects.toThrow('killed here');
    expect(await waiting()).toBe(3);
    expect(await relayed()).toBe(0);
    await relay({ ...quiet, redis, queues, stopping: going }, job);
    expect(await waiting()).toBe(3);
    expect(turns).toHaveLength(1);
    expect(await relayed()).toBe(3);
  });

  redisTest('never lowers the cursor when two of them run', async ({ redis }) => {
    const { queues, waiting, relayed } = await setUp(redis);
    await append(redis, 5);
    // The slow one has read its five events when ten more come and are relayed by the other.
    const slow = {
      ...queues,
      addTurns: async () => {
        await append(redis, 10);
        await relay({ ...quiet, redis, queues, stopping: going }, job);
      },
    };
    await relay({ ...quiet, redis, queues: slow, stopping: going }, job);
    expect(await relayed()).toBe(15);
    expect(await waiting()).toBe(15);
  });

  redisTest('leaves nothing behind of an instance that was deleted', async ({ redis }) => {
    const { queues, relayed } = await setUp(redis);
    await append(redis, 1);
    await relay({ ...quiet, redis, queues, stopping: going }, job);
    await append(redis, 1);
    await redis.pexpire(instanceKeys.relayed(job.instance), 60_000);
    await relay({ ...quiet, redis, queues, stopping: going }, job);
    expect(await relayed()).toBe(2);
    expect(await redis.pttl(instanceKeys.relayed(job.instance))).toBeGreaterThan(0);
  });

  redisTest('that is told to stop leaves the rest to another', async ({ redis }) => {
    const { nudges, queues, relayed } = await setUp(redis);
    await append(redis, 150);
    await relay({ ...quiet, redis, queues, stopping: AbortSignal.abort() }, job);
    expect(await relayed()).toBe(100);
    expect(nudges).toEqual([job]);
  });
});

describe('a relay that is no job', () => {
  redisTest('leaves much to one that is', async ({ redis }) => {
    const { jobs, queues, waiting, relayed } = await setUp(redis);
    await append(redis, 99);
    await relay({ ...quiet, redis, queues, stopping: going }, job, { isJob: false });
    expect([await relayed(), await waiting(), jobs]).toEqual([99, 99, []]);
    await append(redis, 100);
    await relay({ ...quiet, redis, queues, stopping: going }, job, { isJob: false });
    expect([await relayed(), await waiting(), jobs]).toEqual([99, 99, [job]]);
  });
});

describe('relay into the feed', () => {
  const nobody = { addTurns: async () => {}, nudgeRelay: async () => {}, addRelay: async () => {} };

  redisTest('needs no endpoint', async ({ redis }) => {
    await redis.hset(tenantKeys.record(job.tenant), 'name', 'Acme');
    await append(redis, 250);
    await relay({ ...quiet, redis, queues: nobody, stopping: going }, job);
    expect(await fed(redis)).toEqual(upTo(250));
  });

  redisTest('that dies before the cursor has risen adds nothing twice', async ({ redis }) => {
    await redis.hset(tenantKeys.record(job.tenant), 'name', 'Acme');
    const { queues, relayed } = await setUp(redis);
    await append(redis, 3);
    const dying = { ...queues, addTurns: () => Promise.reject(new Error('killed here')) };
    await expect(relay({ ...quiet, redis, queues: dying, stopping: going }, job)).rejects.toThrow('killed here');
    expect(await fed(redis)).toEqual(upTo(3));
    expect(await relayed()).toBe(0);
    await append(redis, 2);
    await relay({ ...quiet, redis, queues, stopping: going }, job);
    expect(await fed(redis)).toEqual(upTo(5));
  });

  redisTest('that is overtaken by another keeps the order', async ({ redis }) => {
    await redis.hset(tenantKeys.record(job.tenant), 'name', 'Acme');
    const { queues } = await setUp(redis);
    await append(redis, 5);
    const slow = {
      ...queues,
      addTurns: async () => {
        await append(redis, 10);
        await relay({ ...quiet, redis, queues, stopping: going }, job);
      },
    };
    await relay({ ...quiet, redis, queues: slow, stopping: going }, job);
    expect(await fed(redis)).toEqual(upTo(15));
  });
});

describe('wants', () => {
  const endpoint: EndpointRecord = {
    id: 'wh_a',
    tenant: 'ten_a',
    url: 'https://example.com',
    events: ['*'],
    instances: [],
    format: 'native',
    headers: {},
    ordering: 'ordered',
    compress: 'none',
    description: '',
    enabled: true,
    createdAt: 1_000_000,
    secrets: [],
  };
  const event: FlotillaEvent = {
    id: 'evt_a_1',
    instance: 'ins_a',
    sequence: 1,
    type: 'qrcode.updated',
    occurredAt: 1_000_001,
    data: { qr: 'q', expiresAt: 1 },
  };

  it.each([
    [{}, {}, true],
    [{ enabled: false }, {}, false],
    [{ events: ['qrcode.updated'] }, {}, true],
    [{ events: ['messages.upsert'] }, {}, false],
    [{ instances: ['ins_a', 'ins_b'] }, {}, true],
    [{ instances: ['ins_b'] }, {}, false],
    [{ format: 'luna' as const }, {}, true],
    [{ format: 'luna' as const }, { type: 'call' }, false],
    [{ format: 'multi-instance' as const, events: ['messages.upsert'] }, {}, false],
    [{}, { occurredAt: 900_000 }, false],
    // Clocks differ: a little too early is not taken for before.
    [{}, { occurredAt: 995_000 }, true],
  ])('endpoint %j, event %j: %s', (ofEndpoint, ofEvent, expected) => {
    expect(wants({ ...endpoint, ...ofEndpoint }, { ...event, ...ofEvent } as FlotillaEvent)).toBe(expected);
  });
});
