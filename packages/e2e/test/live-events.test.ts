import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Conversation, pairConversations } from '@flotilla/chaos';
import type { FlotillaEvent } from '@flotilla/contracts';
import { Child, eventually, type Follower, SseFollower, WebSocketFollower } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';

import { oneFleet } from './one-fleet.ts';
import { readText } from './repository.ts';

/** Texts that contacts write, and how often each consumer loses its connection meanwhile. */
const texts = 1_000;
const disconnections = 20;

const textOf = (event: FlotillaEvent) =>
  event.type === 'messages.upsert' && !event.data.message.fromMe ? event.data.message.text : undefined;

/** Has the contacts write so many numbered texts, some at a time; gives the texts by instance, in order. */
async function write(
  send: (pair: Conversation, text: string) => Promise<unknown>,
  all: readonly Conversation[],
  count: number,
): Promise<Map<string, string[]>> {
  const written = new Map(all.map(({ id }) => [id, [] as string[]]));
  let next = 0;
  await Promise.all(
    all.map(async (pair) => {
      while (next < count) {
        const text = `live ${next++}`;
        await send(pair, text);
        written.get(pair.id)?.push(text);
      }
    }),
  );
  return written;
}

/** What a consumer saw of each instance, against what was written. */
function audit(follower: Follower, written: ReadonlyMap<string, readonly string[]>) {
  const found = { missing: [] as string[], twice: 0, outOfOrder: [] as string[] };
  const ids = follower.seen.map(({ id }) => id);
  found.twice = ids.length - new Set(ids).size;
  for (const [instance, expected] of written) {
    const own = follower.seen.filter((event) => event.instance === instance);
    const seen = own.flatMap((event) => textOf(event) ?? []);
    found.missing.push(...expected.filter((text) => !seen.includes(text)));
    // The order is the log's. All types are shown, so that numbers follow on one another.
    for (const [index, { sequence }] of own.entries())
      if (index > 0 && sequence !== (own[index - 1]?.sequence ?? 0) + 1)
        found.outOfOrder.push(`${instance} ${sequence}`);
  }
  return { ...found, gaps: follower.gaps };
}

const clean = { missing: [], twice: 0, outOfOrder: [], gaps: [] };

