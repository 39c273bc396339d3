import { setImmediate as roundIsOver } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gatherCalls, shareReads } from './gather-calls.ts';

test('calls of one round are done together, in their order, and each has its own answer', async () => {
  const rounds: string[][] = [];
  const call = gatherCalls<string, string>((asked) => {
    rounds.push([...asked]);
    return asked.map((one) => (one === 'b' ? Promise.reject(new Error('not b')) : one.toUpperCase()));
  });
  const first = Promise.allSettled([call('a'), call('b'), call('c')]);
  expect(rounds).toEqual([]);
  expect(await first).toMatchObject([
    { status: 'fulfilled', value: 'A' },
    { status: 'rejected', reason: { message: 'not b' } },
    { status: 'fulfilled', value: 'C' },
  ]);
  await expect(call('d')).resolves.toBe('D');
  expect(rounds).toEqual([['a', 'b', 'c'], ['d']]);
});

test('what goes wrong before any of them is begun, all hear of', async () => {
  const call = gatherCalls<string, string>(() => {
    throw new Error('away');
  });
  expect(await Promise.allSettled([call('a'), call('b')])).toMatchObject([
    { reason: { message: 'away' } },
    { reason: { message: 'away' } },
  ]);
});

test('a read is shared by those who ask before it begins, and by nobody who comes later', async () => {
  let value = 1;
  let reads = 0;
  const read = shareReads(async (key) => {
    reads += 1;
    const seen = value;
    await roundIsOver();
    return `${key} ${seen}`;
  });
  const early = [read('a'), read('b'), read('a')];
  value = 2;
  await roundIsOver();
  // They are under way: what is asked for from now on must be read anew.
  value = 3;
  const late = read('a');
  expect(await Promise.all(early)).toEqual(['a 2', 'b 2', 'a 2']);
  expect(await late).toBe('a 3');
  expect(reads).toBe(3);
});
