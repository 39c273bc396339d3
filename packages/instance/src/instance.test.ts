import { createHash } from 'node:crypto';
import { type CommandJob, instanceKeys, tenantKeys } from '@flotilla/contracts';
import { commandJobs, createQueues } from '@flotilla/queue';
import { redisTest } from '@flotilla/testkit';
import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import {
  AliasTakenError,
  acceptCommands,
  appendEvent,
  type CommandToAccept,
  createChanges,
  createInstances,
  journalStep,
  lastSequence,
  readEvents,
  readMessage,
} from './index.ts';

const fingerprint = (body: string) => createHash('sha256').update(body).digest('hex');
const command = (over: Partial<CommandToAccept> = {}): CommandToAccept => ({
  messageId: '3EB0A',
  command: 'send.text',
  to: '1@s.whatsapp.net',
  body: { to: '1@s.whatsapp.net', text: 'hi' },
  fingerprint: fingerprint('hi'),
  ttlMs: 60_000,
  ...over,
});

describe('instance records', () => {
  redisTest('are paged oldest first, each once, also those created in one millisecond', async ({ redis }) => {
    const instances = createInstances(redis);
    const created = await Promise.all(
      Array.from({ length: 25 }, (_, n) => instances.create({ tenant: 'ten_a', name: `n${n}` })),
    );
    await instances.create({ tenant: 'ten_b', name: 'foreign' });
    const seen: string[] = [];
    let cursor: { score: number; member: string } | undefined;
    do {
      const page = await instances.list('ten_a', { limit: 4, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(seen.toSorted()).toEqual(created.map(({ id }) => id).toSorted());
  });

  redisTest('vanish for the tenant at once when removed, but not for the worker that cleans up', async ({ redis }) => {
    const instances = createInstances(redis);
    const created = await instances.create({ tenant: 'ten_a', name: 'x' });
    const { id } = created;
    await instances.markRemoved(created);
    expect(await instances.get(id)).toBeUndefined();
    expect((await instances.list('ten_a', { limit: 10 })).items).toEqual([]);
    expect(await instances.read(id)).toMatchObject({ tenant: 'ten_a', desired: 'stopped' });
  });
});

describe('an alias', () => {
  const make = (redis: Redis, alias: string, tenant = 'ten_a') =>
    createInstances(redis).create({ tenant, name: 'x', alias });

  redisTest('names one instance of a tenant, and other tenants have their own', async ({ redis }) => {
    const instances = createInstances(redis);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => make(redis, 'shop')));
    const [made, ...further] = all.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
    expect(further).toEqual([]);
    expect(await instances.find('ten_a', 'shop')).toMatchObject({ id: made?.id, alias: 'shop' });
    expect(await instances.find('ten_b', 'shop')).toBeUndefined();
    expect((await instances.list('ten_a', { limit: 50 })).items).toHaveLength(1);
    await expect(make(redis, 'shop', 'ten_b')).resolves.toMatchObject({ alias: 'shop' });
    expect(await instances.find('ten_b', made?.id ?? '')).toBeUndefined();
  });

  redisTest('moves with its instance and is free again afterwards', async ({ redis }) => {
    const instances = createInstances(redis);
    const shop = await make(redis, 'shop');
    const office = await make(redis, 'office');
    await expect(instances.update(shop, { alias: 'office', name: 'never' })).rejects.toThrow(AliasTakenError);
    expect(await instances.get(shop.id)).toMatchObject({ alias: 'shop', name: 'x' });
    await instances.update(shop, { alias: 'store' });
    expect(await instances.find('ten_a', 'shop')).toBeUndefined();
    expect(await instances.find('ten_a', 'store')).toMatchObject({ id: shop.id });
    await instances.markRemoved(office);
    await expect(make(redis, 'office')).resolves.toMatchObject({ alias: 'office' });
  });

  redisTest('is taken away with null, like metadata, and is free again', async ({ redis }) => {
    const instances = createInstances(redis);
    const shop = await make(redis, 'shop');
    await instances.update(shop, { metadata: { city: 'Rome' } });
    await instances.update(shop, { alias: null, metadata: null });
    expect(await instances.get(shop.id)).toMatchObject({ alias: undefined, metadata: undefined, name: 'x' });
    await expect(make(redis, 'shop')).resolves.toMatchObject({ alias: 'shop' });
  });

  redisTest('that a crash has left behind may be had', async ({ redis }) => {
    const shop = await make(redis, 'shop');
    await redis.hset(instanceKeys.record(shop.id), 'removedAt', Date.now());
    await expect(make(redis, 'shop')).resolves.toMatchObject({ alias: 'shop' });
  });

  redisTest('that an interrupted renaming has left behind may be had', async ({ redis }) => {
    const shop = await make(redis, 'shop');
    await createInstances(redis).update(shop, { alias: 'store' });
    await redis.hset(tenantKeys.aliases('ten_a'), 'shop', shop.id);
    const next = await make(redis, 'shop');
    expect(await createInstances(redis).find('ten_a', 'shop')).toMatchObject({ id: next.id });
    expect(await createInstances(redis).find('ten_a', 'store')).toMatchObject({ id: shop.id });
  });

  redisTest('is one of those that were asked for at a time, and the others are free', async ({ redis }) => {
    const instances = createInstances(redis);
    const shop = await make(redis, 'shop');
    const wanted = ['a', 'b', 'c', 'd'];
    await Promise.all(wanted.map((alias) => instances.update(shop, { alias })));
    const { alias = '' } = (await instances.get(shop.id)) ?? {};
    expect(await instances.find('ten_a', alias)).toMatchObject({ id: shop.id });
    const others = wanted.filter((one) => one !== alias);
    for (const other of [...others, 'shop']) await expect(make(redis, other)).resolves.toMatchObject({ alias: other });
  });

  redisTest('that several instances want at a time goes to one, and the others keep theirs', async ({ redis }) => {
    const instances = createInstances(redis);
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((alias) => make(redis, alias)));
    const changes = await Promise.allSettled(all.map((one) => instances.update(one, { alias: 'shop' })));
    expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const now = await Promise.all(all.map(({ id }) => instances.get(id)));
    for (const [n, one] of now.entries())
      expect(one?.alias).toBe(changes[n]?.status === 'fulfilled' ? 'shop' : all[n]?.alias);
    for (const one of now) expect(await instances.find('ten_a', one?.alias ?? '')).toMatchObject({ id: one?.id });
  });
});

