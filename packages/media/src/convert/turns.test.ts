import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

describe('turns', () => {
  it('are given to so many at a time, in order, whatever becomes of them', async () => {
    const inTurn = createTurns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (index: number) =>
      inTurn(undefined, () => {
        begun.push(index);
        return new Promise<void>((resolve, reject) => {
          ends[index] = () => (index === 0 ? reject(new Error('failed')) : resolve());
        });
      });
    const all = Promise.allSettled([0, 1, 2, 3].map(work));
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    ends[1]?.();
    ends[2]?.();
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[3]?.();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('pass over who does not want any more', async () => {
    const inTurn = createTurns(1);
    const abort = new AbortController();
    let end = () => {};
    const first = inTurn(undefined, () => new Promise<void>((resolve) => (end = resolve)));
    const second = inTurn(abort.signal, async () => 'second');
    const third = inTurn(undefined, async () => 'third');
    abort.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    end();
    await first;
    expect(await third).toBe('third');
  });
});
