import type { SimulatorClient } from './simulator-client.ts';

/** A call from a contact to an account. */
export interface SimulatedCall {
  id: string;
  /** Phones. */
  from: string;
  to: string;
  /** JID of the group that is called. */
  group?: string;
  video: boolean;
  /** Unix ms. */
  at: number;
  state: 'ringing' | 'rejected' | 'ended' | 'missed';
  /** `phone:device` that rejected it. */
  by?: string;
}

/** Calls that ring at linked accounts. */
export class SimulatorCalls {
  readonly #client: SimulatorClient;

  constructor(client: SimulatorClient) {
    this.#client = client;
  }

  /** A contact calls a linked account. */
  ring(contact: string, to: string, options: { video?: boolean; group?: string } = {}): Promise<SimulatedCall> {
    return this.#client.call('POST', `/contacts/${contact}/call`, { to, ...options });
  }

  /** The caller hangs up, or nobody answers. */
  end(id: string, reason: 'hangup' | 'timeout'): Promise<SimulatedCall> {
    return this.#client.call('POST', `/calls/${id}/end`, { reason });
  }

  find(id: string): Promise<SimulatedCall> {
    return this.#client.call('GET', `/calls/${id}`);
  }

  list(): Promise<SimulatedCall[]> {
    return this.#client.call('GET', '/calls');
  }
}
