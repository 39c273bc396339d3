const day = 86_400_000;

/** How much is kept of each endpoint. Whatever exceeds a bound goes, the oldest first. */
export const bounds = {
  /** Deliveries that took more than one attempt, or are under way, and for how long after the last change (ms). */
  deliveries: 1_000,
  deliveryTtlMs: 7 * day,
  /** Deliveries that succeeded at the first attempt: they are many, and must not push the others out. */
  successes: 2_000,
  /** How much of an answer is kept with an attempt (characters). */
  response: 1_024,
  /** How long it is known what was delivered (ms): as far back as what was missed can be told. */
  deliveredTtlMs: 30 * day,
  /** How long the record of a replay is kept after its end (ms). */
  replayTtlMs: 7 * day,
  /** How long an endpoint is remembered to be failing without any attempt (ms). */
  alertTtlMs: 30 * day,
  /** Dead letters that can be inspected and redriven, and for how long (ms). Past it the event is lost for the endpoint. */
  deadLetters: 10_000,
  deadLetterTtlMs: 30 * day,
  /** Attempts kept with one event: more than one round of the schedule and one redrive. */
  attempts: 40,
  /** Events that wait in one mailbox, and in all of an endpoint. What is beyond stays in the event log until there is room. */
  mailbox: 1_000,
  backlog: 20_000,
  /** Endpoints of one tenant. */
  endpoints: 500,
  /** Signing secrets that sign at the same time while they are rotated. */
  secrets: 10,
  /** How long a breaker remembers failures without any attempt (ms). */
  healthTtlMs: 7 * day,
} as const;