describe('live events', () => {
  const running = oneFleet({ gateways: 2, workers: 1, webhookWorkers: 2, env: { EVENT_HEARTBEAT_SECONDS: 1 } });

  it('are shown once each, in order, to clients that lose their connection 20 times, whatever is killed', {
    timeout: 300_000,
  }, async () => {
    const { fleet, tenant } = running;
    const all = await pairConversations(fleet, tenant, 6);
    const followers = [new SseFollower(fleet, tenant), new WebSocketFollower(fleet, tenant)];
    for (const follower of followers) await follower.start();

    let written = 0;
    const began = performance.now();
    const send = async ({ contact, linked }: Conversation, text: string) => {
      await fleet.simulator.contactSend(contact, linked.phone, text);
      written += 1;
    };
    const writing = write(send, all, texts);
    const disconnecting = followers.map(async (follower) => {
      for (let count = 1; count <= disconnections; count++) {
        // Somewhere within the twentieth part of the texts that is under way.
        const at = ((count - Math.random()) / disconnections) * texts * 0.95;
        await eventually(() => written >= at || undefined, { timeoutMs: 200_000 });
        const before = follower.connections;
        follower.disconnect();
        // A connection that is lost while it is being made would not count.
        await eventually(() => follower.connections > before || undefined, { timeoutMs: 60_000 });
      }
    });
    const killing = async () => {
      await eventually(() => written > texts * 0.3 || undefined, { timeoutMs: 200_000 });
      await fleet.webhookWorkers[0]?.kill();
      await eventually(() => written > texts * 0.5 || undefined, { timeoutMs: 200_000 });
      // The second one: the first serves the requests of this test.
      await fleet.gateways[1]?.kill();
      await fleet.addGateway();
    };
    const [expected] = await Promise.all([writing, killing(), ...disconnecting]);
    const seconds = (performance.now() - began) / 1_000;
    const complete = (follower: Follower) => audit(follower, expected).missing.length === 0 || undefined;
    for (const follower of followers)
      await eventually(() => complete(follower), { timeoutMs: 40_000, intervalMs: 500 }).catch(() => {});
    for (const follower of followers) await follower.stop();

    console.info('live events', {
      seconds: Math.round(seconds),
      shown: followers.map(({ seen }) => seen.length),
      connections: followers.map(({ connections }) => connections),
    });
    for (const follower of followers) {
      expect(audit(follower, expected)).toEqual(clean);
      expect(follower.seen.length).toBeGreaterThanOrEqual(texts);
      expect(follower.connections).toBeGreaterThan(disconnections);
    }
  });

  it('reach a fleet without webhooks within a second or two, with signs of life between them', async () => {
    const { fleet, tenant } = running;
    const [pair] = await pairConversations(fleet, tenant, 1);
    if (!pair) throw new Error('There is no instance');
    const query = `instance=${pair.id}&types=messages.*`;
    const follower = new SseFollower(fleet, tenant, query);
    await follower.start();
    const seconds: number[] = [];
    for (let n = 0; n < 10; n++) {
      const began = performance.now();
      await fleet.simulator.contactSend(pair.contact, pair.linked.phone, `quick ${n}`);
      await eventually(() => follower.seen.some((event) => textOf(event) === `quick ${n}`) || undefined, {
        intervalMs: 5,
      });
      seconds.push((performance.now() - began) / 1_000);
    }
    console.info(
      'from a contact to a stream (s)',
      seconds.sort((a, b) => a - b),
    );
    expect(seconds[5]).toBeLessThan(2);
    await eventually(() => follower.heartbeats > 1 || undefined);
    expect(follower.seen.every(({ instance, type }) => instance === pair.id && type.startsWith('messages.'))).toBe(
      true,
    );
    await follower.stop();
  });

  it('of one tenant are not shown to another', async () => {
    const { fleet, tenant } = running;
    const stranger = new SseFollower(fleet, await fleet.api.newTenant('Stranger'));
    const own = new SseFollower(fleet, tenant);
    for (const follower of [stranger, own]) await follower.start();
    const [pair] = await pairConversations(fleet, tenant, 1);
    if (!pair) throw new Error('There is no instance');
    await fleet.simulator.contactSend(pair.contact, pair.linked.phone, 'for one tenant only');
    await eventually(() => own.seen.some((event) => textOf(event) === 'for one tenant only') || undefined);
    await eventually(() => stranger.heartbeats > 1 || undefined);
    expect(stranger.seen).toEqual([]);
    for (const follower of [stranger, own]) await follower.stop();
  });

  it('cut a client off that takes nothing, which then goes on where it was', { timeout: 180_000 }, async () => {
    const { fleet, tenant } = running;
    const [pair] = await pairConversations(fleet, tenant, 1);
    if (!pair) throw new Error('There is no instance');
    const query = `instance=${pair.id}`;
    const abort = new AbortController();
    const stuck = await fetch(`${fleet.api.url}/v1/events?${query}`, {
      headers: { authorization: `Bearer ${tenant.key}` },
      signal: abort.signal,
    });
    // More than all buffers between the two hold.
    const filling = 'x'.repeat(60_000);
    const large = 250;
    for (let n = 0; n < large; n++)
      await fleet.simulator.contactSend(pair.contact, pair.linked.phone, `large ${n} ${filling}`);
    const cutOff = async () => {
      const answer = await fetch(`${fleet.api.url}/metrics`);
      return /streams_ended_total\{transport="sse",reason="TOO_SLOW"[^}]*\} 1/.test(await answer.text()) || undefined;
    };
    await eventually(cutOff, { timeoutMs: 60_000, intervalMs: 500, message: 'the client is cut off' });
    const follower = new SseFollower(fleet, tenant, query);
    await follower.take(stuck, abort.signal).catch(() => {});
    const before = follower.seen.length;
    expect(before).toBeLessThan(large);
    await follower.start();
    const numbers = () =>
      follower.seen.flatMap((event) => textOf(event)?.match(/^large (\d+) /)?.[1] ?? []).map(Number);
    await eventually(() => numbers().length >= large || undefined, { timeoutMs: 60_000, intervalMs: 500 });
    await follower.stop();
    expect(numbers().sort((a, b) => a - b)).toEqual(Array.from({ length: large }, (_, n) => n));
    const sequences = follower.seen.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
    abort.abort();
  });

  it('are followed by the consumers in docs/live-events.md', async () => {
    const { fleet, tenant } = running;
    const [pair] = await pairConversations(fleet, tenant, 1);
    if (!pair) throw new Error('There is no instance');
    const examples = [...readText('docs/live-events.md').matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(
      ([, code = '']) => code,
    );
    expect(examples).toHaveLength(2);
    // The page's own server, which has the key.
    const server = createServer(async (_request, response) => {
      const answer = await tenant.call('POST', '/v1/events/ticket').catch(() => ({}));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const consumers = await Promise.all(
      examples.map((code, index) =>
        Child.start({
          name: `example ${index}`,
          command: process.execPath,
          args: [
            '--input-type=module',
            '--eval',
            code
              .replace("'/my-ticket'", `'http://127.0.0.1:${port}'`)
              .replace('wss://flotilla.example.com', fleet.api.url.replace('http', 'ws')),
          ],
          env: { PATH: process.env.PATH, FLOTILLA_URL: fleet.api.url, API_KEY: tenant.key },
        }),
      ),
    );
    try {
      let count = 0;
      const shows = async (text: string) => {
        await eventually(
          async () => {
            // The consumer without a cursor sees only what comes after it has connected.
            await fleet.simulator.contactSend(pair.contact, pair.linked.phone, `${text} ${count++}`);
            return consumers.every((child) => child.logs().join('\n').includes(text)) || undefined;
          },
          { timeoutMs: 20_000, intervalMs: 300, message: `both show ${text}` },
        );
      };
      await shows('first');
      const gateway = fleet.gateways[0];
      await gateway?.restart();
      await shows('second');
      for (const child of consumers) {
        const lines = child.logs().join('\n');
        const texts = [...lines.matchAll(/text: '((?:first|second) \d+)'/g)].map(([, text]) => text);
        expect(texts.length).toBeGreaterThan(1);
        expect(new Set(texts).size).toBe(texts.length);
      }
    } finally {
      for (const child of consumers) await child.kill();
      server.close();
    }
  });

  it('go on through another gateway when theirs is shut down', async () => {
    const { fleet, tenant } = running;
    const [pair] = await pairConversations(fleet, tenant, 1);
    if (!pair) throw new Error('There is no instance');
    const leaving = await fleet.addGateway();
    const followers = [new SseFollower(fleet, tenant), new WebSocketFollower(fleet, tenant)];
    for (const follower of followers) await follower.start();
    const began = performance.now();
    // The one that is left may be busy with some of them or with none.
    expect(await leaving.stop()).toEqual({ code: 0, signal: null });
    expect((performance.now() - began) / 1_000).toBeLessThan(10);
    await fleet.simulator.contactSend(pair.contact, pair.linked.phone, 'after the shutdown');
    for (const follower of followers) {
      await eventually(() => follower.seen.some((event) => textOf(event) === 'after the shutdown') || undefined);
      expect(follower.ends.every((code) => code === 'CLOSING')).toBe(true);
      await follower.stop();
    }
  });
});
