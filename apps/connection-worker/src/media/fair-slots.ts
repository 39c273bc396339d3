/** Lets only so many work at a time, and lets those who wait take turns by whom they work for. */
export interface FairSlots {
  /**
   * Waits for a place.
   * @param whom for whom: each gets the next place in turn, whatever the others have waiting
   * @returns gives the place back. Rejects with the signal's reason
   */
  take(whom: string, signal: AbortSignal): Promise<() => void>;
}

interface Waiter {
  go(): void;
}

/** @param places how many work side by side */
export function createFairSlots(places: number): FairSlots {
  let free = places;
  /** In the order in which they get the next place: whoever gets one goes to the end. */
  const waiting = new Map<string, Waiter[]>();

  function next(): void {
    for (const [whom, queue] of waiting) {
      if (free === 0) return;
      waiting.delete(whom);
      const waiter = queue.shift();
      if (queue.length > 0) waiting.set(whom, queue);
      if (!waiter) continue;
      free -= 1;
      waiter.go();
    }
    if (free > 0 && waiting.size > 0) next();
  }

  function giveBack(): void {
    free += 1;
    next();
  }

  return {
    async take(whom, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter: Waiter = { go: resolve };
      const queue = waiting.get(whom);
      if (queue) queue.push(waiter);
      else waiting.set(whom, [waiter]);
      const abort = () => {
        const mine = waiting.get(whom);
        const at = mine?.indexOf(waiter) ?? -1;
        if (!mine || at < 0) return; // it has its place already, and whoever asked will give it back
        mine.splice(at, 1);
        if (mine.length === 0) waiting.delete(whom);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      next();
      await promise.finally(() => signal.removeEventListener('abort', abort));
      let isMine = true;
      return () => {
        if (isMine) giveBack();
        isMine = false;
      };
    },
  };
}
