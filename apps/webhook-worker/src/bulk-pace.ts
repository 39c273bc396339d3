/** How often it is looked at the event loop (ms). */
const everyMs = 100;

/** Up to this share of its time the loop may be busy before those with much to do have to wait. */
const busy = 0.6;

/** How long one of them waits at least, and at most, between two round trips (ms). */
const leastMs = 25;
const longestMs = 60;

export type BulkPace = ReturnType<typeof createBulkPace>;

/**
 * The pace of whoever has much to deliver while others have little: a processor cannot be divided like slots, and an
 * endpoint with thousands of events and quick answers would keep the event loop so busy that everybody else's round trips
 * take longer. The busier the loop, the longer it has to wait between its own; and always long enough to leave most of the
 * time to others, because the same processor also has Redis and other workers to run.
 */
export function createBulkPace() {
  let before = performance.eventLoopUtilization();
  let waitMs = leastMs;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > busy) waitMs = Math.min(longestMs, waitMs * 1.5);
    else waitMs = Math.max(leastMs, waitMs * 0.8);
  }, everyMs).unref();
  return {
    /** How long to wait now (ms). */
    get waitMs() {
      return waitMs;
    },
    stop: () => clearInterval(timer),
  };
}
