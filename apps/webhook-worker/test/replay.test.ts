import { eventually } from '@flotilla/testkit';
import { createReplays } from '@flotilla/webhook';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import type { Receiver } from './receiver.ts';
import { type Scene, sceneTest, tenant } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

const replaysOf = ({ redis, queues }: Scene) => createReplays({ redis, addReplay: queues.addReplay });

/** Waits until a replay has come to a state. */
const ended = (scene: Scene, id: string, state = 'done', timeoutMs = 30_000) =>
  eventually(
    async () => {
      const replay = await replaysOf(scene).get(tenant, id);
      if (replay?.state !== state) throw new Error(JSON.stringify(replay));
      return replay;
    },
    { timeoutMs },
  );

const start = async (scene: Scene, webhook: string, input: Parameters<ReturnType<typeof replaysOf>['start']>[2]) => {
  const replay = await replaysOf(scene).start(tenant, webhook, input);
  if (!replay) throw new Error(`there is no ${webhook}`);
  return replay;
};

const deadLetters = async (scene: Scene, webhook: string) =>
  (await scene.endpoints.listDeadLetters(tenant, { webhook, limit: 200 }))?.items ?? [];

/** Sequences that a receiver accepted from an instance, by whether they came by a replay. */
const sequences = ({ accepted }: Receiver, instance: string, isReplay: boolean) =>
  accepted
    .filter((each) => each.instance === instance && (each.headers['flotilla-replay'] !== undefined) === isReplay)
    .map(({ sequence }) => sequence);

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('a replay', () => {
  sceneTest(
    'brings what an outage has cost, each event once and in order, while live traffic goes on',
    seconds(90),
    async ({ scene }) => {
      const receiver = await scene.receiver();
      const instances = [await scene.instance('a'), await scene.instance('b')];
      const { id, secret } = await scene.endpoint(receiver);
      const began = Date.now();
      scene.worker({ schedule: '50ms,100ms' });
      for (const instance of instances) await scene.emit(instance, 5);
      await eventually(() => receiver.accepted.length === 10);

      receiver.answer(() => 500);
      for (const instance of instances) await scene.emit(instance, 15);
      await eventually(async () => (await deadLetters(scene, id)).length === 30, { timeoutMs: 40_000 });
      receiver.answer(() => 200);
      for (const instance of instances) await scene.emit(instance, 3);
      const { id: replay, state, missedOnly } = await start(scene, id, { since: began });
      expect([state, missedOnly]).toEqual(['queued', true]);
      for (const instance of instances) await scene.emit(instance, 3);

      const { counts, truncated } = await ended(scene, replay);
      expect(counts).toMatchObject({ found: 30, delivered: 30, dead: 0, waiting: 0, instancesDone: 2 + 1 });
      expect(truncated).toEqual([]);
      await eventually(() => receiver.accepted.length === 10 + 30 + 12);
      for (const instance of instances) {
        expect(sequences(receiver, instance, true)).toEqual(range(6, 20));
        expect(sequences(receiver, instance, false)).toEqual([...range(1, 5), ...range(21, 26)]);
      }
      expect(new Set(receiver.accepted.map((each) => each.id)).size).toBe(52);
      expect(await deadLetters(scene, id)).toEqual([]);

      // The very bytes of the first try, and a signature over them.
      const again = receiver.accepted.find(({ headers }) => headers['flotilla-replay'] === replay);
      const first = receiver.received.find((each) => each.id === again?.id);
      expect(again?.body).toBe(first?.body);
      const headers = Object.fromEntries(
        Object.entries(again?.headers ?? {}).map(([name, value]) => [name, String(value)]),
      );
      expect(() => new Webhook(secret).verify(again?.body ?? '', headers)).not.toThrow();
      const delivery = await scene.endpoints.getDelivery(tenant, id, again?.id ?? '');
      expect(delivery).toMatchObject({ state: 'delivered', via: replay, event: { id: again?.id } });
      expect(delivery?.attempts.map(({ status }) => status)).toEqual([500, 500, 500, 200]);

      // Nothing is missed any more.
      const other = await start(scene, id, { since: began });
      expect((await ended(scene, other.id)).counts.found).toBe(0);
    },
  );

  sceneTest(
    'goes on where it was when its worker is killed, and loses and doubles nothing',
    seconds(120),
    async ({ scene }) => {
      const receiver = await scene.receiver();
      const instance = await scene.instance('a');
      scene.worker({ schedule: '50ms' });
      await scene.emit(instance, 300);
      await scene.idle();
      const { id } = await scene.endpoint(receiver);
      // Whoever takes the job of a worker that was killed does so within its lock.
      let worker = await scene.process();
      const { id: replay } = await start(scene, id, { from: Date.now() - 60_000, perSecond: 150 });
      for (const count of [60, 170]) {
        await eventually(() => receiver.accepted.length >= count, { timeoutMs: 30_000 });
        await worker.child.kill();
        worker = await scene.process();
      }
      const { counts } = await ended(scene, replay, 'done', 60_000);
      expect(counts).toMatchObject({ found: 300, delivered: 300, waiting: 0 });
      const seen = [...new Set(receiver.accepted.map(({ sequence }) => sequence))];
      expect(seen).toEqual(range(1, 300));
      // A worker that is killed between the answer and its note of it leaves one event to be sent again.
      expect(receiver.accepted.length).toBeLessThanOrEqual(300 + 2);
    },
  );

  sceneTest('goes to another webhook, with what that one is subscribed to', seconds(60), async ({ scene }) => {
    const [receiver, added] = [await scene.receiver(), await scene.receiver()];
    const instance = await scene.instance('a');
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit(instance, 4);
    await scene.happen(instance, { type: 'connection.update', data: { state: 'open' } });
    await eventually(() => receiver.accepted.length === 5);
    const { id: target } = await scene.endpoint(added, { events: ['qrcode.*'] });
    const replay = await start(scene, id, { from: Date.now() - 60_000, target });
    expect(replay).toMatchObject({ webhook: id, target });
    expect((await ended(scene, replay.id)).counts).toMatchObject({ found: 4, delivered: 4 });
    expect(sequences(added, instance, true)).toEqual([1, 2, 3, 4]);
    expect(receiver.received).toHaveLength(5);
    // All of them were missed by nobody.
    const none = await start(scene, id, { since: Date.now() - 60_000, target });
    expect((await ended(scene, none.id)).counts.found).toBe(0);
  });

  sceneTest('takes only what it was asked for, and no faster', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    const [a, b] = [await scene.instance('a'), await scene.instance('b')];
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit(a, 10);
    await scene.emit(b, 10);
    await eventually(() => receiver.accepted.length === 20);
    const from = Date.now();
    await eventually(() => Date.now() > from);
    await scene.emit(a, 6);
    await scene.emit(b, 6);
    await eventually(() => receiver.accepted.length === 32);
    const to = Date.now();
    await eventually(() => Date.now() > to);
    await scene.emit(a, 2);
    await eventually(() => receiver.accepted.length === 34);

    const began = performance.now();
    const replay = await start(scene, id, { from, to, instances: [a], events: ['qrcode.updated'], perSecond: 2 });
    expect((await ended(scene, replay.id)).counts).toMatchObject({ instances: 1, found: 6, delivered: 6 });
    expect(sequences(receiver, a, true)).toEqual(range(11, 16));
    expect(sequences(receiver, b, true)).toEqual([]);
    // Six at two a second.
    expect(performance.now() - began).toBeGreaterThan(2_000);
  });

  sceneTest('is stopped, and another one begun; two at a time are refused', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    const instance = await scene.instance('a');
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit(instance, 50);
    await eventually(() => receiver.accepted.length === 50);
    const from = Date.now() - 60_000;
    const first = await start(scene, id, { from, perSecond: 5 });
    await expect(start(scene, id, { from })).rejects.toMatchObject({ code: 'REPLAY_RUNNING', detail: first.id });
    await eventually(() => sequences(receiver, instance, true).length > 0, { timeoutMs: 20_000 });
    const cancelled = await replaysOf(scene).cancel(tenant, first.id);
    expect(cancelled).toMatchObject({ state: 'cancelled', counts: { waiting: 0 } });
    const sent = receiver.received.length;
    const second = await start(scene, id, { from });
    expect((await ended(scene, second.id)).counts.delivered).toBe(50);
    // At most the one that was under way came of the first after its end.
    expect(receiver.received.length).toBeLessThanOrEqual(sent + 51);
    expect((await replaysOf(scene).get(tenant, first.id))?.state).toBe('cancelled');
    const listed = await replaysOf(scene).list(tenant, { limit: 10 });
    expect(listed?.items.map((each) => each.id)).toEqual([second.id, first.id]);
  });

  sceneTest('fails when the webhook is switched off, and says so', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    const instance = await scene.instance('a');
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit(instance, 5);
    await eventually(() => receiver.accepted.length === 5);
    receiver.answer(() => 410);
    const replay = await start(scene, id, { from: Date.now() - 60_000 });
    expect(await ended(scene, replay.id, 'failed')).toMatchObject({ reason: expect.stringContaining('switched off') });
    await expect(start(scene, id, { from: Date.now() - 60_000 })).rejects.toMatchObject({ code: 'WEBHOOK_DISABLED' });
  });

  sceneTest('says which events are out of its reach', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    const instance = await scene.instance('a');
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit(instance, 10);
    await eventually(() => receiver.accepted.length === 10);
    await scene.dropEvents(instance, 4);
    const replay = await start(scene, id, { from: Date.now() - 60_000 });
    expect(replay.truncated).toMatchObject([{ instance, oldestSequence: 5 }]);
    expect((await ended(scene, replay.id)).counts.delivered).toBe(6);
    await expect(start(scene, id, { since: Date.now() - 31 * 86_400_000 })).rejects.toMatchObject({
      code: 'VALIDATION',
      detail: expect.stringMatching(/^body\/since: .*30 days/),
    });
  });
});

