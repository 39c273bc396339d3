import type { FaultPoints } from '@flotilla/service';

/** Where a test can make this worker die or leave a guard out. */
export const faultPointNames = [
  /** The journal says `sending`, nothing has left. */
  'crash-before-send',
  /** The first ciphertext of a message and its ratchet are stored, its stanza has not left. */
  'crash-between-encryption-and-write',
  'crash-between-write-and-ack',
  'crash-after-ack-before-commit',
  /** A message is decrypted, nothing of it is stored. */
  'crash-between-decrypt-and-commit',
  /** A message is stored, WhatsApp has no receipt of it. */
  'crash-between-commit-and-receipt',
  /** A receipt is stored, WhatsApp has not been told that it has arrived. */
  'crash-between-receipt-and-ack',
  /** A message's event is stored, nobody was told to relay it. */
  'crash-between-event-and-nudge',
  /** A recipient has asked for a message again and has got nothing yet. */
  'crash-before-resend',
  /** A phone has linked the device, the connection that belongs to it is not open yet. */
  'crash-in-pairing',
  /** WhatsApp has removed the device, its credentials are still stored. */
  'crash-in-logout',
  /** Most of an instance is deleted. */
  'crash-in-removal',
  'crash-before-import',
  'crash-after-import',
  /** Every send of a message gets a new id, instead of the one that was chosen before it was queued. */
  'guard-off-message-id',
  /** Events of incoming messages are stored after the Signal session, instead of together with it. */
  'guard-off-inbound-commit',
  /** Receipts are stored after WhatsApp was told that they have arrived, instead of before. */
  'guard-off-receipts-first',
  /** The worker goes on past its local deadline. */
  'guard-off-deadline',
  /** Instances are claimed although another worker owns them. */
  'guard-off-claim',
] as const;

export type WorkerFaultPoints = FaultPoints<(typeof faultPointNames)[number]>;
