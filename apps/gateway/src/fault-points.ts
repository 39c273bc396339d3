import type { FaultPoints } from '@flotilla/service';

/** Where a test can make this gateway die. */
export const faultPointNames = [
  /** A message is queued, the owner of its instance has not been told. */
  'crash-between-queue-and-wake-up',
  /** The message is queued, its sender has no answer. */
  'crash-between-queue-and-answer',
] as const;

export type GatewayFaultPoints = FaultPoints<(typeof faultPointNames)[number]>;
