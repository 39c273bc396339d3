import { setTimeout as delay } from 'node:timers/promises';
import { retryAfterOf } from './errors.ts';

/** Statuses after which the same request may succeed a little later. */
const passing = new Set([429, 502, 503, 504]);

/** The longest wait before a request is repeated (ms), whatever the answer asks for. */
const longestWaitMs = 30_000;

/** Requests that change nothing when they arrive twice. */
const isRepeatable = ({ method, headers }: Request) =>
  ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) || headers.has('idempotency-key');

/**
 * A `fetch` that repeats what failed for a passing reason: no connection, overload, a gateway that restarts. Requests that
 * might do something twice are not repeated: give those that send messages an `Idempotency-Key`.
 * @param retries how often at most
 */
export function repeatingFetch(fetchOnce: (request: Request) => Promise<Response>, retries: number) {
  return async (request: Request): Promise<Response> => {
    for (let repeated = 0; ; repeated += 1) {
      const isLast = repeated >= retries || !isRepeatable(request);
      let wait = 250 * 2 ** repeated * (0.5 + Math.random());
      try {
        // A body can be sent once: the next try needs one, too.
        const response = await fetchOnce(isLast ? request : request.clone());
        if (isLast || !passing.has(response.status)) return response;
        wait = Math.max(wait, (retryAfterOf(response) ?? 0) * 1_000);
        await response.body?.cancel();
      } catch (error) {
        if (isLast || request.signal.aborted) throw error;
      }
      await delay(Math.min(wait, longestWaitMs), undefined, { signal: request.signal });
    }
  };
}
