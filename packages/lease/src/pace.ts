/** When everything happens that keeps a fleet together; one table, because these times rest on each other. */
export const pace = {
  /** How long a renewal is good for unless a lease says otherwise (ms, Redis' clock). */
  leaseTtlMs: 12_000,
  renewEveryMs: 1_000,
  /** How long a renewal is good for on the worker's own clock, from when it was sent (ms). */
  deadlineMs: 9_000,
  /** Between two looks of a reaper (ms). Workers do not look at the same moment, so together they look more often. */
  scanEveryMs: 1_000,
  /** Who has renewed so long before whoever renewed last is handed nothing: it may be dead (ms). */
  renewedWithinMs: 1_500,
  /** Without a renewal for so long, a worker is probed (ms). */
  suspectAfterMs: 2_500,
  /** How long others leave a dead worker to the reaper that is at it (ms): if that one dies, too, they go on. */
  reaperAloneMs: 3_000,
  /** How long a worker has to claim what it was handed before everybody is asked (ms). */
  claimWithinMs: 1_000,
  /** Between two looks for instances that nobody attends to (ms), with a tenth of jitter. */
  sweepEveryMs: 5_000,
  /** Requests for an owner that a worker serves side by side. */
  connectsAtATime: 20,
  /** Instances that a worker which drains releases side by side. */
  releasesAtATime: 20,
  /** Probes of silent workers side by side. */
  probesAtATime: 8,
} as const;
