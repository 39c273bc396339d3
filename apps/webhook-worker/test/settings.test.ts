import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { endpointKeys, instanceKeys } from '@flotilla/contracts';
import { eventually } from '@flotilla/testkit';
import { bounds } from '@flotilla/webhook';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { type Received, startBytesReceiver } from './bytes-receiver.ts';
import { sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('an endpoint', () => {
  sceneTest('gets its own headers, and its bodies compressed if it wants so', seconds(20), async ({ scene }) => {
    const received: Received[] = [];
    const receiver = await startBytesReceiver(received);
    const { secret } = await scene.endpoint(receiver, {
      headers: { 'X-Api-Key': 'of-the-receiver' },
      compress: 'gzip',
    });
    scene.worker();
    await scene.emit('ins_a');
    const [first] = await eventually(() => received.length > 0 && received);
    await receiver.close();
    expect(first?.headers).toMatchObject({ 'x-api-key': 'of-the-receiver', 'content-encoding': 'gzip' });
    const body = gunzipSync(first?.body ?? Buffer.alloc(0)).toString('utf8');
    // What is signed is what the receiver reads, not what went over the wire.
    expect(new Webhook(secret).verify(body, first?.headers as Record<string, string>)).toMatchObject({ sequence: 1 });
  });

  sceneTest('gets the types that its patterns name', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver, { events: ['qrcode.*'] });
    const other = await scene.receiver();
    await scene.endpoint(other, { events: ['messages.*'] });
    scene.worker();
    await scene.emit('ins_a');
    await eventually(() => receiver.accepted.length === 1);
    await scene.idle();
    expect(other.received).toEqual([]);
  });

  sceneTest('without an order is not held up by what fails', seconds(30), async ({ scene }) => {
    const receiver = await scene.receiver(async ({ sequence }) => {
      await pause(50);
      return sequence === 1 ? 500 : 200;
    });
    const { id } = await scene.endpoint(receiver, { ordering: 'unordered', concurrency: 2 });
    scene.worker({ schedule: '1s,30s' });
    await scene.emit('ins_a', 30);
    await eventually(() => receiver.accepted.length === 29, { timeoutMs: 20_000 });
    expect(receiver.accepted.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(upTo(30).slice(1));
    expect(Math.max(...receiver.received.map(({ atOnce }) => atOnce))).toBe(2);
    await eventually(async () => (await scene.redis.get(endpointKeys.backlog(id))) === '1');
  });

  sceneTest(
    'that was down for longer than its mailbox holds gets the rest from the log, in order',
    seconds(90),
    async ({ scene }) => {
      let down = true;
      const receiver = await scene.receiver(() => (down ? 500 : 200));
      const { id } = await scene.endpoint(receiver);
      const worker = scene.worker({ schedule: Array(60).fill('500ms').join(',') });
      const total = bounds.mailbox + 500;
      await scene.emit('ins_a', total);
      await eventually(async () => (await scene.redis.scard(endpointKeys.behind(id))) === 1, { timeoutMs: 20_000 });
      await scene.emit('ins_a', 10);
      await eventually(async () => Number(await scene.redis.get(instanceKeys.relayed('ins_a'))) === total + 10);
      expect(await scene.redis.llen(endpointKeys.mailbox(id, 'ins_a'))).toBe(bounds.mailbox);
      down = false;
      await eventually(() => receiver.accepted.length === total + 10, { timeoutMs: 60_000 });
      expect(receiver.accepted.map(({ sequence }) => sequence)).toEqual(upTo(total + 10));
      expect(await scene.redis.exists(endpointKeys.behind(id))).toBe(0);
      expect(await worker.counted('flotilla_webhook_missed_events_total')).toBe(0);
    },
  );
});
