import { describe, expect, it } from 'vitest';
import { type PeerLoad, planMoves } from './balance.ts';

const peer = (incarnation: string, load: number, capacity = 1_000): PeerLoad => ({ incarnation, load, capacity });

/** Lets all workers plan, round after round, and counts rounds and moves until nothing moves any more. */
function settle(loads: PeerLoad[]) {
  let rounds = 0;
  let moves = 0;
  for (; rounds < 100; rounds++) {
    const plans = loads.map((me) => ({ me, recipients: planMoves(me, loads) }));
    if (plans.every(({ recipients }) => recipients.length === 0)) break;
    for (const { me, recipients } of plans) {
      for (const recipient of recipients) {
        moves += 1;
        me.load -= 1;
        const to = loads.find(({ incarnation }) => incarnation === recipient);
        if (to) to.load += 1;
      }
    }
  }
  return { rounds, moves, loads: loads.map(({ load }) => load) };
}

describe('balancing', () => {
  it('moves nothing for small differences', () => {
    expect(planMoves(peer('a', 10), [peer('a', 10), peer('b', 9)])).toEqual([]);
    expect(planMoves(peer('a', 105), [peer('b', 95)])).toEqual([]);
  });

  it('moves nothing without anybody to move to', () => {
    expect(planMoves(peer('a', 100), [peer('a', 100)])).toEqual([]);
    expect(planMoves(peer('a', 100), [peer('b', 5, 5)])).toEqual([]);
  });

  it('gives a new worker its share of 200 instances within 20 rounds (a minute), and then rests', () => {
    const { rounds, loads } = settle([peer('a', 100), peer('b', 100), peer('new', 0)]);
    expect(rounds).toBeLessThanOrEqual(20);
    expect(Math.min(...loads)).toBeGreaterThanOrEqual(54);
    expect(loads.reduce((sum, load) => sum + load)).toBe(200);
  });

  it('never lets two workers throw instances back and forth', () => {
    for (const loads of [
      [20, 0],
      [3, 0],
      [50, 10, 30],
      [1, 1, 1, 9],
    ]) {
      const { rounds, moves } = settle(loads.map((load, index) => peer(`w${index}`, load)));
      expect(rounds).toBeLessThan(100);
      expect(moves).toBeLessThanOrEqual(loads.reduce((sum, load) => sum + load));
    }
  });
});