describe('accepting commands', () => {
  const target = { id: 'ins_a', tenant: 'ten_a' };
  const linked = { tenant: 'ten_a', paired: 'true', desired: 'connected' };
  const linkedTest = redisTest.extend('record', { auto: true }, async ({ redis }) => {
    await redis.hset(instanceKeys.record('ins_a'), linked);
    await redis.hset(instanceKeys.ownership('ins_a'), 'owner', 'wrk_a', 'epoch', 1);
    return linked;
  });
  const waiting = (redis: Redis, id = 'ins_a') => redis.lrange(`${commandJobs.base(id)}wait`, 0, -1);

  linkedTest('happens once for each message id', async ({ redis }) => {
    const same = Array.from({ length: 5 }, () => command());
    const all = await Promise.all(Array.from({ length: 10 }, () => acceptCommands(redis, target, same)));
    const outcomes = all.flatMap((one) => one?.acceptances.map(({ outcome }) => outcome));
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'replayed')).toHaveLength(49);
    expect(await waiting(redis)).toEqual(['3EB0A']);
  });

  linkedTest('keeps their order, and says whom to tell', async ({ redis }) => {
    const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
    const accepted = await acceptCommands(redis, target, ids.map((messageId) => command({ messageId }))); // biome-ignore format: a line
    expect(accepted).toEqual({
      acceptances: ids.map(() => ({ outcome: 'accepted', status: 'queued' })),
      isWanted: true,
      owner: 'wrk_a',
    });
    expect((await waiting(redis)).reverse()).toEqual(ids);
  });

  linkedTest('refuses the same id with another body, and leaves the first as it was', async ({ redis }) => {
    await acceptCommands(redis, target, [command()]);
    const other = await acceptCommands(redis, target, [
      command({ fingerprint: fingerprint('ho'), to: '2@s.whatsapp.net' }),
      command({ messageId: '3EB0B' }),
    ]);
    expect(other?.acceptances.map(({ outcome }) => outcome)).toEqual(['conflict', 'accepted']);
    expect(await readMessage(redis, 'ins_a', '3EB0A')).toMatchObject({ to: '1@s.whatsapp.net', status: 'queued' });
    expect(await waiting(redis)).toEqual(['3EB0B', '3EB0A']);
  });

  linkedTest('is for the own instances of a tenant, and for linked ones', async ({ redis }) => {
    expect(await acceptCommands(redis, { id: 'ins_a', tenant: 'ten_b' }, [command()])).toBeUndefined();
    expect(await acceptCommands(redis, { id: 'ins_b', tenant: 'ten_a' }, [command()])).toBeUndefined();
    const since = 1;
    for (const [status, outcome] of [
      [{ state: 'open', since }, 'accepted'],
      [{ state: 'closed', reason: 'stopped', since }, 'accepted'],
      [{ state: 'closed', reason: 'logged-out', since }, 'unlinked'],
      [{ state: 'closed', reason: 'refused', since }, 'unlinked'],
    ] as const) {
      await redis.hset(instanceKeys.record('ins_a'), 'status', JSON.stringify(status));
      const messageId = `m-${status.state}-${'reason' in status ? status.reason : ''}`;
      const accepted = await acceptCommands(redis, target, [command({ messageId })]);
      expect(accepted?.acceptances[0]?.outcome).toBe(outcome);
      expect(await redis.exists(instanceKeys.journal('ins_a', messageId))).toBe(outcome === 'accepted' ? 1 : 0);
    }
    await redis.hset(instanceKeys.record('ins_a'), 'removedAt', 5);
    expect(await acceptCommands(redis, target, [command({ messageId: 'late' })])).toBeUndefined();
    expect(await waiting(redis)).toHaveLength(2);
  });

  linkedTest('queues a job as the library for queues itself would have it', async ({ redis }) => {
    await acceptCommands(redis, target, [command()]);
    const own = await redis.hgetall(`${commandJobs.base('ins_a')}3EB0A`);
    const data: CommandJob = JSON.parse(own.data ?? '');
    const [library] = createQueues({ connection: redis }).forBoard('ins_b');
    await library?.add(data.name, data, { jobId: data.messageId });
    const theirs = await redis.hgetall(`${commandJobs.base('ins_b')}3EB0A`);
    const comparable = ({ opts, timestamp, ...fields }: Record<string, string>) => ({
      ...fields,
      opts: JSON.parse(opts ?? ''),
      timestamp: Number(timestamp) > 0,
    });
    expect(comparable(own)).toEqual(comparable(theirs));
    expect(await waiting(redis)).toEqual(await waiting(redis, 'ins_b'));
    const kept = (id: string) => redis.hget(commandJobs.meta(id), 'opts.maxLenEvents');
    expect(await kept('ins_a')).toBe(await kept('ins_b'));
    // In the other direction: what the library has added is not added again.
    await redis.hset(instanceKeys.record('ins_b'), linked);
    await acceptCommands(redis, { id: 'ins_b', tenant: 'ten_a' }, [command()]);
    expect(await waiting(redis, 'ins_b')).toEqual(['3EB0A']);
  });

  linkedTest('leaves nothing behind for ever', async ({ redis }) => {
    await acceptCommands(redis, target, [command()]);
    expect(await redis.pttl(instanceKeys.journal('ins_a', '3EB0A'))).toBeGreaterThan(0);
  });
});

