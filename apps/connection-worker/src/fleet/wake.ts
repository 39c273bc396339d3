import { workerKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** How long one look at the list blocks (s): costs an idle worker six commands a minute. */
const blockSeconds = 10;
/** How long a look may take until the connection is taken for dead (ms). */
const tooLongMs = 15_000;
/** How many wake-ups one look takes: one instance may be named many times. */
const atATime = 100;

/**
 * Reads this worker's wake list until the signal fires: one blocking command for all its instances.
 * @param redis a `patient` connection that is used for nothing else
 * @param onWake gets the id of an instance that somebody has work for; must not reject
 * @param onRound called before each look
 */
export async function readWakeList(
  redis: Redis,
  incarnation: string,
  onWake: (instance: string) => void,
  signal: AbortSignal,
  onRound: () => void = () => {},
): Promise<void> {
  const list = workerKeys.wake(incarnation);
  signal.addEventListener('abort', () => redis.disconnect());
  while (!signal.aborted) {
    onRound();
    // A connection that was cut without a word would keep this waiting until the kernel gives it up, many minutes.
    const timer = setTimeout(() => redis.status === 'ready' && redis.disconnect(true), tooLongMs);
    try {
      const [, woken = []] = (await redis.blmpop(blockSeconds, 1, list, 'LEFT', 'COUNT', atATime)) ?? [];
      for (const instance of new Set(woken)) onWake(instance);
    } catch {
      // Redis is away: the connection comes back by itself, and the sweep finds what was missed.
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 200));
    } finally {
      clearTimeout(timer);
    }
  }
}
