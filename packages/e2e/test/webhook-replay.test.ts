import type { Replay, WebhookStats } from '@flotilla/contracts';
import { eventually, type ReceivedDelivery, SseFollower } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface Event {
  id: string;
  instance: string;
  sequence: number;
  type: string;
  data: { message?: { text?: string }; webhook?: string };
}

const eventOf = ({ json }: ReceivedDelivery) => json as Event;
const accepted = (deliveries: readonly ReceivedDelivery[], instance: string) =>
  deliveries.filter(({ answered, json }) => answered === 200 && (json as Event).instance === instance);
const texts = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** The first appearance of each event, in order. */
const firsts = (deliveries: readonly ReceivedDelivery[]): Event[] =>
  [
    ...new Map(deliveries.toReversed().map((delivery) => [eventOf(delivery).id, eventOf(delivery)])).values(),
  ].toReversed();

describe.each(['single', 'cluster'] as const)('after an outage, with a Redis of the kind %s,', (redis) => {
  const running = oneFleet({ redis });

  it('a replay brings each event once and in order, although the worker is killed', async () => {
    const { fleet, tenant } = running;
    const { receiver, simulator } = fleet;
    const webhook = await fleet.addWebhook(tenant, { events: ['messages.upsert'] });
    await fleet.addWebhook(tenant, { url: `${receiver.url}/watching`, events: ['webhook.*'] });
    const follower = new SseFollower(fleet, tenant, 'types=webhook.*');
    await follower.start();
    const { id, linked } = await tenant.pairedInstance(simulator);
    const ann = await simulator.createContact();
    await simulator.contactSendAll(ann.phone, linked.phone, texts(5, 'before'));
    await receiver.waitFor(({ json }) => (json as Event).data.message?.text === 'before4');

    // An hour of the schedule is seconds here: everything of the outage ends as a dead letter.
    const began = Date.now();
    receiver.answer(({ path }) => (path.endsWith('/watching') ? {} : { status: 503, body: 'down' }));
    await simulator.contactSendAll(ann.phone, linked.phone, texts(30, 'missed'));
    await eventually(async () => (await tenant.deadLetters()).length === 30, { timeoutMs: 60_000 });
    receiver.answer({});
    await simulator.contactSendAll(ann.phone, linked.phone, texts(5, 'after'));
    await receiver.waitFor(({ json }) => (json as Event).data.message?.text === 'after4', 30_000);

    const since = receiver.deliveries.length;
    const replay = await tenant.call<Replay>('POST', `/v1/webhooks/${webhook.id}/replay`, {
      body: { since: began, perSecond: 20 },
    });
    await eventually(() => receiver.deliveries.length > since + 8, { timeoutMs: 20_000 });
    await fleet.webhookWorkers[0]?.kill();
    await fleet.addWebhookWorker();
    const done = await eventually(
      async () => {
        const now = await tenant.call<Replay>('GET', `/v1/replays/${replay.id}`);
        if (now.state !== 'done') throw new Error(JSON.stringify(now));
        return now;
      },
      { timeoutMs: 60_000 },
    );
    expect(done).toMatchObject({ counts: { found: 30, delivered: 30, dead: 0, waiting: 0 }, truncated: [] });

    const all = accepted(receiver.deliveries, id);
    expect(all.every(({ verified }) => verified)).toBe(true);
    const replayed = all.filter(({ headers }) => headers['flotilla-replay'] === replay.id);
    expect(firsts(replayed).map(({ data }) => data.message?.text)).toEqual(texts(30, 'missed'));
    expect(firsts(all)).toHaveLength(40);
    // A worker that is killed between an answer and its note of it leaves that one to be sent again, and no other.
    expect(all.length).toBeLessThanOrEqual(41);
    expect(await tenant.deadLetters()).toEqual([]);

    const onWatch = receiver.deliveries.filter(({ path }) => path.endsWith('/watching'));
    const told = firsts(onWatch);
    expect(told.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['webhook.failing', 'webhook.dead-letter', 'webhook.recovered']),
    );
    expect(told.every(({ data, instance }) => data.webhook === webhook.id && instance === tenant.tenant.id)).toBe(true);
    expect(told.filter(({ type }) => type === 'webhook.dead-letter')).toHaveLength(1);
    // The live stream has shown the same, in the same order.
    await eventually(() => follower.seen.length >= told.length);
    await follower.stop();
    expect(follower.seen.map((event) => event.id)).toEqual(firsts(onWatch).map((event) => event.id));
    const stats = await tenant.call<WebhookStats>('GET', `/v1/webhooks/${webhook.id}/stats`);
    expect(stats.hour.outcomes.delivered).toBeGreaterThan(0);
    expect(stats).toMatchObject({ backlog: { events: 0 }, deadLetters: 0, breaker: { state: 'closed' } });
  });
});
