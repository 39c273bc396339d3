import type { FaultPoints } from '@flotilla/service';

/** Where a test can make this gateway die. */
export const faultPointNames = [
  /** The journal of a message is written, its job is not queued. */
  'crash-between-journal-and-queue',
  /** The message is queued, its sender has no answer. */
  'crash-between-queue-and-answer',
] as const;

export type GatewayFaultPoints = FaultPoints<(typeof faultPointNames)[number]>;
