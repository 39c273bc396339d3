import { expect, it } from 'vitest';
import { createRest } from './rest.ts';

it('a fleet in balance is left alone until somebody comes, goes, takes or gives, but not for ever', () => {
  const rest = createRest();
  const now = { workers: 3, load: 10 };
  expect(rest.rests(now)).toBe(false);
  rest.compared(now, 2);
  expect(rest.rests(now)).toBe(false);
  for (const isAtRest of [false, false, true]) {
    rest.compared(now, 0);
    expect(rest.rests(now)).toBe(isAtRest);
  }
  expect(rest.rests({ ...now, workers: 4 })).toBe(false);
  expect(rest.rests({ ...now, load: 11 })).toBe(false);
  for (let n = 0; n < 3; n++) rest.compared(now, 0);
  expect(Array.from({ length: 6 }, () => rest.rests(now))).toEqual([true, true, true, true, true, false]);
});
