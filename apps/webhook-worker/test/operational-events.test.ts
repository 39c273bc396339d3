import { endpointKeys } from '@flotilla/contracts';
import { readEvents } from '@flotilla/instance';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { type Scene, sceneTest, tenant } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

/** What the tenant was told of its webhooks, in order. */
const told = async ({ redis }: Scene) =>
  (await readEvents(redis, tenant, 0, 100)).map(({ type, data }) => ({ type: type.replace('webhook.', ''), ...data }));

const types = async (scene: Scene) => (await told(scene)).map(({ type }) => type);

describe('what a tenant is told of its webhooks', () => {
  sceneTest(
    'says once that one fails and once that it has recovered, to the stream and to others that ask for it',
    seconds(60),
    async ({ scene }) => {
      const [broken, watching, other] = [
        await scene.receiver(() => 500),
        await scene.receiver(),
        await scene.receiver(),
      ];
      const { id } = await scene.endpoint(broken, { events: ['*', 'webhook.*'] });
      await scene.endpoint(watching, { events: ['webhook.*'] });
      await scene.endpoint(other);
      const worker = scene.worker({ schedule: '100ms,100ms,100ms,100ms,100ms,2s,2s' });
      await scene.emit('ins_1', 3);
      await eventually(() => watching.accepted.length === 1, { timeoutMs: 20_000 });
      await eventually(() => broken.received.length >= 6, { timeoutMs: 20_000 });
      expect(await told(scene)).toMatchObject([
        { type: 'failing', webhook: id, reason: 'event', status: 500, error: 'status', eventId: 'evt_1_1' },
      ]);
      broken.answer(() => 200);
      await eventually(() => watching.accepted.length === 2, { timeoutMs: 30_000 });
      expect(watching.accepted.map(({ body }) => JSON.parse(body).type)).toEqual([
        'webhook.failing',
        'webhook.recovered',
      ]);
      expect(JSON.parse(watching.accepted[0]?.body ?? '')).toMatchObject({ instance: tenant, sequence: 1 });
      await eventually(() => broken.accepted.length === 3, { timeoutMs: 30_000 });
      await scene.idle();
      // Never to the one that it is about; `*` is what happens at instances.
      expect(broken.received.every(({ instance }) => instance === 'ins_1')).toBe(true);
      expect(other.received.every(({ instance }) => instance === 'ins_1')).toBe(true);
      expect(await types(scene)).toEqual(['failing', 'recovered']);
      expect(await worker.counted('flotilla_webhook_operational_events_total')).toBe(2);
      expect(await scene.redis.hget(endpointKeys.alert(id), 'failing')).toBeNull();
    },
  );

  sceneTest('names the breaker where it has opened', seconds(60), async ({ scene }) => {
    const broken = await scene.receiver(() => 503);
    const { id } = await scene.endpoint(broken);
    scene.worker({ schedule: '50ms,50ms,10s' });
    for (let n = 0; n < 12; n += 1) await scene.emit(`ins_${n}`);
    await eventually(async () => (await types(scene)).length > 0, { timeoutMs: 20_000 });
    expect(await told(scene)).toMatchObject([{ type: 'failing', webhook: id, reason: 'breaker', status: 503 }]);
  });

  sceneTest(
    'names one dead letter for many, and none that is itself about a webhook',
    seconds(60),
    async ({ scene }) => {
      const broken = await scene.receiver(({ sequence }) => (sequence <= 3 ? 500 : 200));
      const [{ id }, watching] = [await scene.endpoint(broken), await scene.receiver(() => 500)];
      await scene.endpoint(watching, { events: ['webhook.*'] });
      scene.worker({ schedule: '20ms' });
      await scene.emit('ins_1', 4);
      await eventually(() => broken.accepted.length === 1, { timeoutMs: 40_000 });
      await eventually(async () => (await scene.endpoints.listDeadLetters(tenant, { limit: 10 }))?.items.length === 4, {
        timeoutMs: 40_000,
      });
      const news = await told(scene);
      expect(news).toMatchObject([
        { type: 'dead-letter', webhook: id, deadLetter: `${id}.evt_1_1`, source: 'ins_1', eventType: 'qrcode.updated' },
      ]);
    },
  );

  sceneTest('says that a webhook was switched off, by 410 or after days, once', seconds(60), async ({ scene }) => {
    const gone = await scene.receiver(() => 410);
    const dead = await scene.receiver(() => 500);
    const [first, second] = [await scene.endpoint(gone), await scene.endpoint(dead)];
    scene.worker({
      schedule: '500ms,500ms,500ms,500ms,500ms,500ms,500ms,500ms,500ms',
      disableAfterMs: 2_000,
    });
    await scene.emit('ins_1', 5);
    const off = async (id: string) => (await scene.endpoints.get(tenant, id))?.enabled === false;
    await eventually(async () => (await off(first.id)) && (await off(second.id)), { timeoutMs: 30_000 });
    const disabled = (await told(scene)).filter(({ type }) => type === 'disabled');
    expect(disabled).toMatchObject([
      { webhook: first.id, reason: 'It answered 410 Gone' },
      { webhook: second.id, reason: expect.stringContaining('without a single success since') },
    ]);
    // Switched on again it may fail, and be told, anew.
    await scene.endpoints.update(tenant, first.id, { enabled: true });
    await eventually(async () => (await types(scene)).filter((type) => type === 'disabled').length === 3, {
      timeoutMs: 30_000,
    });
  });

  sceneTest('leaves one on that fails now and then', seconds(60), async ({ scene }) => {
    let count = 0;
    // Two in three fail, for longer than what would switch it off.
    const flaky = await scene.receiver(() => (++count % 3 === 0 ? 200 : 500));
    const { id } = await scene.endpoint(flaky);
    scene.worker({ schedule: '100ms,100ms,100ms', disableAfterMs: 1_000 });
    await scene.emit('ins_1', 12);
    await eventually(() => flaky.accepted.length === 12, { timeoutMs: 40_000 });
    expect((await scene.endpoints.get(tenant, id))?.enabled).toBe(true);
    expect(await types(scene)).toEqual([]);
  });
});
