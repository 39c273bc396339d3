import { describe, expect, it } from 'vitest';
import {
  askAgainMs,
  claimPatienceMs,
  movesAtMost,
  type PeerLoad,
  planHandover,
  planMoves,
  planShares,
  renewing,
  suspectsToExamine,
  sweepWindow,
} from './placement.ts';

const peer = (incarnation: string, load: number, capacity = 1_000): PeerLoad => ({ incarnation, load, capacity });
const countEach = (names: readonly string[]) =>
  names.reduce((counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1), new Map<string, number>());

/** Numbers from 0 to 1 that are the same each time. */
function sequence(seed = 1) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

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

  it('leaves no single worker a tenth above the others, though none of them is far below', () => {
    const others = Array.from({ length: 12 }, (_, index) => peer(`w${index}`, 395 + index));
    expect(planMoves(peer('a', 445), others)).not.toEqual([]);
    expect(planMoves(peer('a', 425), others)).toEqual([]);
  });
});

describe('a worker that drains', () => {
  it('fills those up that have least, and nobody beyond its capacity', () => {
    const recipients = planHandover(100, [peer('a', 100), peer('b', 0), peer('full', 50, 50), peer('c', 40)]);
    const counts = countEach(recipients);
    expect(counts.get('full')).toBeUndefined();
    expect(counts.get('b')).toBeGreaterThan(counts.get('c') ?? 0);
    expect(recipients.length).toBeLessThanOrEqual(100);
  });

  it('leaves what nobody has room for to whoever may come', () => {
    expect(planHandover(10, [peer('a', 3, 5)])).toEqual(['a', 'a']);
    expect(planHandover(10, [])).toEqual([]);
  });
});

describe('what a dead worker held', () => {
  it('goes to the emptier one where two are left, as far as there is room', () => {
    const recipients = planShares(40, [peer('full', 100, 100), peer('half', 50, 100), peer('new', 0, 100)], sequence());
    expect(countEach(recipients)).toEqual(new Map([['new', 40]]));
    const others = planShares(40, [peer('a', 0, 10), peer('b', 5, 20)], sequence());
    expect(countEach(others)).toEqual(new Map([['a', 10], ['b', 15]])); // biome-ignore format: a line
    expect(planShares(3, [], sequence())).toEqual([]);
  });

  it('is spread over all of a large fleet, though many plan by the same loads', () => {
    const random = sequence();
    const peers = Array.from({ length: 300 }, (_, n) => peer(`w${n}`, n === 0 ? 300 : 400));
    const gained = countEach(Array.from({ length: 100 }, () => planShares(400, peers, random)).flat());
    // 133 each on average. Whoever seemed to be the emptiest must not get what all of them have to give.
    expect(Math.max(...gained.values())).toBeLessThan(300);
    expect(Math.min(...gained.values())).toBeGreaterThan(60);
  });

  it('is waited for longer while Redis is slow, but not for ever', () => {
    expect(claimPatienceMs(2)).toBeLessThan(1_100);
    expect(claimPatienceMs(500)).toBeGreaterThan(3_000);
    expect(claimPatienceMs(60_000)).toBeLessThan(6_000);
  });
});

describe('silent workers', () => {
  it('are all looked at by everybody in a small fleet', () => {
    expect(suspectsToExamine(['x', 'y'], 5)).toEqual(['x', 'y']);
    expect(suspectsToExamine(['x'], 1)).toEqual(['x']);
  });

  it('are looked at by some of a large fleet only, and each by somebody within a few scans', () => {
    const silent = Array.from({ length: 150 }, (_, index) => `w${index}`);
    const random = sequence();
    const looks = [1, 2, 3].map(() => Array.from({ length: 350 }, () => suspectsToExamine(silent, 500, random)).flat());
    expect(Math.max(...countEach(looks[0] ?? []).values())).toBeLessThan(20);
    expect(new Set(looks.flat()).size).toBe(150);
  });

  it('do not make a scan endless when they are many and the survivors few', () => {
    const silent = Array.from({ length: 400 }, (_, index) => `w${index}`);
    const chosen = suspectsToExamine(silent, 402, sequence());
    expect(chosen).toHaveLength(16);
    expect(new Set(chosen).size).toBe(16);
  });
});

describe('who renews', () => {
  const leases = (...exps: number[]) => exps.map((exp) => ({ exp }));

  it('is told apart from many that died together, before their leases run out', () => {
    expect(renewing(leases(20_000, 19_400, 17_500, 18_600, 17_000))).toEqual(leases(20_000, 19_400, 18_600));
  });

  it('is everybody where all are late, and nobody where there is nobody', () => {
    expect(renewing(leases(12_000, 11_000))).toHaveLength(2);
    expect(renewing([])).toEqual([]);
  });
});

describe('a sweep', () => {
  it('looks at everything in a small fleet', () => {
    expect(sweepWindow(7, 2)).toEqual({ offset: 0, count: 7 });
    expect(sweepWindow(0, 2)).toEqual({ offset: 0, count: 0 });
  });

  it('reaches each place of a long list, though one look is bounded', () => {
    const random = sequence();
    const seen = new Set<number>();
    for (let n = 0; n < 200; n++) {
      const { offset, count } = sweepWindow(2_000, 10, random);
      expect(count).toBeLessThanOrEqual(200);
      for (let at = offset; at < offset + count; at++) seen.add(at);
    }
    expect(Math.max(...seen)).toBe(1_999);
    expect(seen.size).toBe(2_000);
  });

  it('of a large fleet looks at each instance a few times, not once for each worker', () => {
    expect(sweepWindow(1_000, 500, () => 0.5)).toEqual({ offset: 496, count: 8 });
  });
});

it('a request that nobody can serve is repeated ever less often', () => {
  expect(askAgainMs(0, () => 0.5)).toBe(500);
  expect(askAgainMs(20_000, () => 0.5)).toBe(5_000);
  expect(askAgainMs(3_600_000, () => 0.999)).toBeLessThanOrEqual(12_500);
});

describe('moves', () => {
  const old = Array.from({ length: 12 }, (_, index) => peer(`w${index}`, 400));

  it('take half of the logins at most, whatever the number of workers', () => {
    expect(movesAtMost(20, 2, peer('a', 100), [peer('b', 0)], () => 0)).toBe(30);
    const random = sequence();
    const peers = [...old.slice(1), peer('new', 0)];
    const moved = Array.from({ length: 500 }, () => movesAtMost(100, 500, peer('a', 400), peers, random));
    const inOneRound = moved.reduce((sum, count) => sum + count);
    expect(inOneRound).toBeGreaterThan(100);
    expect(inOneRound).toBeLessThan(220);
  });

  it('of a single worker that has far too much need not wait for others, who have none to move', () => {
    expect(movesAtMost(500, 500, peer('a', 1_000), old, () => 0)).toBeGreaterThanOrEqual(15);
  });
});