describe('the journal', () => {
  redisTest('never goes back', async () => {
    expect(journalStep({ status: 'queued' }, 'sending', 1)).toBeDefined();
    expect(journalStep({ status: 'sending' }, 'delivered', 1)).toBeDefined();
    expect(journalStep({ status: 'read' }, 'delivered', 1)).toBeUndefined();
    expect(journalStep({ status: 'acked' }, 'acked', 1)).toBeUndefined();
    expect(journalStep({ status: 'acked' }, 'failed', 1)).toBeUndefined();
    expect(journalStep({ status: 'failed' }, 'acked', 1)).toBeUndefined();
    expect(journalStep({ status: 'sending' }, 'failed', 1)).toBeDefined();
  });
});

describe('the event log', () => {
  redisTest('numbers events without gaps and gives them back from any point', async ({ redis }) => {
    expect(await lastSequence(redis, 'ins_a')).toBe(0);
    for (let n = 1; n <= 5; n++) {
      const { key, args } = appendEvent('ins_a', { type: 'connection.update', occurredAt: n, data: { state: 'open' } });
      await redis.call('XADD', key, ...args);
    }
    expect(await lastSequence(redis, 'ins_a')).toBe(5);
    expect(await readEvents(redis, 'ins_a', 3, 10)).toEqual([
      {
        id: 'evt_a_4',
        instance: 'ins_a',
        sequence: 4,
        type: 'connection.update',
        occurredAt: 4,
        data: { state: 'open' },
      },
      {
        id: 'evt_a_5',
        instance: 'ins_a',
        sequence: 5,
        type: 'connection.update',
        occurredAt: 5,
        data: { state: 'open' },
      },
    ]);
    expect(await readEvents(redis, 'ins_a', 5, 10)).toEqual([]);
  });
});

describe('waiting for a change', () => {
  redisTest('ends with the change, with the time, or with the signal', async ({ redis, url }) => {
    const subscriber = new Redis(url);
    const changes = createChanges(subscriber);
    let value: number | undefined;
    const look = async () => value;
    const found = changes.waitFor('ins_a', look, { timeoutMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    value = 7;
    const began = performance.now();
    await redis.publish('fl:changed:ins_a', '1');
    expect(await found).toBe(7);
    expect(performance.now() - began).toBeLessThan(900); // by the message, not by looking again every second
    value = undefined;
    expect(await changes.waitFor('ins_a', look, { timeoutMs: 50 })).toBeUndefined();
    expect(
      await changes.waitFor('ins_a', look, { timeoutMs: 60_000, signal: AbortSignal.timeout(50) }),
    ).toBeUndefined();
    await subscriber.quit();
  });
});
