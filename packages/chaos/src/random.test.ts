import { describe, expect, it } from 'vitest';
import { planOf } from './performance.ts';
import { Random } from './random.ts';
import type { Scope } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

const numbers = (random: Random) => Array.from({ length: 1_000 }, () => random.next());

describe('seeded numbers', () => {
  it('are the same for the same seed and purpose, and others otherwise', () => {
    expect(numbers(new Random(7, 'a'))).toEqual(numbers(new Random(7, 'a')));
    expect(numbers(new Random(7, 'a'))).not.toEqual(numbers(new Random(8, 'a')));
    expect(numbers(new Random(7, 'a'))).not.toEqual(numbers(new Random(7, 'b')));
  });

  it('fill the range from 0 to 1 evenly', () => {
    const all = numbers(new Random(1));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThan(1);
    for (const tenth of Array.from({ length: 10 }, (_, index) => index / 10)) {
      const within = all.filter((value) => value >= tenth && value < tenth + 0.1);
      expect(within.length).toBeGreaterThan(60);
    }
  });
});

describe('plans', () => {
  const scope: Scope = { form: 'short', instances: 40, workers: 3, redis: 'single' };
  const wordsOf = (seed: number) =>
    scenarios.map((scenario) => planOf(scenario, seed, scope).map(({ after, what }) => `${after} ${what}`));

  it('are the same for the same seed, and others for another one', () => {
    expect(wordsOf(3)).toEqual(wordsOf(3));
    expect(wordsOf(3)).not.toEqual(wordsOf(4));
  });

  it('have names of their own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });
});
