import { instanceKeys, workerKeys } from '@flotilla/contracts';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { createHandover } from './handover.ts';

describe('an instance that is handed over', () => {
  redisTest('goes to the worker that was chosen, and nobody else is asked', async ({ redis }) => {
    const asked: string[] = [];
    const { hand } = createHandover(redis, { requestConnect: async (instance) => void asked.push(instance) });
    const handed = hand('ins_a', 'chosen');
    expect(await redis.blpop(workerKeys.wake('chosen'), 5)).toEqual([workerKeys.wake('chosen'), 'ins_a']);
    await redis.hset(instanceKeys.ownership('ins_a'), 'owner', 'chosen');
    await handed;
    expect(asked).toEqual([]);
  });

  redisTest('is offered to everybody if that one does not come, and so is all the rest', async ({ redis }) => {
    const asked: [string, string][] = [];
    const { hand } = createHandover(redis, {
      requestConnect: async (instance, reason) => void asked.push([instance, reason]),
    });
    await hand('ins_a', 'deaf');
    await hand('ins_b', 'deaf');
    await hand('ins_c', undefined);
    expect(asked).toEqual([
      ['ins_a', 'orphan'],
      ['ins_b', 'released'],
      ['ins_c', 'released'],
    ]);
    expect(await redis.lrange(workerKeys.wake('deaf'), 0, -1)).toEqual(['ins_a']);
  });
});
