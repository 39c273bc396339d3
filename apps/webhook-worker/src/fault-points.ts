import type { FaultPoints } from '@flotilla/service';

/** Where a test can make this worker die. */
export const faultPointNames = [
  /** Events that an endpoint wants are read and in the feed, its mailbox does not have them. */
  'crash-before-push',
  /** The mailbox has them, nobody was asked for a turn, and the cursor stands before them. */
  'crash-between-push-and-cursor',
  /** The head of a mailbox is taken, nothing is posted. */
  'crash-before-post',
  /** The receiver has answered, nothing of it is written down. */
  'crash-between-post-and-settle',
] as const;

export type WebhookFaultPoints = FaultPoints<(typeof faultPointNames)[number]>;
