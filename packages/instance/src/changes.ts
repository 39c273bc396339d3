import { channels } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** How often to look even if no message came (ms): pub/sub may lose some. */
const lookAgainMs = 1_000;

export type Changes = ReturnType<typeof createChanges>;

/**
 * Lets requests wait for something to change at an instance.
 * @param subscriber a connection that is used for nothing else
 */
export function createChanges(subscriber: Redis) {
  const waiters = new Map<string, Set<() => void>>();
  subscriber.on('message', (channel: string) => {
    for (const look of waiters.get(channel) ?? []) look();
  });

  const listen = async (channel: string, look: () => void) => {
    const listeners = waiters.get(channel);
    if (listeners) {
      listeners.add(look);
      return;
    }
    waiters.set(channel, new Set([look]));
    // If this fails the waiter still looks once a second.
    await subscriber.subscribe(channel).catch(() => {});
  };
  const unlisten = (channel: string, look: () => void) => {
    const listeners = waiters.get(channel);
    if (!listeners?.delete(look) || listeners.size > 0) return;
    waiters.delete(channel);
    subscriber.unsubscribe(channel).catch(() => {});
  };

  return {
    /**
     * Waits until `check` gives something.
     * @param check looks at the store; called at once, after each change of the instance, and every second
     * @returns what `check` gave, or undefined when the time is over or the signal fired
     */
    async waitFor<T>(
      instance: string,
      check: () => Promise<T | undefined>,
      { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
    ): Promise<T | undefined> {
      const channel = channels.changed(instance);
      const deadline = performance.now() + timeoutMs;
      let wake = () => {};
      let changed = false;
      const look = () => {
        changed = true;
        wake();
      };
      await listen(channel, look);
      signal?.addEventListener('abort', look);
      try {
        while (true) {
          changed = false;
          const found = await check();
          const left = deadline - performance.now();
          if (found !== undefined || left <= 0 || signal?.aborted) return found;
          if (changed) continue;
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, Math.min(left, lookAgainMs));
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
      } finally {
        signal?.removeEventListener('abort', look);
        unlisten(channel, look);
      }
    },
  };
}