describe('one delivery', () => {
  sceneTest('is sent again beside the live traffic, with its id and body', seconds(60), async ({ scene }) => {
    const receiver = await scene.receiver();
    const instance = await scene.instance('a');
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit(instance, 3);
    await eventually(() => receiver.accepted.length === 3);
    const [first] = receiver.accepted;
    if (!first) throw new Error('three were accepted');
    expect(await scene.endpoints.resend(tenant, id, first.id)).toBe('pending');
    await eventually(() => receiver.accepted.length === 4);
    expect(receiver.accepted.at(-1)).toMatchObject({
      id: first.id,
      body: first.body,
      headers: { 'flotilla-replay': 'resend' },
    });
    await eventually(async () => {
      const page = await scene.endpoints.listDeliveries(tenant, id, { limit: 10 });
      const shown = page?.items.map((each) => [each.sequence, each.state, each.via, each.attempts.length]);
      expect(shown).toEqual([
        [1, 'delivered', 'resend', 2],
        [3, 'delivered', undefined, 1],
        [2, 'delivered', undefined, 1],
      ]);
      return true;
    });
    expect(await scene.endpoints.resend(tenant, id, `${first.id}0`)).toBeUndefined();
    expect(await scene.endpoints.resend('ten_b', id, first.id)).toBeUndefined();
  });
});
