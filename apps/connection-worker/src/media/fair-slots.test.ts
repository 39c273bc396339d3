import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createFairSlots } from './fair-slots.ts';

const { signal } = new AbortController();

describe('slots', () => {
  it('are so many, and go in turn to those who wait', async () => {
    const slots = createFairSlots(1);
    const order: string[] = [];
    const first = await slots.take('a', signal);
    const work = async (whom: string) => {
      const giveBack = await slots.take(whom, signal);
      order.push(whom);
      await setImmediate();
      giveBack();
    };
    const all = [...Array.from({ length: 4 }, () => work('a')), work('b'), work('b'), work('c')];
    await setImmediate();
    expect(order).toEqual([]);
    first();
    await Promise.all(all);
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
  });

  it('are given back once, whatever is said', async () => {
    const slots = createFairSlots(1);
    const giveBack = await slots.take('a', signal);
    giveBack();
    giveBack();
    await slots.take('a', signal);
    const waits = new AbortController();
    const second = slots.take('a', waits.signal);
    waits.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
  });

  it('are not lost by those who stop waiting', async () => {
    const slots = createFairSlots(1);
    const giveBack = await slots.take('a', signal);
    const waits = new AbortController();
    const gone = slots.take('b', waits.signal);
    const stays = slots.take('b', signal);
    waits.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    giveBack();
    (await stays)();
    await slots.take('c', signal);
  });
});
