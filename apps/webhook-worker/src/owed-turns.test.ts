import { fleetKeys, type TurnJob } from '@flotilla/contracts';
import { eventually, redisTest } from '@flotilla/testkit';
import { expect } from 'vitest';
import { createOwedTurns, type OwedTurns } from './owed-turns.ts';

const job: TurnJob = { tenant: 'ten_a', endpoint: 'wh_a' };

/** Makes processes that begin turns without jobs, with a short life, and remember the jobs that they add. */
const processTest = redisTest.extend('process', async ({ redis }, { onCleanup }) => {
  const opened: OwedTurns[] = [];
  onCleanup(async () => {
    for (const each of opened) await each.close();
  });
  return (options: { isUnderWay?: () => boolean; addTurns?: (jobs: readonly TurnJob[]) => Promise<void> } = {}) => {
    const added: TurnJob[] = [];
    const owed = createOwedTurns({
      redis,
      addTurns: async (jobs) => {
        added.push(...jobs);
        await options.addTurns?.(jobs);
      },
      isUnderWay: options.isUnderWay ?? (() => false),
      lifeMs: 1_000,
      onError: (error) => expect.fail(error.message),
    });
    opened.push(owed);
    return { owed, added };
  };
});

processTest('a turn whose process has died becomes a job, once', async ({ redis, process }) => {
  const { owed } = process();
  await owed.owe(job);
  expect(await redis.zcard(fleetKeys.owedTurns)).toBe(1);
  // It says nothing of it any more, as if it had died.
  owed.leave(job);
  await owed.close();
  const other = process();
  await eventually(() => other.added.length > 0, { timeoutMs: 4_000 });
  await eventually(async () => (await redis.zcard(fleetKeys.owedTurns)) === 0);
  expect(other.added).toEqual([job]);
});

processTest(
  'a turn that is under way for long is nobody else’s to do',
  { timeout: 20_000 },
  async ({ redis, process }) => {
    let isUnderWay = true;
    const { owed } = process({ isUnderWay: () => isUnderWay });
    const other = process();
    await owed.owe(job);
    const [, first] = await redis.zrange(fleetKeys.owedTurns, '0', '-1', 'WITHSCORES');
    // Three lives long.
    await eventually(
      async () => Number((await redis.zrange(fleetKeys.owedTurns, '0', '-1', 'WITHSCORES'))[1]) > Number(first) + 3_000,
      { timeoutMs: 10_000 },
    );
    isUnderWay = false;
    await eventually(async () => (await redis.zcard(fleetKeys.owedTurns)) === 0, { timeoutMs: 4_000 });
    expect(other.added).toEqual([]);
  },
);

processTest('a note that is fresh serves the next turn of its endpoint, too', async ({ redis, process }) => {
  const { owed } = process();
  await owed.owe(job);
  const noted = await redis.zrange(fleetKeys.owedTurns, '0', '-1', 'WITHSCORES');
  await redis.zrem(fleetKeys.owedTurns, String(noted[0]));
  await owed.owe(job);
  expect(await redis.zcard(fleetKeys.owedTurns)).toBe(0);
});

processTest('what is noted anew while others make a job of it stays noted', async ({ redis, process }) => {
  const { owed, added } = process({
    addTurns: async (jobs) => {
      if (jobs.length > 0) await owed.owe(job);
    },
  });
  await owed.owe(job);
  owed.leave(job);
  await eventually(() => added.length > 0, { timeoutMs: 4_000 });
  expect(await redis.zcard(fleetKeys.owedTurns)).toBe(1);
});

processTest('two processes at one endpoint do not take away each other’s notes', async ({ redis, process }) => {
  const [one, other] = [process(), process({ isUnderWay: () => true })];
  await Promise.all([one.owed.owe(job), other.owed.owe(job)]);
  expect(await redis.zcard(fleetKeys.owedTurns)).toBe(2);
  await one.owed.close();
  expect(await redis.zcard(fleetKeys.owedTurns)).toBe(1);
});
