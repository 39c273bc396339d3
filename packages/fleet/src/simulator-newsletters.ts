import type { SimulatorClient } from './simulator-client.ts';

/** A newsletter (channel). People are phones. */
export interface SimulatedNewsletter {
  jid: string;
  name: string;
  description: string;
  invite: string;
  owner?: string;
  followers: string[];
  muted: string[];
  posts: { id: string; serverId: number; at: number; text?: string; reactions: Record<string, string> }[];
}

/** Newsletters, their posts and their followers. */
export class SimulatorNewsletters {
  readonly #client: SimulatorClient;

  constructor(client: SimulatorClient) {
    this.#client = client;
  }

  create(options: { name: string; description?: string; followers?: string[] }): Promise<SimulatedNewsletter> {
    return this.#client.call('POST', '/newsletters', options);
  }

  find(jid: string): Promise<SimulatedNewsletter> {
    return this.#client.call('GET', `/newsletters/${jid}`);
  }

  list(): Promise<SimulatedNewsletter[]> {
    return this.#client.call('GET', '/newsletters');
  }

  change(jid: string, change: { name?: string; description?: string }): Promise<SimulatedNewsletter> {
    return this.#client.call('PATCH', `/newsletters/${jid}`, change);
  }

  /** Posts a text to all followers. */
  post(jid: string, text: string): Promise<{ id: string; serverId: number }> {
    return this.#client.call('POST', `/newsletters/${jid}/posts`, { text });
  }

  /** Somebody reacts to a post; an empty reaction takes it back. */
  async react(jid: string, serverId: number, by: string, reaction: string): Promise<void> {
    await this.#client.call('POST', `/newsletters/${jid}/posts/${serverId}/reactions`, { by, reaction });
  }
}
