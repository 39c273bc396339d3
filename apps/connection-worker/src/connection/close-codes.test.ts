import { describe, expect, it } from 'vitest';
import { backOffMs, onClose, storeRetryMs } from './close-codes.ts';

describe('what a close code means', () => {
  it.each([
    [515, 'reconnect'],
    [440, 'yield'],
    [401, 'wipe'],
    [403, 'park'],
    [406, 'park'],
    [402, 'park'],
    [405, 'update'],
    [408, 'back-off'],
    [428, 'back-off'],
    [500, 'back-off'],
    [503, 'back-off'],
    [599, 'back-off'],
    [undefined, 'back-off'],
  ] as const)('%s: %s', (code, action) => {
    expect(onClose(code).do).toBe(action);
  });
});

describe('backing off', () => {
  it('spreads over the whole range, doubles, and is capped at a minute', () => {
    expect(backOffMs(1, () => 0)).toBe(0);
    expect(backOffMs(1, () => 1)).toBe(1_000);
    expect(backOffMs(4, () => 1)).toBe(8_000);
    expect(backOffMs(50, () => 1)).toBe(60_000);
  });

  it('is about a second, however often, while it is Redis that is missing', () => {
    expect([storeRetryMs(() => 0), storeRetryMs(() => 1)]).toEqual([500, 1_500]);
  });
});
