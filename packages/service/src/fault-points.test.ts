import { describe, expect, it } from 'vitest';
import { createFaultPoints } from './fault-points.ts';

describe('fault points', () => {
  it('leave guards out only under test', () => {
    expect(createFaultPoints('guard-off-deadline', 'test').off('guard-off-deadline')).toBe(true);
    expect(createFaultPoints('guard-off-deadline', 'test').off('guard-off-claim')).toBe(false);
    expect(createFaultPoints('guard-off-deadline', 'production').off('guard-off-deadline')).toBe(false);
    expect(createFaultPoints('guard-off-deadline', undefined).off('guard-off-deadline')).toBe(false);
    expect(createFaultPoints(undefined, 'test').off('guard-off-deadline')).toBe(false);
  });
});
