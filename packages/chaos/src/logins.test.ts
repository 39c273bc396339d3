import { describe, expect, it } from 'vitest';
import { busiestSecond } from './logins.ts';

describe('the busiest second', () => {
  it('is found wherever it begins', () => {
    expect(busiestSecond([0, 900, 1_000, 1_100, 1_899, 1_900, 5_000])).toBe(4);
    expect(busiestSecond([0, 1_000, 2_000])).toBe(1);
    expect(busiestSecond([])).toBe(0);
  });
});
