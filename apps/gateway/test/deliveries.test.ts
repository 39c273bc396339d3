import { type Attempt, endpointKeys, eventId, type FlotillaEvent, instanceKeys } from '@flotilla/contracts';
import { appendEvent, readEvents } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import { eventually } from '@flotilla/testkit';
import { createEndpointMetrics, exchange, type Outcome, push } from '@flotilla/webhook';
import { describe, expect } from 'vitest';
import { limits } from './delivery-limits.ts';
import { gatewayTest, newTenant } from './gateway.ts';

const succeeded = (at = 1): Outcome => ({
  state: 'delivered',
  attempt: { at, ms: 3, status: 200, response: 'thanks' },
});
const failed = (attempt: Partial<Attempt> = { status: 500, error: 'status' }): Outcome => ({
  state: 'dead',
  attempt: { at: 5, ms: 7, ...attempt },
});

/** Lets events happen at an instance. */
async function happen(redis: Redis, instance: string, count: number): Promise<FlotillaEvent[]> {
  for (let n = 0; n < count; n += 1) {
    const data = { qr: `q${n}`, expiresAt: 1 };
    const { key, args } = appendEvent(instance, { type: 'qrcode.updated', occurredAt: Date.now(), data });
    const [id = '', ...fields] = args.map(String);
    await redis.xadd(key, id, ...fields);
  }
  const events = await readEvents(redis, instance, 0, 1_000);
  await redis.set(instanceKeys.relayed(instance), events.length);
  return events;
}

/** Has a delivery worker try each of some events once. */
async function settleAll(
  redis: Redis,
  endpoint: string,
  events: readonly FlotillaEvent[],
  outcomes: readonly Outcome[],
) {
  for (const [n, event] of events.entries()) {
    await push(redis, { endpoint, instance: event.instance }, [event]);
    const { taken } = await exchange(redis, endpoint, { take: 1 }, limits);
    const outcome = outcomes[n % outcomes.length] ?? succeeded();
    await exchange(redis, endpoint, { settle: taken.map((each) => ({ taken: each, outcome })) }, limits);
    // They are listed by the millisecond: two of the same one have no order.
    const settledAt = Date.now();
    await eventually(() => Date.now() > settledAt, { intervalMs: 1 });
  }
}

