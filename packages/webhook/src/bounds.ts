const day = 86_400_000;

/** How much is kept of each endpoint. Whatever exceeds a bound goes, the oldest first. */
export const bounds = {
  /** Deliveries with at least one attempt that can be listed, and for how long after the last change (ms). */
  deliveries: 1_000,
  deliveryTtlMs: 7 * day,
  /** Dead letters that can be inspected and redriven, and for how long (ms). Past it the event is lost for the endpoint. */
  deadLetters: 10_000,
  deadLetterTtlMs: 30 * day,
  /** Attempts kept with one event: more than one round of the schedule and one redrive. */
  attempts: 40,
  /** Endpoints of one tenant. */
  endpoints: 500,
  /** Signing secrets that sign at the same time while they are rotated. */
  secrets: 10,
  /** How long a breaker remembers failures without any attempt (ms). */
  healthTtlMs: 7 * day,
} as const;
