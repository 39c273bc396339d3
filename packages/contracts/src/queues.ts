import type { CommandName } from './commands/catalog.ts';
import type { RequestName } from './requests/catalog.ts';

/** Names and prefixes of the BullMQ queues. Prefixes carry a hash tag, so that a queue stays in one slot. */
export const queues = {
  /** One per instance: what the tenant wants sent, strictly in order. Prefix: `instanceKeys.queuePrefix`. */
  commands: 'commands',
  /** One per instance: restart, logout, pairing code, removal; these must not wait behind messages. */
  control: 'control',
  /** One per instance: what is asked of its open connection and answered at once; side by side, in no order. */
  requests: 'requests',
  /** Fleet-wide: instances that need an owner. */
  connect: { name: 'connect', prefix: 'fl:{connect}' },
  /** Fleet-wide: instances with many events to be put into webhook mailboxes, or for which that has failed. */
  relay: { name: 'relay', prefix: 'fl:{relay}' },
  /** Fleet-wide: a turn for one endpoint to deliver from its mailboxes. */
  turns: { name: 'turns', prefix: 'fl:{turns}' },
  /** Fleet-wide: replays of webhook events that are to be carried on. */
  replays: { name: 'replays', prefix: 'fl:{replays}' },
} as const;

/** A job of an instance's `commands` queue. The body has been validated by the gateway. Job id: the message id. */
export interface CommandJob {
  name: CommandName;
  /** WhatsApp message id, chosen before the command was queued. */
  messageId: string;
  body: unknown;
  acceptedAt: number;
  /** Unix ms after which the command must fail instead of being sent. */
  expiresAt: number;
}

/** A job of an instance's `control` queue. */
export type ControlJob =
  | { name: 'connect' }
  | { name: 'restart' }
  | { name: 'stop' }
  | { name: 'logout' }
  | { name: 'remove' }
  | { name: 'pairing-code'; phone: string; requestId: string }
  /** What is to be imported lies sealed in `instanceKeys.importStaging`; `device` is the key of `fleetKeys.device`. */
  | { name: 'import'; requestId: string; device: string };

/** A job of an instance's `requests` queue. The input has been validated by the gateway. Job id: the request id. */
export interface RequestJob {
  name: RequestName;
  requestId: string;
  /** Parameters of the path, query and body, in one object. */
  input: unknown;
  acceptedAt: number;
  /** How long the answer is kept (ms). */
  keepMs: number;
}

/** A job of the `connect` queue. */
export interface ConnectJob {
  instance: string;
  /** Why an owner is looked for; only for people who look into the queue. */
  reason: 'requested' | 'control' | 'takeover' | 'released' | 'orphan' | 'ban-over';
}

/** What is to be relayed. As a job of the `relay` queue deduplicated by instance, and by endpoint if there is one. */
export interface RelayJob {
  instance: string;
  tenant: string;
  /** This endpoint has room again for events of the instance that had to stay in the log. */
  endpoint?: string;
}

/**
 * A job of the `turns` queue: an endpoint has something to deliver. Deduplicated by endpoint; those that come `later`,
 * when something that waits is due, among themselves.
 */
export interface TurnJob {
  endpoint: string;
  tenant: string;
}

/** A job of the `replays` queue. Deduplicated by replay. */
export interface ReplayJob {
  tenant: string;
  /** The endpoint that gets the events. */
  endpoint: string;
  /** Which of its replays. */
  replay: string;
}
