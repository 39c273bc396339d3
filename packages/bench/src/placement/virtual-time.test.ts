import { expect, test } from 'vitest';
import { type Process, seeded, sleep, together, VirtualTime } from './virtual-time.ts';

test('what comes first happens first, and of what comes together the earlier asked', () => {
  const time = new VirtualTime();
  const random = seeded(3);
  const seen: number[] = [];
  for (let n = 0; n < 500; n++) {
    const at = Math.floor(random() * 50);
    time.after(at, () => seen.push(at * 1_000 + n));
  }
  time.runUntil(60);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect([seen.length, time.now]).toEqual([500, 60]);
});

test('processes wait for time and for each other, and end with whom they belong to', () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  let isDead = false;
  const say = function* (word: string, ms: number): Process {
    yield* sleep(time, ms);
    seen.push(`${word} ${time.now}`);
  };
  time.start(
    (function* (): Process {
      yield* together(time, [say('b', 20), say('a', 10)]);
      seen.push(`both ${time.now}`);
    })(),
  );
  time.start(say('never', 30), () => isDead);
  time.after(25, () => {
    isDead = true;
  });
  time.runUntil(100);
  expect(seen).toEqual(['a 10', 'b 20', 'both 20']);
});
