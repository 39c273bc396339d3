import { eventually, freePort, type ReceivedDelivery } from '@flotilla/fleet';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { longSchedule, type WebhookCase } from './webhook-cases.ts';
import { isTaken, textOf, texts } from './webhook-scene.ts';

interface WebhookNews {
  type: string;
  data: { webhook: string };
}

export const outpost: WebhookCase[] = [
  {
    name: 'TestIntegrationIdempotence_WithConcurrentHandlerAndSuccess',
    ours: 'Events that several workers are handed at once, again and again, are taken once each',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: () => ({ afterMs: 50 }) });
      const sent = texts('concurrent', 30);
      for (let n = 0; n < 30; n += 10) {
        await scene.number.hear(...sent.slice(n, n + 10));
        await scene.relayAgain();
      }
      await scene.number.hear('the end');
      // What happened shortly before the endpoint was there comes too when all is handed on again.
      const own = () => hook.taken.filter((text) => text === 'the end' || text.startsWith('concurrent'));
      await expect.poll(own, { timeout: 20_000 }).toEqual([...sent, 'the end']);
    },
  },
  {
    name: 'TestIntegrationIdempotence_WithConcurrentHandlerAndFailedExecution',
    ours: 'The same while the first attempts fail: each is tried again, and taken once',
    run: async (scene) => {
      const failed = new Set<string>();
      // What happened shortly before the endpoint was there comes too when all is handed on again, and first: it is taken.
      const isOwn = (delivery: ReceivedDelivery) => textOf(delivery).startsWith('failing');
      const hook = await scene.hook(
        {},
        {
          answer: (delivery) => {
            if (!isOwn(delivery) || failed.has(textOf(delivery))) return {};
            failed.add(textOf(delivery));
            return { status: 503 };
          },
        },
      );
      const sent = texts('failing', 5);
      await scene.number.hear(...sent);
      await scene.relayAgain();
      await scene.number.hear('failing last');
      const own = () => hook.arrived.filter(isOwn);
      const taken = () => own().filter(isTaken).map(textOf);
      await expect.poll(taken, { timeout: 30_000 }).toEqual([...sent, 'failing last']);
      expect(own()).toHaveLength(12);
    },
  },
  {
    name: 'TestMessageHandler_IdempotencyWithSystemError',
    ours: 'While Redis stands still nothing is settled; afterwards what was posted is settled once, and the rest comes',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: () => ({ afterMs: 300 }) });
      const sent = texts('frozen', 6);
      await scene.number.hear(...sent);
      await hook.came('frozen 0');
      scene.fleet.redis.pause();
      const until = performance.now() + 2_000;
      await eventually(() => performance.now() > until);
      scene.fleet.redis.resume();
      await eventually(() => new Set(hook.taken).size === 6, { timeoutMs: 30_000 });
      // Whoever was answered but could not write it down may ask once more: the id says so.
      expect([...new Set(hook.taken)]).toEqual(sent);
      const states = await eventually(async () => {
        const found = (await hook.deliveries()).filter(({ type }) => type === 'messages.upsert');
        return found.length === 6 && found.every(({ state }) => state === 'delivered') && found;
      });
      expect(states.every(({ attempts }) => attempts.filter(({ status }) => status === 200).length === 1)).toBe(true);
    },
  },
  {
    name: 'TestRetryScheduler_RaceCondition_EventNotYetPersisted',
    ours: 'What an event tells of is stored before it is told: whoever asks at once finds it, at the first and the next attempt',
    run: async (scene) => {
      const { tenant, instance } = scene.number;
      const found: number[] = [];
      const hook = await scene.hook(
        {},
        {
          answer: ({ json }, count) => {
            const { id } = (json as { data: { message: { id: string } } }).data.message;
            void tenant
              .request('GET', `/v1/instances/${instance}/messages/${id}/raw`)
              .then(({ status }) => found.push(status));
            return count === 0 ? { status: 500 } : {};
          },
        },
      );
      await scene.number.hear('stored first', 'stored next');
      await hook.took(2);
      await eventually(() => found.length >= 3);
      expect(new Set(found)).toEqual(new Set([200]));
    },
  },
  {
    name: 'TestManualDelivery_DuplicateRetry',
    ours: 'A delivery that is resent ten times at once comes once more, with its own id, and says that it was resent',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: (_, count) => ({ afterMs: count === 1 ? 5_000 : 0 }) });
      await scene.number.hear('resent');
      await hook.took(1);
      const id = hook.arrived[0]?.headers['webhook-id'] ?? '';
      await hook.delivery(id, 'delivered');
      await Promise.all(Array.from({ length: 10 }, () => hook.call('POST', `/deliveries/${id}/resend`)));
      await hook.took(2);
      await scene.number.hear('the end');
      await eventually(() => hook.taken.includes('the end'));
      expect(hook.taken).toEqual(['resent', 'resent', 'the end']);
      expect(hook.arrived[1]?.headers).toMatchObject({ 'webhook-id': id, 'flotilla-replay': 'resend' });
    },
  },
  {
    name: 'TestManualDelivery_CancelError',
    ours: 'One that waits for its next attempt is left alone when somebody resends it: it is taken once',
    run: async (scene) => {
      // It waits long enough that it still does when somebody asks, on a busy machine, too.
      const later = { status: 503, headers: { 'retry-after': '3' } };
      const hook = await scene.hook({}, { answer: (_, count) => (count === 0 ? later : {}) });
      await scene.number.hear('waits');
      await hook.came('waits');
      const id = hook.arrived[0]?.headers['webhook-id'] ?? '';
      await hook.call('POST', `/deliveries/${id}/resend`);
      await hook.took(1);
      await scene.number.hear('the end');
      await eventually(() => hook.taken.includes('the end'));
      expect(hook.taken).toEqual(['waits', 'the end']);
    },
  },
  {
    name: 'TestManualDelivery_BudgetExhausted',
    ours: 'A dead letter that is redriven and fails again has its whole schedule once more, is dead once, and shows all attempts',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: () => ({ status: 500 }) });
      await scene.number.hear('exhausted');
      const [dead] = await hook.dead();
      await scene.number.tenant.redrive(dead?.id ?? '');
      await eventually(() => hook.arrived.length === 6, { timeoutMs: 20_000 });
      const [again, ...more] = await eventually(async () => {
        const letters = await hook.dead();
        return letters[0]?.attempts.length === 6 && letters;
      });
      expect([again?.id, more]).toEqual([dead?.id, []]);
    },
  },
  {
    name: 'TestAlertStoreTenantIsolation',
    ours: "Another tenant finds nothing of an endpoint, its deliveries and its dead letters; its own events don't reach it",
    run: async (scene) => {
      const other = await scene.otherTenant();
      const hook = await scene.hook({ events: ['*'] }, { answer: () => ({ status: 500 }) });
      const theirs = await scene.hook({ events: ['*'] }, { tenant: other.tenant });
      await scene.number.hear('ours alone');
      const [dead] = await hook.dead();
      const base = `/v1/webhooks/${hook.webhook.id}`;
      const asked = [
        ['GET', base],
        ['PATCH', base, { enabled: false }],
        ['POST', `${base}/rotate-secret`],
        ['GET', `${base}/deliveries`],
        ['DELETE', base],
        ['POST', `/v1/dead-letters/${dead?.id}/redrive`],
      ] as const;
      for (const [method, path, body] of asked)
        expect((await other.tenant.request(method, path, { body })).status, `${method} ${path}`).toBe(404);
      expect(await other.tenant.deadLetters()).toEqual([]);
      await other.hear('theirs alone');
      await eventually(() => theirs.taken.includes('theirs alone'));
      expect(theirs.taken).not.toContain('ours alone');
      expect(hook.arrived.map(textOf)).not.toContain('theirs alone');
    },
  },
  {
    name: 'ErrProxyInfra_DoesNotLeakProxyDetails',
    ours: 'A failed attempt says of what kind it was, and nothing of names, ports or stacks of ours',
    run: async (scene) => {
      const refused = await scene.hook({ url: `http://127.0.0.1:${await freePort()}/closed` });
      const unknown = await scene.hook({ url: 'http://there-is-no.invalid/' });
      await scene.number.hear('leaks nothing');
      for (const hook of [refused, unknown]) {
        const [dead] = await hook.dead();
        for (const { at, ms, ...attempt } of dead?.attempts ?? []) {
          expect([at, ms].every(Number.isInteger)).toBe(true);
          expect(attempt).toEqual(hook === refused ? { error: 'connect', address: '127.0.0.1' } : { error: 'connect' });
        }
        const told = JSON.stringify(await scene.number.tenant.request('GET', '/v1/dead-letters'));
        for (const secret of ['ECONNREFUSED', 'node_modules', String(scene.fleet.redis.port)]) {
          expect(told).not.toContain(secret);
        }
      }
    },
  },
  {
    name: 'regression_response_body_cap_test',
    ours: 'Of an answer of 5 MB only the beginning is read and kept, and its status counts',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: () => ({ body: 'x'.repeat(5_000_000) }) });
      await scene.number.hear('capped 1', 'capped 2');
      await hook.took(2);
      const id = hook.arrived[0]?.headers['webhook-id'] ?? '';
      const { attempts } = await hook.delivery(id, 'delivered');
      expect(attempts.map(({ status }) => status)).toEqual([200]);
      expect(attempts[0]?.response?.length ?? 0).toBeLessThanOrEqual(20_000);
      // Cut off, yet not again: one request each.
      expect(hook.arrived).toHaveLength(2);
    },
  },
  {
    name: 'signatures_test',
    ours: 'Every delivery, also a repeated one, verifies by the public library, with its own time and the same id',
    run: async (scene) => {
      const hook = await scene.hook({}, { answer: (_, count) => ({ status: count < 2 ? 500 : 200 }) });
      await scene.number.hear('Grüße 👋 "quoted" \\ 你好');
      await hook.took(1);
      for (const { body, headers } of hook.arrived) {
        expect(new Webhook(hook.webhook.secret).verify(body, headers)).toEqual(JSON.parse(body));
        expect(() => new Webhook(hook.webhook.secret).verify(`${body} `, headers)).toThrow();
      }
      expect(new Set(hook.arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(hook.arrived.map(({ body }) => body)).size).toBe(1);
    },
  },
  {
    name: 'retry_test',
    ours: 'Failures are tried again after the steps of the schedule, `Retry-After` and 429 later; then all is recorded',
    run: async (scene) => {
      const hook = await scene.hook(
        {},
        {
          answer: (_, count) =>
            count === 0 ? { status: 500 } : count === 1 ? { status: 429, headers: { 'retry-after': '2' } } : {},
        },
      );
      await scene.number.hear('retried');
      await hook.took(1);
      const [first, second, third] = hook.arrived.map(({ at }) => at);
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(200);
      expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(1_900);
      const { attempts } = await hook.delivery(hook.arrived[0]?.headers['webhook-id'] ?? '', 'delivered');
      expect(attempts.map(({ status }) => status)).toEqual([500, 429, 200]);
    },
  },
  {
    name: 'events-throughput and events-verify',
    ours: '200 events to four endpoints: each is taken once, verified and in order, not only accepted',
    run: async (scene) => {
      const hooks = await Promise.all(Array.from({ length: 4 }, () => scene.hook()));
      const sent = texts('throughput', 200);
      for (let n = 0; n < 200; n += 100) await scene.number.hear(...sent.slice(n, n + 100));
      for (const hook of hooks) {
        expect(await hook.took(200, 60_000)).toEqual(sent);
        expect(hook.arrived.every((delivery) => delivery.verified && isTaken(delivery))).toBe(true);
      }
    },
  },
  {
    name: 'TestEvaluator_ReplayedAttemptDoesNotDoubleCount',
    ours: 'However many attempts fail, and although a worker dies, a tenant is told once that an endpoint fails, and once that it has recovered',
    env: longSchedule,
    run: async (scene) => {
      let isDown = true;
      const news = await scene.hook({ events: ['webhook.*'] });
      const told = (type: string) =>
        news.arrived.filter(({ json, answered }) => {
          const event = json as WebhookNews;
          return answered === 200 && event.type === type && event.data.webhook === hook.webhook.id;
        });
      const hook = await scene.hook({}, { answer: () => ({ status: isDown ? 500 : 200 }) });
      await scene.number.hear(...texts('told once', 12));
      await eventually(() => told('webhook.failing').length > 0, { timeoutMs: 30_000 });
      await scene.killWorkers(1);
      isDown = false;
      await eventually(() => told('webhook.recovered').length > 0, { timeoutMs: 30_000 });
      await eventually(() => hook.taken.includes('told once 11'), { timeoutMs: 30_000 });
      const ids = (type: string) => new Set(told(type).map(({ headers }) => headers['webhook-id']));
      expect([ids('webhook.failing').size, ids('webhook.recovered').size]).toEqual([1, 1]);
    },
  },
];
