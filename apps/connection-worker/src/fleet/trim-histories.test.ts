import { instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter } from '@flotilla/history';
import { claim, fencedWrite, type RedisCommand, readOwnership } from '@flotilla/lease';
import { createLogger } from '@flotilla/service';
import { eventually, redisTest } from '@flotilla/testkit';
import { expect, test } from 'vitest';
import { trimHistories } from './trim-histories.ts';

redisTest('histories are kept within their bounds, also beside one that cannot be written', async ({ redis }) => {
  const log = createLogger({ name: 'connection-worker', level: 'silent' });
  const hold = async (id: string) => {
    const owned = await claim(redis, id, { incarnation: 'w1', expected: await readOwnership(redis, id) });
    const fence = { instance: id, owner: 'w1', epoch: owned.epoch };
    const history = createHistoryWriter({ redis, instance: id, bounds: { days: 30, messages: 2 } });
    const write = async (commands: readonly RedisCommand[]) => void (await fencedWrite(redis, fence, commands));
    for (let n = 0; n < 5; n += 1) {
      const chat = '14155550101@s.whatsapp.net';
      const message = { id: `m${n}`, chat, fromMe: true, sender: { jid: chat }, timestamp: Date.now() };
      await write(history.append({ message: { ...message, kind: 'text' } }));
    }
    return { id, history, store: { write, writtenAt: performance.now() } };
  };
  const held = [await hold('ins_a'), await hold('ins_b')];
  // Somebody else has it now.
  await claim(redis, 'ins_a', { incarnation: 'w1', expected: await readOwnership(redis, 'ins_a') });
  const end = new AbortController();
  let mayWork = false;
  const trimming = trimHistories({
    holdings: () => held,
    mayWork: () => mayWork,
    signal: end.signal,
    log,
    everyMs: 20,
  });
  const stored = (id: string) => redis.zcard(instanceKeys.historyTimes(id));
  mayWork = true;
  await eventually(async () => (await stored('ins_b')) === 2);
  expect(await stored('ins_a')).toBe(5);
  end.abort();
  await trimming;
});

test('a history to which nothing was added is not looked at again and again', async () => {
  const looks = { quiet: 0, busy: 0 };
  const hold = (id: 'quiet' | 'busy') => ({
    id,
    history: {
      trim: async () => {
        looks[id] += 1;
      },
    },
    store: {
      write: async () => {},
      get writtenAt() {
        return id === 'busy' ? performance.now() : 0;
      },
    },
  });
  const held = [hold('quiet'), hold('busy')];
  const end = new AbortController();
  const trimming = trimHistories({
    holdings: () => held,
    mayWork: () => true,
    signal: end.signal,
    log: createLogger({ name: 'connection-worker', level: 'silent' }),
    everyMs: 5,
  });
  await eventually(() => looks.busy > 5);
  expect(looks.quiet).toBe(1);
  end.abort();
  await trimming;
});
