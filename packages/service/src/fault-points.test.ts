import { describe, expect, it } from 'vitest';
import { createFaultPoints } from './fault-points.ts';

type Point = 'guard-off-deadline' | 'guard-off-claim' | 'crash-before-send';
const points = (listed?: string, environment?: string) => createFaultPoints<Point>(listed, environment);

describe('fault points', () => {
  it('leave guards out only under test', () => {
    expect(points('guard-off-deadline', 'test').off('guard-off-deadline')).toBe(true);
    expect(points('guard-off-deadline', 'test').off('guard-off-claim')).toBe(false);
    expect(points('guard-off-deadline', 'production').off('guard-off-deadline')).toBe(false);
    expect(points('guard-off-deadline').off('guard-off-deadline')).toBe(false);
    expect(points(undefined, 'test').off('guard-off-deadline')).toBe(false);
  });

  it('let a process live that is not under test, or was told to die elsewhere', () => {
    points('crash-before-send', 'production').reach('crash-before-send');
    points('crash-before-send').reach('crash-before-send');
    points('guard-off-claim', 'test').reach('crash-before-send');
    expect(process.pid).toBeGreaterThan(0);
  });
});
