import { setTimeout as pause } from 'node:timers/promises';
import { endpointKeys } from '@flotilla/contracts';
import { freePort } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });
const instances = (count: number) => Array.from({ length: count }, (_, n) => `ins_${n}`);

describe('one endpoint', () => {
  sceneTest('that hangs or is down delays no other', seconds(60), async ({ scene }) => {
    const hanging = await scene.receiver(() => undefined);
    const healthy = await scene.receiver();
    await scene.endpoint(hanging);
    await scene.endpoint({ url: `http://127.0.0.1:${await freePort()}/` });
    const { id } = await scene.endpoint(healthy);
    scene.worker({ schedule: '1s,1s,1s,1s,1s,1s', timeoutMs: 6_000 });
    const began = performance.now();
    for (const instance of instances(30)) await scene.emit(instance, 2);
    await eventually(() => healthy.accepted.length === 60, { timeoutMs: 20_000 });
    // Well before the first hanging request has timed out.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(hanging.received.length).toBeGreaterThan(0);
    expect(await scene.redis.exists(endpointKeys.health(id))).toBe(0);
  });

  sceneTest('never has more requests in flight than it may, over all workers', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver(async () => {
      await pause(150);
      return 200;
    });
    await scene.endpoint(receiver);
    scene.worker({ endpointConcurrency: 3 });
    scene.worker({ endpointConcurrency: 3 });
    for (const instance of instances(10)) await scene.emit(instance, 4);
    await eventually(() => receiver.accepted.length === 40, { timeoutMs: 40_000 });
    const most = Math.max(...receiver.received.map(({ atOnce }) => atOnce));
    expect(most).toBe(3);
    expect(receiver.received).toHaveLength(40);
  });
});

describe('the breaker', () => {
  sceneTest(
    'spares an endpoint that is down, tries it with one event, and lets all come when it is back',
    seconds(60),
    async ({ scene }) => {
      const receiver = await scene.receiver(() => 500);
      const { id } = await scene.endpoint(receiver);
      // Opens for half the longest step, then for longer, but never for more than five of them.
      const worker = scene.worker({ schedule: '200ms,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s' });
      for (const instance of instances(20)) await scene.emit(instance);
      const opens = () => worker.counted('flotilla_webhook_breaker_opens_total');
      await eventually(async () => (await opens()) >= 1, { timeoutMs: 10_000 });
      // Up to nine more were in flight when the tenth failed.
      const beforeProbe = receiver.received.length;
      expect(beforeProbe).toBeLessThanOrEqual(20);
      await eventually(async () => (await opens()) >= 3, { timeoutMs: 20_000 });
      // Each opening after the first was caused by one probe, and nothing else came through.
      expect(receiver.received.length - beforeProbe).toBeLessThanOrEqual(await opens());

      receiver.answer(() => 200);
      await eventually(() => receiver.accepted.length === 20, { timeoutMs: 30_000 });
      expect(new Set(receiver.accepted.map((each) => each.id)).size).toBe(20);
      expect(await scene.redis.exists(endpointKeys.health(id))).toBe(0);
      expect(await scene.endpoints.listDeadLetters('ten_a', { limit: 10 })).toEqual({ items: [] });
    },
  );

  sceneTest('gives up without a try what has waited for longer than an event lives', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver(() => 500);
    const { id } = await scene.endpoint(receiver);
    scene.worker({ schedule: '200ms' });
    for (const instance of instances(10)) await scene.emit(instance, 15);
    await eventually(
      async () => {
        const page = await scene.endpoints.listDeadLetters('ten_a', { limit: 200 });
        return page?.items.length === 150;
      },
      { timeoutMs: 40_000 },
    );
    expect(receiver.received.length).toBeLessThan(150);
    expect(await scene.redis.keys(endpointKeys.mailbox(id, '*'))).toEqual([]);
  });
});