describe('deliveries', () => {
  gatewayTest(
    'are listed, narrowed and paged through, of one webhook and of all',
    async ({ send, instance, redis }) => {
      const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
      const { id: other } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/b' })).body;
      const events = await happen(redis, instance, 12);
      const timedOut = failed({ error: 'timeout' });
      await settleAll(redis, id, events, [succeeded(), failed(), timedOut]);
      await settleAll(redis, other, events.slice(0, 3), [succeeded()]);

      const list = async (query: string, path = `/v1/webhooks/${id}/deliveries`) =>
        (await send('GET', `${path}?${query}`)).body;
      const sequences = async (query: string, path?: string) =>
        (await list(query, path)).items.map(({ sequence }: { sequence: number }) => sequence);
      expect(await sequences('')).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect((await list('limit=1&state=delivered')).items).toEqual([
        {
          id: eventId(instance, 10),
          webhook: id,
          instance,
          type: 'qrcode.updated',
          sequence: 10,
          state: 'delivered',
          attempts: [{ at: 1, ms: 3, status: 200, response: 'thanks' }],
        },
      ]);
      expect(await sequences('state=delivered')).toEqual([10, 7, 4, 1]);
      expect(await sequences('status=5xx')).toEqual([11, 8, 5, 2]);
      expect(await sequences('status=none')).toEqual([12, 9, 6, 3]);
      expect(await sequences('error=timeout')).toEqual([12, 9, 6, 3]);
      expect(await sequences('type=qrcode.*&status=2xx')).toEqual([10, 7, 4, 1]);
      expect(await sequences('type=messages.*')).toEqual([]);
      expect(await sequences('instance=ins_other')).toEqual([]);
      expect(await sequences(`from=${Date.now() + 1_000}`)).toEqual([]);
      expect(await sequences(`to=${Date.now() - 60_000}`)).toEqual([]);
      expect(await sequences(`from=${Date.now() - 60_000}&to=${Date.now() + 1_000}`)).toHaveLength(12);
      expect(await sequences('', '/v1/deliveries')).toHaveLength(15);
      expect(await sequences(`webhook=${other}`, '/v1/deliveries')).toEqual([3, 2, 1]);
      expect((await send('GET', '/v1/deliveries?webhook=wh_other')).body.code).toBe('WEBHOOK_NOT_FOUND');

      for (const [path, all] of [
        [`/v1/webhooks/${id}/deliveries`, 12],
        ['/v1/deliveries', 15],
      ] as const) {
        const seen: string[] = [];
        let cursor = '';
        do {
          const page = await list(`limit=4${cursor && `&cursor=${cursor}`}`, path);
          expect(page.items.length).toBeLessThanOrEqual(4);
          seen.push(...page.items.map((each: { id: string; webhook: string }) => `${each.webhook} ${each.id}`));
          cursor = page.nextCursor ?? '';
        } while (cursor);
        expect(new Set(seen).size).toBe(all);
        expect(seen).toHaveLength(all);
      }
    },
  );

  gatewayTest('one is shown with its event, and sent again', async ({ send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
    const events = await happen(redis, instance, 3);
    const [delivered, dead, untried] = events;
    await settleAll(redis, id, events.slice(0, 2), [succeeded(), failed()]);
    const path = (event: FlotillaEvent | undefined, more = '') => `/v1/webhooks/${id}/deliveries/${event?.id}${more}`;
    for (const event of [delivered, dead])
      expect((await send('GET', path(event))).body).toMatchObject({ id: event?.id, attempts: [{}], event });
    expect((await send('GET', path(untried))).body.code).toBe('DELIVERY_NOT_FOUND');

    for (const event of [delivered, dead, untried])
      expect(await send('POST', path(event, '/resend'))).toMatchObject({ status: 202, body: { state: 'pending' } });
    // While it waits, asking again changes nothing.
    expect((await send('POST', path(dead, '/resend'))).status).toBe(202);
    expect(await redis.llen(endpointKeys.mailbox(id, 'resend'))).toBe(3);
    expect((await send('GET', '/v1/dead-letters')).body.items).toEqual([]);
    const listed = (await send('GET', `/v1/webhooks/${id}/deliveries`)).body.items;
    expect(listed.map(({ state, via }: { state: string; via: string }) => [state, via])).toEqual(
      Array(3).fill(['pending', 'resend']),
    );

    await redis.xtrim(instanceKeys.events(instance), 'MAXLEN', 0);
    for (let n = 0; n < 3; n += 1) {
      const { taken } = await exchange(redis, id, { take: 1 }, limits);
      await exchange(redis, id, { settle: taken.map((each) => ({ taken: each, outcome: succeeded() })) }, limits);
    }
    expect((await send('POST', path(delivered, '/resend'))).body.code).toBe('EVENT_NOT_KEPT');
    expect((await send('GET', path(delivered))).body).not.toHaveProperty('event');
    expect((await send('POST', `/v1/webhooks/${id}/deliveries/evt_x_1/resend`)).body.code).toBe('DELIVERY_NOT_FOUND');
  });

  gatewayTest('that were sent to a webhook that is off are refused', async ({ send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a', enabled: false })).body;
    const [event] = await happen(redis, instance, 1);
    expect((await send('POST', `/v1/webhooks/${id}/deliveries/${event?.id}/resend`)).body).toMatchObject({
      code: 'WEBHOOK_DISABLED',
      message: expect.stringContaining('PATCH'),
    });
    expect((await send('POST', `/v1/webhooks/${id}/replay`, { from: Date.now() })).body.code).toBe('WEBHOOK_DISABLED');
  });
});

describe('dead letters', () => {
  gatewayTest('are shown with their event, and redriven together in order', async ({ send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
    const events = await happen(redis, instance, 6);
    await settleAll(redis, id, events, [failed(), failed({ error: 'timeout' })]);
    const [first] = events;
    expect((await send('GET', `/v1/dead-letters/${id}.${first?.id}`)).body).toMatchObject({
      eventId: first?.id,
      event: first,
      attempts: [{ status: 500 }],
    });
    const sequences = async (query: string) =>
      (await send('GET', `/v1/dead-letters?${query}`)).body.items.map(({ sequence }: { sequence: number }) => sequence);
    expect(await sequences('error=timeout')).toEqual([6, 4, 2]);
    expect(await sequences(`instance=${instance}&status=5xx&limit=2`)).toEqual([5, 3]);

    const redrive = (body: object) => send('POST', '/v1/dead-letters/redrive', body);
    expect((await redrive({ webhook: id, error: 'timeout', limit: 2 })).body).toEqual({ count: 2, more: true });
    expect((await redrive({ webhook: id, type: 'messages.*' })).body).toEqual({ count: 0, more: false });
    expect((await redrive({ webhook: id })).body).toEqual({ count: 4, more: false });
    expect((await redrive({ webhook: id })).body).toEqual({ count: 0, more: false });
    const box = await redis.lrange(endpointKeys.mailbox(id, instance), 0, -1);
    const inBox = box.map((entry) => JSON.parse(entry.slice(entry.indexOf('\n') + 1)).sequence);
    expect(inBox).toEqual([2, 4, 1, 3, 5, 6]);
    expect(await sequences('')).toEqual([]);
    expect((await redrive({ webhook: 'wh_other' })).body.code).toBe('WEBHOOK_NOT_FOUND');
    expect((await redrive({})).body).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('webhook') });
  });

  gatewayTest('are deleted one by one, or many', async ({ send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
    const events = await happen(redis, instance, 4);
    await settleAll(redis, id, events, [failed(), failed({ error: 'connect' })]);
    const path = `/v1/dead-letters/${id}.${events[0]?.id}`;
    expect((await send('DELETE', path)).status).toBe(204);
    for (const method of ['DELETE', 'GET'] as const)
      expect((await send(method, path)).body.code).toBe('DEAD_LETTER_NOT_FOUND');
    expect((await send('POST', '/v1/dead-letters/purge', { webhook: id, error: 'connect' })).body).toEqual({
      count: 2,
      more: false,
    });
    expect((await send('GET', '/v1/dead-letters')).body.items).toMatchObject([{ sequence: 3 }]);
  });
});

describe('replays', () => {
  gatewayTest('are refused with what is wrong and what to do', async ({ send, instance }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
    const now = Date.now();
    const old = now - 31 * 86_400_000;
    for (const [body, code, text] of [
      [{}, 'VALIDATION', /^body\/from: is missing/],
      [{ from: now, since: now }, 'VALIDATION', /^body\/since: /],
      [{ since: now, missedOnly: false }, 'VALIDATION', /^body\/missedOnly: /],
      [{ from: now, to: now - 1 }, 'VALIDATION', /^body\/from: /],
      [{ from: now + 60_000 }, 'VALIDATION', /^body\/from: .*future/],
      [{ from: old }, 'VALIDATION', /^body\/from: lies more than 30 days back. Say 2\d{3}-/],
      [{ from: now, events: ['nonsense'] }, 'VALIDATION', /^body\/events\/0: /],
      [{ from: now, instances: ['ins_other'] }, 'INSTANCE_NOT_FOUND', /ins_other/],
      [{ from: now, instances: ['a}b'] }, 'INSTANCE_NOT_FOUND', /body\/instances\/0/],
      [{ from: now, target: 'wh_other' }, 'WEBHOOK_NOT_FOUND', /target/],
    ] as const) {
      const answer = await send('POST', `/v1/webhooks/${id}/replay`, body);
      expect([body, answer.body]).toMatchObject([body, { code, message: expect.stringMatching(text) }]);
    }
    const begun = await send('POST', `/v1/webhooks/${id}/replay`, { since: now, instances: [instance] });
    expect(begun).toMatchObject({ status: 202, body: { webhook: id, target: id, state: 'queued', missedOnly: true } });
    const again = await send('POST', `/v1/webhooks/${id}/replay`, { since: now });
    expect(again.body).toMatchObject({ code: 'REPLAY_RUNNING', message: expect.stringContaining(begun.body.id) });
    expect((await send('GET', `/v1/replays/${begun.body.id}`)).body).toEqual(begun.body);
    expect((await send('POST', `/v1/replays/${begun.body.id}/cancel`)).body.state).toBe('cancelled');
    expect((await send('GET', '/v1/replays')).body.items).toMatchObject([{ id: begun.body.id, state: 'cancelled' }]);
    for (const unknown of [`${id}.rpl_x`, 'wh_x.rpl_x', 'nonsense', 'a}.{b'])
      expect((await send('GET', `/v1/replays/${unknown}`)).body.code).toBe('REPLAY_NOT_FOUND');
  });
});

describe('statistics of a webhook', () => {
  gatewayTest('say how attempts went and what waits', async ({ send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
    expect((await send('GET', `/v1/webhooks/${id}/stats`)).body).toEqual({
      webhook: id,
      ...Object.fromEntries(
        ['hour', 'day'].map((span) => [
          span,
          { attempts: 0, outcomes: { delivered: 0, retrying: 0, dead: 0, disabled: 0 } },
        ]),
      ),
      backlog: { events: 0, mailboxes: 0, ageMs: 0 },
      deadLetters: 0,
      breaker: { state: 'closed', failures: 0 },
    });
    const metrics = createEndpointMetrics({ redis, onError: (error) => expect.unreachable(error.message) });
    for (let n = 1; n <= 98; n += 1) metrics.count(id, { outcome: 'delivered', ms: 40, lagMs: 200 });
    for (const ms of [5_000, 6_000]) metrics.count(id, { outcome: 'retrying', ms });
    await metrics.close();
    const events = await happen(redis, instance, 3);
    await settleAll(redis, id, events.slice(0, 1), [failed()]);
    await push(redis, { endpoint: id, instance }, events.slice(1));

    const { body } = await send('GET', `/v1/webhooks/${id}/stats`);
    expect(body).toMatchObject({
      hour: { attempts: 100, outcomes: { delivered: 98, retrying: 2 }, successRate: 0.98 },
      backlog: { events: 2, mailboxes: 1, oldestAt: expect.any(Number) },
      deadLetters: 1,
      breaker: { state: 'closed', failures: 1 },
    });
    expect(body.day).toEqual(body.hour);
    for (const [shown, real] of [
      [body.hour.duration.p50, 40],
      [body.hour.duration.p99, 5_000],
      [body.hour.lag.p50, 200],
    ])
      expect(Math.abs(shown - real) / real).toBeLessThan(0.125);
  });
});

describe('deliveries, replays and statistics of another tenant', () => {
  gatewayTest('are not there: neither shown, nor sent, nor deleted', async ({ app, send, instance, redis }) => {
    const { id } = (await send('POST', '/v1/webhooks', { url: 'https://example.com/a' })).body;
    const [event] = await happen(redis, instance, 1);
    await settleAll(redis, id, event ? [event] : [], [failed()]);
    const { id: replay } = (await send('POST', `/v1/webhooks/${id}/replay`, { from: Date.now() - 1_000 })).body;
    const thief = await newTenant(app);
    const { id: own } = (await thief.send('POST', '/v1/webhooks', { url: 'https://example.com/thief' })).body;
    const before = await redis.dumpBuffer(endpointKeys.deadLetter(id, event?.id ?? ''));
    const ask = { from: Date.now() - 1_000 };
    for (const [method, path, body] of [
      ['GET', `/v1/webhooks/${id}/stats`],
      ['GET', `/v1/webhooks/${id}/deliveries`],
      ['GET', `/v1/webhooks/${id}/deliveries/${event?.id}`],
      ['POST', `/v1/webhooks/${id}/deliveries/${event?.id}/resend`],
      // An event of somebody else's instance to one's own webhook.
      ['POST', `/v1/webhooks/${own}/deliveries/${event?.id}/resend`],
      ['GET', `/v1/webhooks/${own}/deliveries/${event?.id}`],
      ['GET', `/v1/deliveries?webhook=${id}`],
      ['GET', `/v1/dead-letters?webhook=${id}`],
      ['GET', `/v1/dead-letters/${id}.${event?.id}`],
      ['DELETE', `/v1/dead-letters/${id}.${event?.id}`],
      ['POST', `/v1/dead-letters/${id}.${event?.id}/redrive`],
      ['POST', '/v1/dead-letters/redrive', { webhook: id }],
      ['POST', '/v1/dead-letters/purge', { webhook: id }],
      ['POST', `/v1/webhooks/${id}/replay`, ask],
      ['POST', `/v1/webhooks/${own}/replay`, { ...ask, target: id }],
      ['POST', `/v1/webhooks/${own}/replay`, { ...ask, instances: [instance] }],
      ['GET', `/v1/replays?webhook=${id}`],
      ['GET', `/v1/replays/${replay}`],
      ['POST', `/v1/replays/${replay}/cancel`],
    ] as const)
      expect([method, path, (await thief.send(method, path, body)).status]).toEqual([method, path, 404]);
    for (const list of ['/v1/deliveries', '/v1/dead-letters', '/v1/replays'])
      expect((await thief.send('GET', list)).body).toEqual({ items: [] });
    expect(await redis.dumpBuffer(endpointKeys.deadLetter(id, event?.id ?? ''))).toEqual(before);
    expect((await send('GET', `/v1/replays/${replay}`)).body.state).toBe('queued');
    // A replay of one's own looks at one's own instances alone.
    const { body } = await thief.send('POST', `/v1/webhooks/${own}/replay`, ask);
    expect(body.counts.instances).toBe(0);
  });
});
