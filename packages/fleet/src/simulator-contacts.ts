import { HttpError } from './http.ts';
import type { SimulatorClient } from './simulator-client.ts';
import type { SimulatedContent, SimulatedContext } from './simulator-content.ts';
import type { Inbox, ShownMessage } from './simulator-messages.ts';

/** What a linked account shows a contact. */
export interface ShownPresence {
  phone: string;
  online: boolean;
  /** Unix seconds. */
  lastSeenAt: number;
  /** The last one that the contact was shown. */
  chatState?: { chat: string; state: 'composing' | 'recording' | 'paused'; at: number };
}

interface Sent {
  id: string;
  ids: string[];
}

/** What simulated people see and do. `phone` is the contact's, `to` that of a linked account. */
export class SimulatorContacts {
  readonly #simulator: Pick<SimulatorClient, 'call' | 'url'>;

  constructor(simulator: Pick<SimulatorClient, 'call' | 'url'>) {
    this.#simulator = simulator;
  }

  /** Sends content of any kind to an account or a group (JID). Gives all ids; of an album, its own first. */
  async send(phone: string, to: string, content: SimulatedContent, context: SimulatedContext = {}): Promise<string[]> {
    return (await this.#post<Sent>(`/${phone}/send`, { to, content, ...context })).ids;
  }

  /** Posts to the status, for these accounts or for all that are linked. */
  async postStatus(
    phone: string,
    content: SimulatedContent,
    { audience, ...context }: { audience?: string[] } & Omit<SimulatedContext, 'addressing'> = {},
  ): Promise<string[]> {
    return (await this.#post<Sent>(`/${phone}/status`, { audience, content, ...context })).ids;
  }

  /** What a contact was shown, in order, from behind place `after`. */
  inbox(phone: string, after = 0): Promise<Inbox> {
    return this.#simulator.call('GET', `/contacts/${phone}/inbox?after=${after}`);
  }

  /** One message that a contact was shown, once it was. */
  async shown(phone: string, id: string): Promise<Inbox['entries'][number] | undefined> {
    return (await this.inbox(phone)).entries.find((entry) => entry.id === id);
  }

  /** What a contact wrote, and what became of it. */
  async sent(phone: string): Promise<ShownMessage[]> {
    return (await this.#simulator.call<{ entries: ShownMessage[] }>('GET', `/contacts/${phone}/sent`)).entries;
  }

  /** The bytes of received media, decrypted and checked. Rejects with {@link HttpError} if they are not right. */
  async media(phone: string, id: string): Promise<Buffer> {
    const path = `/admin/contacts/${phone}/inbox/${id}/media`;
    const response = await fetch(`${this.#simulator.url}${path}`, { signal: AbortSignal.timeout(60_000) });
    const body = Buffer.from(await response.arrayBuffer());
    if (response.ok) return body;
    const { status, headers } = response;
    throw new HttpError('GET', path, { status, headers, body: JSON.parse(body.toString()) });
  }

  /** A contact has received, read or played messages, all told by one receipt. `status` if they are posts. */
  receipt(
    phone: string,
    to: string,
    type: 'delivered' | 'read' | 'played',
    ids: string[],
    options: { addressing?: 'pn' | 'lid'; status?: boolean } = {},
  ): Promise<unknown> {
    return this.#post(`/${phone}/${type}`, { to, ids, ...options });
  }

  /** A contact types, records or pauses. */
  chatState(phone: string, to: string, state: 'composing' | 'recording' | 'paused'): Promise<unknown> {
    return this.#post(`/${phone}/chatstate`, { to, state });
  }

  /** A contact comes online or goes. Times are Unix seconds. */
  presence(
    phone: string,
    presence: { available: boolean; lastSeenAt?: number; hidesLastSeen?: boolean },
  ): Promise<unknown> {
    return this.#post(`/${phone}/presence`, presence);
  }

  /** What all linked accounts show a contact. */
  presences(phone: string): Promise<ShownPresence[]> {
    return this.#simulator.call('GET', `/contacts/${phone}/presences`);
  }

  /** A contact cannot read what comes next, and asks for it again. */
  forgetSessions(phone: string): Promise<unknown> {
    return this.#post(`/${phone}/forget-sessions`, {});
  }

  /** The owner of a linked account writes on the phone itself: its devices see a copy. */
  async ownPhoneSend(
    account: string,
    to: string,
    content: SimulatedContent,
    context: SimulatedContext = {},
  ): Promise<string[]> {
    const body = { to, content, ...context };
    return (await this.#simulator.call<Sent>('POST', `/accounts/${account}/phone/send`, body)).ids;
  }

  /** The owner of a linked account reads messages on the phone itself: sender and devices are told. */
  ownPhoneRead(account: string, from: string, ids: string[], addressing?: 'pn' | 'lid'): Promise<unknown> {
    return this.#simulator.call('POST', `/accounts/${account}/phone/read`, { from, ids, addressing });
  }

  #post<T>(path: string, body: object): Promise<T> {
    return this.#simulator.call('POST', `/contacts${path}`, body);
  }
}
