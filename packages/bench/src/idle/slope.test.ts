import { expect, it } from 'vitest';
import { slope } from './slope.ts';

it('finds how much each more adds', () => {
  expect(slope([[0, 10], [50, 60], [200, 210]])).toBeCloseTo(1); // biome-ignore format: pairs
  expect(slope([[0, 0], [1, 3], [2, 3]])).toBeCloseTo(1.5); // biome-ignore format: pairs
  expect(slope([[5, 1], [5, 9]])).toBe(0); // biome-ignore format: pairs
});
