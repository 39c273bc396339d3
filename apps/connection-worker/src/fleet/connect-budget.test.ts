import { fleetKeys } from '@flotilla/contracts';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { createConnectBudget } from './connect-budget.ts';

describe('the budget of logins', () => {
  redisTest('lets the logins of a second start at once, and then one after the other', async ({ redis }) => {
    const takes = Array.from({ length: 6 }, () => createConnectBudget(redis, 2));
    const waits: number[] = [];
    for (const take of takes) waits.push(await take());
    expect(waits.slice(0, 2)).toEqual([0, 0]);
    expect(waits.slice(2).every((ms, index) => ms > index * 500 && ms <= (index + 1) * 500)).toBe(true);
  });

  redisTest('holds no more than ten places for one worker, and serves its callers in order', async ({ redis }) => {
    const take = createConnectBudget(redis, 10);
    const served: number[] = [];
    const all = Array.from({ length: 30 }, async (_, index) => {
      await take();
      served.push(index);
    });
    await Promise.all(all.slice(0, 10));
    // A second's worth at once: a stranger who comes now waits for those ten, not for all thirty.
    expect(await createConnectBudget(redis, 10)()).toBeLessThanOrEqual(1_500);
    await Promise.all(all);
    expect(served).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  redisTest('keeps the order for as long as anybody waits in it', async ({ redis }) => {
    const takes = Array.from({ length: 12 }, () => createConnectBudget(redis, 0.01));
    let wait = 0;
    for (const take of takes) wait = await take();
    expect(wait).toBeGreaterThan(1_000_000);
    expect(await redis.pttl(fleetKeys.connectBudget)).toBeGreaterThan(wait);
  });
});
