import { describe, expect, it } from 'vitest';
import { parseDuration, parseSchedule, retryDelay } from './schedule.ts';

const schedule = parseSchedule('5s,30s,2m,10m,30m,2h,4h,8h,9h');

describe('parseSchedule', () => {
  it('reads durations of every unit', () => {
    expect(['200ms', ' 15s', '2m', '8h'].map(parseDuration)).toEqual([200, 15_000, 120_000, 28_800_000]);
  });

  it.each(['', '5', '5 s', '-1s', '1.5h', '5s,,6s', '5d', '49h'])('refuses %j with a sentence', (text) => {
    expect(() => parseSchedule(text)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }));
  });

  it('keeps events a quarter longer than the schedule lasts', () => {
    expect(parseSchedule('1s,3s').lifetimeMs).toBe(5_000);
  });

  it('pauses for a minute, or for the longest step of a shorter schedule', () => {
    expect([schedule.pauseMs, parseSchedule('100ms,200ms').pauseMs]).toEqual([60_000, 200]);
  });
});

describe('retryDelay', () => {
  it('follows the steps with a fifth of jitter to both sides, then gives up', () => {
    expect([0, 0.5, 1].map((random) => retryDelay(schedule, 2, { status: 500 }, random))).toEqual([
      24_000, 30_000, 36_000,
    ]);
    expect(retryDelay(schedule, 9, { status: 500 }, 0.5)).toBe(9 * 3_600_000);
    expect(retryDelay(schedule, 10, { status: 500 }, 0.5)).toBeUndefined();
  });

  it.each([{ status: 429 }, { status: 502 }, { status: 503 }, { status: 504 }, { timedOut: true }])(
    'leaves an endpoint alone for a minute after %j',
    (failure) => {
      expect(retryDelay(schedule, 1, failure, 0)).toBe(60_000);
      expect(retryDelay(schedule, 4, failure, 0.5)).toBe(600_000);
    },
  );

  it('honours Retry-After between the step and an hour, or twice the step where that is more', () => {
    const after = (attempts: number, retryAfter: string) =>
      retryDelay(schedule, attempts, { status: 429, retryAfter }, 0);
    expect(after(1, '1')).toBe(5_000);
    expect(after(1, '120')).toBe(120_000);
    expect(after(1, '86400')).toBe(3_600_000);
    expect(after(7, '86400')).toBe(28_800_000);
  });

  it('understands Retry-After as a date, and ignores what is neither', () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
    const asked = retryDelay(schedule, 1, { status: 503, retryAfter: inTwoMinutes }, 0) ?? 0;
    expect(asked).toBeGreaterThan(110_000);
    expect(asked).toBeLessThanOrEqual(120_000);
    expect(retryDelay(schedule, 1, { status: 503, retryAfter: 'soon' }, 0)).toBe(60_000);
  });
});
