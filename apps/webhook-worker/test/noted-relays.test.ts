import { fleetKeys, queues } from '@flotilla/contracts';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { type Scene, sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

/** How many jobs were ever added to the queue of relays. */
const relayJobs = async ({ redis }: Scene) => Number(await redis.get(`${queues.relay.prefix}:${queues.relay.name}:id`));

describe('what is to be relayed', () => {
  sceneTest('needs no job, and leaves nothing behind', seconds(30), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver);
    const worker = scene.worker();
    for (let n = 1; n <= 5; n += 1) await Promise.all(['ins_a', 'ins_b'].map((instance) => scene.emit(instance, 2)));
    await eventually(() => receiver.accepted.length === 20);
    await scene.idle();
    expect(await relayJobs(scene)).toBe(0);
    await worker.close();
    expect(await scene.redis.exists(fleetKeys.news, fleetKeys.owedRelays)).toBe(0);
  });

  sceneTest('becomes a job where it is much, or where it fails', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver);
    await scene.emit('ins_a', 150, { nudge: false });
    scene.worker();
    await scene.emit('ins_a');
    await eventually(() => receiver.accepted.length === 151, { timeoutMs: 30_000 });
    expect(await relayJobs(scene)).toBe(1);
    await scene.redis.xadd('fl:{ins_b}:events', '0-1', 'event', 'no JSON');
    await scene.emit('ins_b');
    await eventually(async () => (await relayJobs(scene)) === 2);
    await scene.emit('ins_c');
    await eventually(() => receiver.accepted.length === 152);
  });

  sceneTest('comes to another worker when one dies that has taken it', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver);
    const { child } = await scene.process({ NODE_ENV: 'test', FAULT_POINTS: 'crash-before-push' });
    await scene.emit('ins_a');
    await child.exited;
    expect(await scene.redis.zcard(fleetKeys.owedRelays)).toBe(1);
    scene.worker();
    await eventually(() => receiver.accepted.length === 1, { timeoutMs: 30_000 });
  });
});
