import { describe, expect, it } from 'vitest';
import { isToConnect } from './wanted.ts';

describe('an instance is connected without being asked', () => {
  const now = 1_000_000;
  const parked = { state: 'closed', reason: 'banned', since: 0 } as const;

  it.each([
    ['that was lost', { state: 'backing-off', since: 0, retryAt: now + 1 }, true],
    ['that somebody has stopped', { state: 'closed', reason: 'stopped', since: 0 }, false],
    ['that is banned without an end', parked, false],
    ['that is banned', { ...parked, retryAt: now + 1 }, false],
    ['whose ban is over', { ...parked, retryAt: now }, true],
  ] as const)('%s', (_, status, wanted) => {
    expect(isToConnect({ desired: 'connected', status }, now)).toBe(wanted);
    expect(isToConnect({ desired: 'stopped', status }, now)).toBe(false);
  });
});
