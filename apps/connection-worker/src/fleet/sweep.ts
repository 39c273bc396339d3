import { fleetKeys } from '@flotilla/contracts';
import { fleetNow, type Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';

/** How often to look (ms), with a tenth of jitter. */
const everyMs = 5_000;
/** A mark this old means that its wake-up got lost, or that a deadline is due (ms). */
const overdueMs = 3_000;
const batch = 200;

/**
 * Looks for instances with commands that nobody attends to: the wake-up was lost with a process, or their time is up.
 * Costs one command every five seconds, however many instances there are.
 * @param attend takes care of one instance; may reject
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
    await sleep(everyMs * (0.9 + Math.random() * 0.2), signal);
    if (signal.aborted) return;
    onRound();
    try {
      const overdue = await redis.zrangebyscore(fleetKeys.pending, '-inf', fleetNow() - overdueMs, 'LIMIT', 0, batch);
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
