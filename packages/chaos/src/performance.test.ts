import { describe, expect, it } from 'vitest';
import { breaches } from './figures.ts';
import { longestGap, type PerformanceReport } from './performance.ts';
import { summaryOf, tableOf } from './table.ts';

const report = (rest: Partial<PerformanceReport> = {}): PerformanceReport => ({
  scenario: 'kill',
  seed: 42,
  scope: { form: 'short', instances: 40, workers: 3, redis: 'single' },
  began: new Date(0).toISOString(),
  seconds: 31.24,
  plan: [{ after: 1.5, what: 'kill worker 0.3' }],
  notes: [],
  figures: { accepted: 100, lost: 1, 'takeover (s)': 3.33 },
  bounds: { lost: 0, 'takeover (s)': 8 },
  breaches: [{ figure: 'lost', value: 1, bound: 0 }],
  findings: { lost: ['ins_a: text 7'] },
  refusals: { 'no answer': 2 },
  kept: false,
  ...rest,
});

describe('a verdict', () => {
  it('is broken by each figure beyond its bound, and by no other', () => {
    const bounds = { lost: 0, 'takeover (s)': 8, 'gap (s)': 3 };
    expect(breaches({ lost: 0, 'takeover (s)': 8, accepted: 9 }, bounds)).toEqual([]);
    expect(breaches({ lost: 1, 'takeover (s)': 8.1 }, bounds)).toEqual([
      { figure: 'lost', value: 1, bound: 0 },
      { figure: 'takeover (s)', value: 8.1, bound: 8 },
    ]);
  });

  it('is shown with what broke it and how to play it again', () => {
    const table = tableOf(report());
    expect(table).toMatch(/lost +1 +≤ 0 +BROKEN/);
    expect(table).toMatch(/takeover \(s\) +3\.3 +≤ 8 +kept/);
    expect(table).toContain('lost: ins_a: text 7');
    expect(table).toContain('verdict: BROKEN: lost 1 > 0');
    expect(table).toContain('pnpm chaos kill --seed 42 --instances 40 --workers 3');
    expect(summaryOf([report(), report({ kept: true })])).toMatch(/BROKEN\n.*kept$/);
  });
});

describe('the gap of a number', () => {
  const time = (phone: string, from: number, to?: number) => ({ phone, device: 1, from, to });

  it('is the longest time between two logins, of the number that was away longest', () => {
    const times = [
      time('a', 0, 2_000),
      time('a', 2_500),
      time('b', 0, 1_000),
      time('b', 4_000, 9_000),
      time('b', 9_000),
    ];
    expect(longestGap(times, ['a'], 0)).toBe(0.5);
    expect(longestGap(times, ['a', 'b'], 0)).toBe(3);
  });

  it('does not count what overlaps, nor what was before', () => {
    expect(longestGap([time('a', 0, 5_000), time('a', 1_000, 2_000), time('a', 5_000)], ['a'], 0)).toBe(0);
    expect(longestGap([time('a', 7_000)], ['a'], 6_000)).toBe(1);
  });
});
