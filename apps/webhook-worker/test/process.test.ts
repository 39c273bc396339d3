import { setTimeout as pause } from 'node:timers/promises';
import { type Child, startRedis } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, it } from 'vitest';
import { Scene, sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

const lines = (child: Child, message: string) =>
  child
    .logs()
    .filter((line) => line.includes(`"msg":"${message}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a worker process', () => {
  sceneTest(
    'that is killed in the middle of a request leaves it to another, with the same id',
    seconds(90),
    async ({ scene }) => {
      const receiver = await scene.receiver(() => undefined);
      const { id } = await scene.endpoint(receiver);
      const { child: victim } = await scene.process();
      await scene.emit('ins_a', 2);
      await eventually(() => receiver.received.length === 1);
      await victim.kill();
      receiver.answer(() => 200);

      await scene.process();
      await eventually(() => receiver.accepted.length === 2, { timeoutMs: 45_000 });
      expect(receiver.received.map((each) => each.headers['webhook-id'])).toEqual(['evt_a_1', 'evt_a_1', 'evt_a_2']);
      await eventually(async () => (await scene.states(id))[2] === 'delivered');
    },
  );

  sceneTest('that stands still is overtaken, and changes nothing when it goes on', seconds(90), async ({ scene }) => {
    const receiver = await scene.receiver(() => undefined);
    const { id } = await scene.endpoint(receiver);
    const { child: frozen } = await scene.process();
    await scene.emit('ins_a', 3);
    await eventually(() => receiver.received.length === 1);
    frozen.pause();
    receiver.answer(() => 200);

    await scene.process();
    await eventually(() => receiver.accepted.length === 3, { timeoutMs: 45_000 });
    frozen.resume();
    await scene.emit('ins_a', 3);
    await eventually(() => receiver.accepted.length === 6);
    expect(receiver.received.map(({ sequence }) => sequence)).toEqual([1, 1, 2, 3, 4, 5, 6]);
    await eventually(async () => Object.values(await scene.states(id)).every((state) => state === 'delivered'));
    expect(frozen.exit).toBeUndefined();
  });

  sceneTest(
    'that is told to stop lets the request in flight finish and takes no other',
    seconds(60),
    async ({ scene }) => {
      const receiver = await scene.receiver(async () => {
        await pause(1_500);
        return 200;
      });
      const { id } = await scene.endpoint(receiver);
      const { child } = await scene.process();
      await scene.emit('ins_a', 5);
      await eventually(() => receiver.received.length === 1);
      expect(await child.stop()).toEqual({ code: 0, signal: null });
      expect(await scene.states(id)).toEqual({ 1: 'delivered' });
      expect(receiver.received).toHaveLength(1);

      // What waited goes on at once with the next worker.
      receiver.answer(() => 200);
      await scene.process();
      await eventually(() => receiver.accepted.length === 5, { timeoutMs: 10_000 });
      expect(receiver.received.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    },
  );

  sceneTest(
    'tells what it does in logs and metrics, and nothing of what it carries',
    seconds(60),
    async ({ scene }) => {
      const receiver = await scene.receiver((_, response) => {
        const status = receiver.received.length === 1 ? 503 : 200;
        response.writeHead(status).end('the-answer');
        return undefined;
      });
      const { id, secret } = await scene.endpoint({ url: `${receiver.url}?key=in-the-url` });
      const { child, operations } = await scene.process();
      await scene.emit('ins_a');
      await eventually(async () => (await scene.states(id))[1] === 'delivered');
      await eventually(() => lines(child, 'delivery.attempted').length === 2);
      expect(lines(child, 'delivery.attempted')).toMatchObject([
        { endpoint: id, instance: 'ins_a', eventId: 'evt_a_1', attempt: 1, status: 503, outcome: 'retrying' },
        { endpoint: id, eventId: 'evt_a_1', attempt: 2, status: 200, outcome: 'delivered' },
      ]);
      expect(lines(child, 'delivery.attempted')[0]?.retryInMs).toBeGreaterThan(0);
      const metrics = await (await fetch(`${operations}/metrics`)).text();
      expect(metrics).toMatch(/flotilla_webhook_attempts_total\{.*outcome="delivered".*\} 1/);
      expect(metrics).toMatch(/flotilla_webhook_attempt_duration_seconds_count\{.*\} 2/);
      expect(metrics).toMatch(/flotilla_webhook_jobs\{.*queue="turns".*\}/);
      expect((await fetch(`${operations}/healthz`)).status).toBe(200);
      const log = child.logs().join('\n');
      for (const hidden of [secret, 'the-answer', 'in-the-url', '"q0"']) expect(log).not.toContain(hidden);
    },
  );
});

describe('a worker whose Redis is killed', () => {
  it('goes on by itself when Redis is back, and loses nothing', seconds(120), async () => {
    const server = await startRedis({ appendonly: true });
    const redis = connectRedis(server.url, { name: 'test', manner: 'patient' });
    const scene = new Scene(redis, server.url);
    try {
      let down = true;
      const receiver = await scene.receiver(() => (down ? 500 : 200));
      await scene.endpoint(receiver);
      const { child, operations } = await scene.process({ WEBHOOK_RETRY_SCHEDULE: Array(40).fill('500ms').join(',') });
      await scene.emit('ins_a', 20);
      await scene.emit('ins_b', 20);
      await eventually(() => receiver.received.length >= 2);
      await server.kill();
      await eventually(async () => (await fetch(`${operations}/readyz`)).status === 503, { timeoutMs: 10_000 });
      await pause(5_000);
      down = false;
      await server.restart();
      await scene.emit('ins_a', 5);
      await eventually(() => receiver.accepted.length >= 45, { timeoutMs: 60_000 });
      expect((await fetch(`${operations}/readyz`)).status).toBe(200);
      expect(child.exit).toBeUndefined();
      for (const [instance, count] of [['ins_a', 25] as const, ['ins_b', 20] as const]) {
        const sequences = receiver.accepted.filter((each) => each.instance === instance).map((each) => each.sequence);
        expect([...new Set(sequences)]).toEqual(Array.from({ length: count }, (_, n) => n + 1));
      }
    } finally {
      await scene.close();
      redis.disconnect();
      await server.stop();
    }
  });
});

describe('a configuration that cannot be', () => {
  redisTest.for([
    ['WEBHOOK_RETRY_SCHEDULE', '5s,soon'],
    ['WEBHOOK_RETRY_SCHEDULE', '5s,60h'],
    ['WEBHOOK_TIMEOUT', '2h'],
    ['WEBHOOK_ALLOW_CIDRS', '10.0.0.0/33'],
    ['WEBHOOK_CONCURRENCY', '1'],
    ['ENCRYPTION_KEYS', 'k1:short'],
  ] as const)('%s=%s is one sentence and exit code 1', seconds(20), async ([name, value], { redis }) => {
    const scene = new Scene(redis);
    try {
      const { child } = await scene.begin({ [name]: value });
      expect((await child.exited).code).toBe(1);
      expect(child.logs()).toEqual([expect.stringMatching(new RegExp(`^${name} is invalid \\(.+\\): set it to .+`))]);
    } finally {
      await scene.close();
    }
  });
});
