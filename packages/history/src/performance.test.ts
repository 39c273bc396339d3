import { connectRedis, ready } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { instance, own } from '../test/owner.ts';
import { realisticMessages } from '../test/realistic.ts';
import { openSlowLine } from '../test/slow-line.ts';
import { listChats, listMessages } from './index.ts';

const count = 10_000;

describe('a history of 10,000 messages in 200 chats', { timeout: 120_000 }, () => {
  redisTest('is read in few round trips', async ({ redis, url }) => {
    const { writer, write } = await own(redis);
    const messages = realisticMessages(count, 200, Date.now());
    for await (const batch of writer.appendMany(messages)) await write(batch);
    const chats = Map.groupBy(messages, ({ message }) => message.chat);
    const [chat, inChat] = [...chats].reduce((a, b) => (b[1].length > a[1].length ? b : a));
    expect(inChat.length).toBeGreaterThan(250);

    const line = await openSlowLine(url);
    const slow = connectRedis(line.url, { name: 'slow', manner: 'patient' });
    try {
      await ready(slow);
      // Once before, so that Redis knows the script.
      await listMessages(redis, instance, { limit: 1 });
      line.slowDown(1_000);
      const secondsOf = async (work: () => Promise<unknown>) => {
        const start = performance.now();
        await work();
        return (performance.now() - start) / 1_000;
      };
      const messagesTook = await secondsOf(async () => {
        const page = await listMessages(slow, instance, { chats: [chat], limit: 200 });
        expect(page.items).toHaveLength(200);
        expect(page.nextCursor).toBeDefined();
      });
      // Two of a second each: the page itself, then reactions and journals of all its messages.
      expect(messagesTook).toBeLessThan(3);
      const chatsTook = await secondsOf(async () => {
        const page = await listChats(slow, instance, { limit: 100 });
        expect(page.items).toHaveLength(100);
        expect(page.items.every(({ lastMessage }) => lastMessage !== undefined)).toBe(true);
      });
      // The chats, their other addresses (two), the chats under those, the last messages, and reactions to them.
      expect(chatsTook).toBeLessThan(7);
    } finally {
      slow.disconnect();
      await line.close();
    }
  });

  redisTest('is written without holding anybody up', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const messages = realisticMessages(5_000, 500, Date.now());
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    let batches = 0;
    for await (const batch of writer.appendMany(messages)) {
      batches += 1;
      await write(batch);
    }
    clearInterval(timer);
    expect(longest / 1_000).toBeLessThan(0.5);
    expect(batches).toBeGreaterThanOrEqual(50);
  });
});
