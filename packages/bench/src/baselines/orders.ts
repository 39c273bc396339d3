/** What some work of a baseline took. */
export interface WorkOutcome {
  wallMs: number;
  /** Processor time of its process (ms). */
  cpuMs: number;
  /** Numbers that are open afterwards. */
  open: number;
}

/** Texts that bare Baileys is to send. */
export interface SendOrder {
  count: number;
  /** Messages under way at a time. */
  atATime: number;
  /** Digits only. */
  to: string[];
  /** Phones of its own; without them all open ones take turns. */
  from?: string[];
  /** Redis that has to have each message before it leaves, and what becomes of it; without it nothing is stored. */
  storeIn?: string;
}

/** What the texts took; the waits are from the call of `sendMessage` to the server's ack. */
export interface SendOutcome extends WorkOutcome {
  p50Ms: number;
  p99Ms: number;
}
