import type { Slots } from './slots.ts';

/** Work is counted in windows of this length (ms), in which others have to have come for a tenant to leave room for them. */
const windowMs = 1_000;

/** A tenant whose work took this much of the window (ms), all of it together, has much to do. */
const muchMs = 100;

/** After each piece of work the lane rests so many times as long as that took. */
const rest = 12;

/** But not longer than this (ms). */
const longestRestMs = 500;

/**
 * A lane for those who have much to do while others come with little. Slots alone do not help these: what keeps them
 * waiting is that processor and Redis are busy. So all who have much go one after the other, with rests in between that
 * are the longer the busier it is. Who has little, or is alone, does not get into the lane.
 * @returns `slots.within`, with the lane before it
 */
export function createBulkLane(slots: Pick<Slots, 'within' | 'othersAgo'>): Slots['within'] {
  const spent = new Map<string, { since: number; ms: number }>();
  let lane = Promise.resolve();

  const spend = (tenant: string, ms: number, now: number) => {
    for (const [other, { since }] of spent) {
      // Oldest first: what is behind the first of this window is of this window.
      if (now - since < windowMs) break;
      spent.delete(other);
    }
    const own = spent.get(tenant);
    if (own) own.ms += ms;
    else spent.set(tenant, { since: now, ms });
  };

  const timed = async <T>(tenant: string, work: () => Promise<T>) => {
    const began = performance.now();
    try {
      return await slots.within(tenant, work);
    } finally {
      const now = performance.now();
      spend(tenant, now - began, now);
    }
  };

  const inLane = async <T>(tenant: string, work: () => Promise<T>): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = lane;
    lane = promise;
    await before;
    const began = performance.now();
    try {
      return await timed(tenant, work);
    } finally {
      setTimeout(resolve, Math.min(longestRestMs, (performance.now() - began) * rest));
    }
  };

  return (tenant, work) => {
    const hasMuch = (spent.get(tenant)?.ms ?? 0) >= muchMs;
    return hasMuch && slots.othersAgo(tenant) < windowMs ? inLane(tenant, work) : timed(tenant, work);
  };
}
