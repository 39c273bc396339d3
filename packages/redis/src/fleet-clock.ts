import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from './connect.ts';

/** How often Redis is asked (ms): between two answers the monotonic clock goes on, which nobody sets. */
const askEveryMs = 10_000;
/** Clocks that are kept right differ by less (ms). */
const tolerableMs = 1_000;

/** What Redis' clock showed when this process' monotonic one was at zero (Unix ms). */
let origin: number | undefined;

/**
 * Has this process go by Redis' clock: a machine's wall clock may be wrong, and may be set at any moment. Times that
 * another process reads, or has written, are told by {@link fleetNow}.
 * @param signal ends asking; the clock goes on
 */
export function startFleetClock(redis: Pick<Redis, 'time'>, signal: AbortSignal): void {
  const ask = async () => {
    const sentAt = performance.now();
    const [seconds, microseconds] = await redis.time();
    // The answer is from halfway between asking and getting it.
    origin = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - (sentAt + performance.now()) / 2;
  };
  const askForEver = async () => {
    while (!signal.aborted) {
      await ask().catch(() => {}); // the clock goes on as it is
      await pause(askEveryMs, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  void askForEver();
}

/** Unix ms by Redis' clock; by this machine's where nobody has started the fleet's, or Redis has not answered yet. */
export const fleetNow = (): number => (origin === undefined ? Date.now() : Math.round(origin + performance.now()));

/** A time that was read from this machine's clock a moment ago, by Redis' clock, unless they differ by less than a second. */
export function byFleetClock(time: number): number {
  const ahead = Date.now() - fleetNow();
  return Math.abs(ahead) < tolerableMs ? time : time - ahead;
}
