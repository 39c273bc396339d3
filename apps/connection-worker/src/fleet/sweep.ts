import { fleetKeys } from '@flotilla/contracts';
import { pace, sweepWindow } from '@flotilla/lease';
import { fleetNow, type Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';

/** A mark this old means that its wake-up got lost, or that a deadline is due (ms). */
const overdueMs = 3_000;

/**
 * Looks for instances with commands that nobody attends to: the wake-up was lost with a process, or their time is up.
 * Costs one command every five seconds, however many instances there are. Those that are overdue are shared with the
 * other workers by chance.
 * @param attend takes care of one instance, whoever holds it; may reject
 * @param onRound called before each look
 */
export async function sweepPending(
  redis: Redis,
  attend: (instance: string) => Promise<unknown>,
  signal: AbortSignal,
  log: Logger,
  onRound: () => void = () => {},
): Promise<void> {
  while (!signal.aborted) {
    await sleep(pace.sweepEveryMs * (0.9 + Math.random() * 0.2), signal);
    if (signal.aborted) return;
    onRound();
    try {
      const until = fleetNow() - overdueMs;
      const waiting = await redis.zcount(fleetKeys.pending, '-inf', until);
      if (waiting === 0) continue;
      const { offset, count } = sweepWindow(waiting, await redis.zcard(fleetKeys.workers));
      const overdue = await redis.zrangebyscore(fleetKeys.pending, '-inf', until, 'LIMIT', offset, count);
      await Promise.allSettled(overdue.map(attend));
    } catch (error) {
      log.debug({ err: error }, 'sweep.failed');
    }
  }
}

/** Resolves after so many ms, or at once when the signal fires. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
