export interface EventuallyOptions {
  /** Longest time to wait, in milliseconds. Default 10 s. */
  timeoutMs?: number;
  /** Pause between two tries, in milliseconds. Default 50 ms. */
  intervalMs?: number;
  /** What is waited for, for the error's message. */
  message?: string;
  /** Ends the waiting early; the reason becomes the error. */
  signal?: AbortSignal;
}

/**
 * Calls `probe` until it neither throws nor returns `false`, `null` or `undefined`, and returns what it returned. A
 * probe without a result (only assertions) therefore returns `true`. Rejects after `timeoutMs` with `message` and the
 * last failure as its cause; a probe that hangs counts as failed.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 50, message, signal }: EventuallyOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = new Error('It never came true');
  do {
    signal?.throwIfAborted();
    try {
      const result = await within(probe, deadline - performance.now());
      if (result !== false && result !== null && result !== undefined) {
        return result as Exclude<T, false | null | undefined>;
      }
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  } while (performance.now() < deadline);
  const why = last instanceof Error ? last.message : String(last);
  throw new Error(`${message ?? 'Condition'}: not within ${timeoutMs / 1000} s (${why})`, { cause: last });
}

async function within<T>(probe: () => T | Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('The probe hung')), Math.max(ms, 1));
  try {
    return await Promise.race([(async () => probe())(), late]);
  } finally {
    clearTimeout(timer);
  }
}
