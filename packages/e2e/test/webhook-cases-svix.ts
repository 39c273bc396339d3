import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instanceKeys, type Replay } from '@flotilla/contracts';
import { eventually } from '@flotilla/fleet';
import { expect } from 'vitest';
import type { WebhookCase } from './webhook-cases.ts';
import { isTaken, textOf, texts } from './webhook-scene.ts';

/** What Svix tests of messages on their way. */
export const svixMessages: WebhookCase[] = [
  {
    name: 'test_no_redirects_policy',
    ours: 'A redirect is a failure; nobody goes where it leads',
    run: async (scene) => {
      const inside = await scene.hook();
      await inside.call('PATCH', '', { enabled: false });
      const hook = await scene.hook({}, { answer: () => ({ status: 302, headers: { location: inside.webhook.url } }) });
      await scene.number.hear('redirected');
      const [dead] = await hook.dead();
      expect(dead?.attempts.map(({ status, error }) => [status, error])).toEqual(Array(3).fill([302, 'status']));
      expect(inside.arrived).toEqual([]);
    },
  },
  {
    name: 'test_recovery_expected_retry_counts',
    ours: 'Replaying what was missed since a moment sends what failed after it once more, and nothing else',
    run: async (scene) => {
      for (const [since, expected] of [
        ['before the first', ['missed 1', 'missed 2']],
        ['between', ['missed 2']],
        ['after the last', []],
      ] as const) {
        let isDown = true;
        const hook = await scene.hook({}, { answer: () => ({ status: isDown ? 500 : 200 }) });
        const moments = new Map([['before the first', Date.now()]]);
        await scene.number.hear('missed 1');
        await hook.dead(1);
        moments.set('between', Date.now());
        await scene.number.hear('missed 2');
        await hook.dead(2);
        moments.set('after the last', Date.now());
        isDown = false;
        const { id } = await hook.call<Replay>('POST', '/replay', { since: moments.get(since) });
        const replay = await eventually(
          async () => {
            const found = await hook.tenant.call<Replay>('GET', `/v1/replays/${id}`);
            return found.state === 'done' && found;
          },
          { timeoutMs: 30_000, message: `The replay since ${since} is done` },
        );
        expect([replay.counts.delivered, hook.taken], since).toEqual([expected.length, expected]);
        await hook.call('DELETE');
      }
    },
  },
  {
    name: 'test_recovery_should_fail_if_start_time_too_old',
    ours: 'A replay from long ago is refused; one from before the log begins says where it begins, and sends the rest',
    run: async (scene) => {
      const began = Date.now();
      const other = await scene.otherTenant();
      const hook = await scene.hook({}, { tenant: other.tenant });
      await other.hear(...texts('kept', 3));
      await hook.took(3);
      const replayOf = `/v1/webhooks/${hook.webhook.id}/replay`;
      const weeksAgo = began - 40 * 86_400_000;
      const refused = await other.tenant.request('POST', replayOf, { body: { from: weeksAgo } });
      expect(refused.status).toBe(400);
      const gone = JSON.parse(hook.arrived[0]?.body ?? '{}').sequence as number;
      await scene.store((redis) => redis.xtrim(instanceKeys.events(other.instance), 'MINID', `0-${gone + 1}`));
      const replay = await hook.call<Replay>('POST', '/replay', { from: began });
      expect(replay.truncated).toMatchObject([{ instance: other.instance, oldestSequence: gone + 1 }]);
      expect((await hook.took(5)).slice(3)).toEqual(['kept 1', 'kept 2']);
    },
  },
  {
    name: 'test_failed_message_gets_requeued',
    ours: 'An attempt that its worker did not survive is made again by another one, and is not counted',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: (_, count) => (count === 0 ? { status: 'none' } : {}) });
      await scene.number.hear('requeued');
      const { headers } = await hook.came('requeued');
      // Nobody knows which of them holds it.
      await scene.killWorkers();
      await hook.took(1, 30_000);
      const delivery = await hook.delivery(headers['webhook-id'] ?? '', 'delivered');
      expect(delivery.attempts.map(({ status }) => status)).toEqual([200]);
      expect(new Set(hook.arrived.map((arrival) => arrival.headers['webhook-id'])).size).toBe(1);
    },
  },
  {
    name: 'test_many_queue_consumers',
    ours: 'With several workers each of 150 events is taken once, in order',
    run: async (scene) => {
      const hook = await scene.hook();
      const sent = texts('many', 150);
      await scene.number.hear(...sent);
      expect(await hook.took(150)).toEqual(sent);
    },
  },
  {
    name: 'test_many_queue_consumers_delayed',
    ours: 'The same for events that have failed first and wait for their next attempt',
    run: async (scene) => {
      const failed = new Set<string>();
      const hooks = await Promise.all(
        ['ordered', 'unordered'].map((ordering) =>
          scene.hook(
            { ordering: ordering as 'ordered' | 'unordered' },
            {
              answer: ({ path, headers }) => {
                const key = `${path} ${headers['webhook-id']}`;
                if (failed.has(key)) return {};
                failed.add(key);
                return { status: 500 };
              },
            },
          ),
        ),
      );
      const sent = texts('delayed', 8);
      await scene.number.hear(...sent);
      const [ordered, unordered] = await Promise.all(hooks.map((hook) => hook.took(8, 30_000)));
      expect(ordered).toEqual(sent);
      expect(unordered?.toSorted()).toEqual(sent.toSorted());
    },
  },
  {
    name: 'test_redis_streams_dlq',
    ours: 'What has used up its schedule is a dead letter with its attempts; redriven, it comes with its own id',
    run: async (scene) => {
      const hook = await scene.hook(
        {},
        { answer: (delivery) => (textOf(delivery) === 'poison' ? { status: 500 } : {}) },
      );
      await scene.number.hear('poison', 'after');
      const [dead] = await hook.dead();
      expect(dead?.attempts.map(({ status }) => status)).toEqual([500, 500, 500]);
      // What comes behind it is not held up for ever.
      await hook.came('after');
      hook.answer = () => ({});
      await scene.number.tenant.redrive(dead?.id ?? '');
      await eventually(() => hook.taken.includes('poison'));
      expect(hook.arrived.filter(isTaken).at(-1)?.headers['webhook-id']).toBe(dead?.eventId);
    },
  },
  {
    name: 'test_message_conflict',
    ours: 'An event that is handed over again, under its id, is not posted again',
    run: async (scene) => {
      const hook = await scene.hook();
      await scene.number.hear(...texts('first', 5));
      await hook.took(5);
      for (let n = 0; n < 3; n += 1) {
        await scene.relayAgain();
        await scene.number.hear(`again ${n}`);
        await hook.came(`again ${n}`);
      }
      expect(hook.taken).toEqual([...texts('first', 5), ...texts('again', 3)]);
    },
  },
  {
    name: 'test_idempotency',
    ours: 'A request that is repeated with its Idempotency-Key, also at once and ten times, makes one message and one event',
    run: async (scene) => {
      const { tenant, instance } = scene.number;
      const bob = await scene.fleet.simulator.createContact();
      const hook = await scene.hook({ events: ['messages.update'] });
      const send = () => tenant.sendText(instance, bob.phone, 'once', { idempotencyKey: 'one', waitSeconds: 10 });
      const sent = await Promise.all(Array.from({ length: 10 }, send));
      expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(1);
      const { status, body } = await tenant.request<{ code: string }>(
        'POST',
        `/v1/instances/${instance}/messages/text`,
        {
          body: { to: bob.phone, text: 'another' },
          headers: { 'idempotency-key': 'one' },
        },
      );
      expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      const acked = () =>
        hook.arrived.filter(({ json }) => {
          const { data } = json as { data: { id: string; status?: string } };
          return data.id === sent[0]?.messageId && data.status === 'acked';
        });
      await eventually(() => acked().length > 0);
      await scene.number.hear('and then');
      expect(acked()).toHaveLength(1);
    },
  },
  {
    name: 'proxy exceptions (test_proxy_…)',
    ours: 'There is no proxy setting; the variables that other programs read are not heeded, so nothing goes around the guard',
    run: async (scene) => {
      let asked = 0;
      const trap = createServer((_, response) => {
        asked += 1;
        response.writeHead(502).end();
      });
      await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
      const proxy = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
      try {
        await scene.useWorkers({ HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy, NODE_USE_ENV_PROXY: '1' });
        const hook = await scene.hook();
        await scene.number.hear('direct');
        await hook.took(1);
        expect(asked).toBe(0);
      } finally {
        trap.close();
      }
    },
  },
];
