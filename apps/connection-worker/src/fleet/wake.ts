import { workerKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** How long one look at the list blocks (s): costs an idle worker twelve commands a minute. */
const blockSeconds = 5;

/**
 * Reads this worker's wake list until the signal fires: one blocking command for all its instances.
 * @param redis a `patient` connection that is used for nothing else
 * @param onWake gets the id of an instance that somebody has work for; must not reject
 */
export async function readWakeList(
  redis: Redis,
  incarnation: string,
  onWake: (instance: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const list = workerKeys.wake(incarnation);
  signal.addEventListener('abort', () => redis.disconnect());
  while (!signal.aborted) {
    try {
      const woken = await redis.blpop(list, blockSeconds);
      if (woken) onWake(woken[1]);
    } catch {
      // Redis is away: the connection comes back by itself, and the sweep finds what was missed.
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
