import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving, Receiving } from './receiving.ts';

const count = { chats: 500, messages: 5_000 };
/** Longest wait for the event loop that 99 of 100 see (s); far above what it is on a machine with nothing else to do. */
const longestDelay = 1;

/** A value of a Prometheus metric. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('history', () => {
  const running = oneFleet();
  const receiving = oneReceiving(running);

  it('of 5,000 messages in 500 chats is stored after pairing, while others are served in time', async () => {
    const { fleet, tenant } = running;
    const { it: neighbour } = receiving;
    const [worker] = fleet.workers;
    const phone = '5511955550001';
    await fleet.simulator.call('PUT', `/accounts/${phone}/history`, { ...count, full: false });
    await metric(worker?.url ?? '', 'nodejs_eventloop_lag_p99_seconds'); // begins anew with each reading
    const mine = await Receiving.start(running, {}, phone);
    const late: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const began = performance.now();
      await neighbour.arrives({ kind: 'text', text: `meanwhile ${n}` });
      late.push(performance.now() - began);
    }
    const last = await mine.waitTold('messaging-history.status', ({ complete }) => complete, 60_000);
    expect(last.progress).toBe(100);
    const total = mine.told('messaging-history.status').reduce((sum, { messages }) => sum + messages, 0);
    expect(total).toBe(count.messages);
    expect(await metric(worker?.url ?? '', 'nodejs_eventloop_lag_p99_seconds')).toBeLessThan(longestDelay);
    expect(Math.max(...late)).toBeLessThan(5_000);

    const { items } = await tenant.call<{ items: { jid: string; lastMessageAt?: number }[] }>(
      'GET',
      `/v1/instances/${mine.id}/chats?limit=200`,
    );
    expect(items).toHaveLength(200);
    const chat = items[0]?.jid;
    const messages = await tenant.call<{ items: { text?: string; chat: string }[] }>(
      'GET',
      `/v1/instances/${mine.id}/messages?chat=${chat}&limit=50`,
    );
    expect(messages.items).toHaveLength(count.messages / count.chats);
    // What was said before is no news, nor is whom it was said by.
    expect(mine.told('contacts.upsert').length + mine.told('lid-mapping.update').length).toBeLessThan(20);
    expect(mine.told('messages.upsert').filter(({ message }) => message.chat === chat)).toEqual([]);
  });

  it('older messages come on request', async () => {
    const { fleet, tenant } = running;
    const phone = '5511955550002';
    await fleet.simulator.call('PUT', `/accounts/${phone}/history`, { chats: 2, messages: 20, older: 30 });
    const mine = await Receiving.start(running, {}, phone);
    await mine.waitTold('messaging-history.status', ({ complete }) => complete, 60_000);
    const { items } = await tenant.call<{ items: { jid: string }[] }>('GET', `/v1/instances/${mine.id}/chats`);
    const chat = items[0]?.jid;
    const path = `/v1/instances/${mine.id}/messages?chat=${chat}&limit=200`;
    const before = (await tenant.call<{ items: unknown[] }>('GET', path)).items.length;
    await tenant.call('POST', `/v1/instances/${mine.id}/chats/${chat}/history`, { body: { count: 15 } });
    await eventually(async () => (await tenant.call<{ items: unknown[] }>('GET', path)).items.length === before + 15);
  });
});
