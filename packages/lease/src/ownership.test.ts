import { instanceKeys } from '@flotilla/contracts';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { claim, readOwnership, release } from './index.ts';

const nobody = { owner: '', epoch: 0 };

describe('ownership', () => {
  redisTest('belongs to nobody before the first claim', async ({ redis }) => {
    expect(await readOwnership(redis, 'ins_a')).toEqual(nobody);
  });

  redisTest('goes to one of two that saw the same owner', async ({ redis }) => {
    const claims = await Promise.all(
      ['w1', 'w2'].map((incarnation) => claim(redis, 'ins_a', { incarnation, expected: nobody })),
    );
    expect(claims.filter(({ claimed }) => claimed)).toEqual([{ claimed: true, epoch: 1 }]);
    const { owner } = await readOwnership(redis, 'ins_a');
    expect(claims.find(({ claimed }) => !claimed)).toEqual({ claimed: false, owner, epoch: 1 });
  });

  redisTest('is not claimed by who saw the right owner in an old epoch', async ({ redis }) => {
    await claim(redis, 'ins_a', { incarnation: 'w1', expected: nobody });
    await claim(redis, 'ins_a', { incarnation: 'w1', expected: { owner: 'w1', epoch: 1 } });
    expect(await claim(redis, 'ins_a', { incarnation: 'w2', expected: { owner: 'w1', epoch: 1 } })).toEqual({
      claimed: false,
      owner: 'w1',
      epoch: 2,
    });
  });

  redisTest('is not claimed by who saw the right epoch of another owner', async ({ redis }) => {
    const epoch = 1;
    await claim(redis, 'ins_a', { incarnation: 'w1', expected: nobody });
    // Released in between: same epoch, other owner.
    await release(redis, { instance: 'ins_a', owner: 'w1', epoch });
    const late = await claim(redis, 'ins_a', { incarnation: 'w2', expected: { owner: 'w1', epoch } });
    expect(late).toEqual({ claimed: false, owner: '', epoch });
  });

  redisTest('rises in epoch with each claim, also across a release and by the same incarnation', async ({ redis }) => {
    for (const epoch of [1, 2, 3]) {
      const expected = await readOwnership(redis, 'ins_a');
      expect(await claim(redis, 'ins_a', { incarnation: 'w1', expected })).toEqual({ claimed: true, epoch });
      if (epoch === 2) expect(await release(redis, { instance: 'ins_a', owner: 'w1', epoch })).toBe(true);
    }
  });

  redisTest('is released by its owner only, once, and keeps its epoch', async ({ redis }) => {
    await claim(redis, 'ins_a', { incarnation: 'w1', expected: nobody });
    expect(await release(redis, { instance: 'ins_a', owner: 'w2', epoch: 1 })).toBe(false);
    expect(await release(redis, { instance: 'ins_a', owner: 'w1', epoch: 0 })).toBe(false);
    expect(await readOwnership(redis, 'ins_a')).toEqual({ owner: 'w1', epoch: 1 });
    expect(await release(redis, { instance: 'ins_a', owner: 'w1', epoch: 1 })).toBe(true);
    expect(await release(redis, { instance: 'ins_a', owner: 'w1', epoch: 1 })).toBe(false);
    expect(await readOwnership(redis, 'ins_a')).toEqual({ owner: '', epoch: 1 });
  });

  redisTest('never expires', async ({ redis }) => {
    await claim(redis, 'ins_a', { incarnation: 'w1', expected: nobody });
    expect(await redis.ttl(instanceKeys.ownership('ins_a'))).toBe(-1);
  });

  redisTest('is not for nobody to claim', async ({ redis }) => {
    await expect(claim(redis, 'ins_a', { incarnation: '', expected: nobody })).rejects.toThrow(RangeError);
  });
});
