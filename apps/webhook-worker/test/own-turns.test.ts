import { fleetKeys, instanceKeys, queues } from '@flotilla/contracts';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { type Scene, sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

/** How many jobs were ever added to the queue of turns. */
const turnJobs = async ({ redis }: Scene) => Number(await redis.get(`${queues.turns.prefix}:${queues.turns.name}:id`));
const relayed = async ({ redis }: Scene, instance: string) => Number(await redis.get(instanceKeys.relayed(instance)));

describe('an event that comes alone', () => {
  sceneTest('is delivered without a job', seconds(30), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver);
    await scene.endpoint(receiver);
    scene.worker();
    for (let n = 1; n <= 3; n += 1) {
      await scene.emit('ins_a');
      await eventually(() => receiver.accepted.length === 2 * n);
      await scene.idle();
    }
    // The creation of an endpoint may ask for one.
    expect(await turnJobs(scene)).toBe(0);
  });

  sceneTest('does not hold up its instance where its endpoint is slow', seconds(30), async ({ scene }) => {
    const slow = await scene.receiver(() => undefined);
    const quick = await scene.receiver();
    await scene.endpoint(slow);
    await scene.endpoint(quick);
    scene.worker({ timeoutMs: 6_000 });
    for (let n = 1; n <= 3; n += 1) {
      await scene.emit('ins_a');
      await eventually(async () => (await relayed(scene, 'ins_a')) === n, { timeoutMs: 4_000 });
    }
    await eventually(() => quick.accepted.length === 3, { timeoutMs: 4_000 });
    expect(slow.received).toHaveLength(1);
    slow.answer(() => 200);
  });

  sceneTest('is tried again in time if that fails', seconds(30), async ({ scene }) => {
    const receiver = await scene.receiver(() => (receiver.received.length < 3 ? 500 : 200));
    const { id } = await scene.endpoint(receiver);
    scene.worker({ schedule: '300ms,300ms,300ms' });
    await scene.emit('ins_a');
    await eventually(async () => (await scene.states(id))[1] === 'delivered', { timeoutMs: 10_000 });
    expect(receiver.received).toHaveLength(3);
  });
});

describe('a worker that dies', () => {
  sceneTest.for([
    ['when a mailbox has the event, before it raises the cursor', 'crash-between-push-and-cursor'],
    ['when it has begun a turn, before it posts', 'crash-before-post'],
    ['when it has posted, before it writes that down', 'crash-between-post-and-settle'],
  ])('%s leaves nothing behind', seconds(90), async ([, point = ''], { scene }) => {
    const receiver = await scene.receiver();
    const { id } = await scene.endpoint(receiver);
    const { child } = await scene.process({ NODE_ENV: 'test', FAULT_POINTS: point });
    await Promise.all(['ins_a', 'ins_b', 'ins_c'].map((instance) => scene.emit(instance, 2)));
    await child.exited;
    await scene.process();
    await eventually(
      () => new Set(receiver.accepted.map(({ instance, sequence }) => `${instance} ${sequence}`)).size === 6,
      { timeoutMs: 60_000 },
    );
    for (const instance of ['ins_a', 'ins_b', 'ins_c']) {
      const sequences = receiver.accepted.filter((each) => each.instance === instance).map((each) => each.sequence);
      expect([...new Set(sequences)]).toEqual([1, 2]);
    }
    await eventually(async () => (await scene.states(id))[2] === 'delivered');
  });

  sceneTest(
    'behind the cursor leaves its turn to another, without news to remind it',
    seconds(90),
    async ({ scene }) => {
      const receiver = await scene.receiver(() => undefined);
      await scene.endpoint(receiver);
      const { child } = await scene.process();
      await scene.emit('ins_a');
      await eventually(() => receiver.received.length === 1);
      await eventually(async () => (await relayed(scene, 'ins_a')) === 1);
      await scene.idle();
      // No job anywhere knows of it.
      expect(await turnJobs(scene)).toBe(0);
      expect(await scene.redis.zcard(fleetKeys.owedTurns)).toBe(1);
      await child.kill();
      receiver.answer(() => 200);
      await scene.process();
      await eventually(() => receiver.accepted.length === 1, { timeoutMs: 60_000 });
      expect(receiver.received.map((each) => each.headers['webhook-id'])).toEqual(['evt_a_1', 'evt_a_1']);
    },
  );
});

sceneTest('a worker that ends leaves no turn noted', seconds(30), async ({ scene }) => {
  const receiver = await scene.receiver();
  await scene.endpoint(receiver);
  const worker = scene.worker();
  await scene.emit('ins_a');
  await eventually(() => receiver.accepted.length === 1);
  expect(await scene.redis.zcard(fleetKeys.owedTurns)).toBe(1);
  await worker.close();
  expect(await scene.redis.zcard(fleetKeys.owedTurns)).toBe(0);
});
