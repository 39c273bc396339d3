import type { DeliveryLimits } from '@flotilla/webhook';

/** How a delivery worker that a test plays treats endpoints. */
export const limits: DeliveryLimits = {
  maxInFlight: 5,
  placeMs: 10_000,
  attemptMs: 5_000,
  lifetimeMs: 86_400_000,
  breakerFailures: 10,
  breakerOpenMs: 30_000,
  breakerMaxOpenMs: 600_000,
  failingAfter: 4,
  quietMs: 60_000,
  disableAfterMs: 600_000,
};
