import type { EventData, EventMessage, EventType, FlotillaEvent, InstanceSettings } from '@flotilla/contracts';
import {
  type Contact,
  eventually,
  type LinkedPhone,
  type SimulatedContent,
  type SimulatedContext,
} from '@flotilla/fleet';
import { beforeAll } from 'vitest';
import type { OneFleet } from './one-fleet.ts';

/** A linked number, somebody who writes to it, and what its tenant is told. */
export class Receiving {
  readonly #running: OneFleet;
  /** Id of the instance. */
  readonly id: string;
  readonly linked: LinkedPhone;
  readonly ann: Contact;

  private constructor(running: OneFleet, id: string, linked: LinkedPhone, ann: Contact) {
    this.#running = running;
    this.id = id;
    this.linked = linked;
    this.ann = ann;
  }

  /** Links a number for a test. */
  static async start(running: OneFleet, settings: InstanceSettings = {}, phone?: string): Promise<Receiving> {
    const { fleet, tenant } = running;
    const { id } = await tenant.createInstance({ name: 'Receiving', settings });
    const linked = await tenant.pair(id, fleet.simulator, phone);
    return new Receiving(running, id, linked, await fleet.simulator.createContact({ name: 'Ann' }));
  }

  /** Ann's JID. */
  get chat(): string {
    return `${this.ann.phone}@s.whatsapp.net`;
  }

  /** Ann by both addresses. */
  get annParty() {
    return { phone: this.ann.phone, lid: `${this.ann.lid}@lid` };
  }

  /** Ann sends something; `to` a group, if not to the number. Gives the ids of the messages. */
  send(content: SimulatedContent, context: SimulatedContext = {}, to = this.linked.phone): Promise<string[]> {
    return this.#running.fleet.simulator.contacts.send(this.ann.phone, to, content, context);
  }

  /** Payloads of one type so far, in order. */
  told<T extends EventType>(type: T): EventData<T>[] {
    const events = this.#running.fleet.receiver.events as FlotillaEvent[];
    return events
      .filter(
        (event): event is Extract<FlotillaEvent, { type: T }> => event.type === type && event.instance === this.id,
      )
      .map(({ data }) => data as EventData<T>);
  }

  /** Waits for a payload of one type that fits. */
  waitTold<T extends EventType>(type: T, fits: (data: EventData<T>) => unknown = () => true, timeoutMs = 20_000) {
    return eventually(() => this.told(type).find(fits), { timeoutMs, message: `${type} is told of ${this.id}` });
  }

  /** Waits for the event of a message. */
  async received(messageId: string | undefined): Promise<EventMessage> {
    return (await this.waitTold('messages.upsert', ({ message }) => message.id === messageId)).message;
  }

  /** Ann sends something, and it arrives. */
  async arrives(content: SimulatedContent, context?: SimulatedContext, to?: string): Promise<EventMessage> {
    const [id] = await this.send(content, context, to);
    return this.received(id);
  }

  /** Waits for what becomes of the file of a message. */
  async file(messageId: string | undefined, timeoutMs = 30_000) {
    return (await this.waitTold('messages.media-update', ({ id }) => id === messageId, timeoutMs)).media;
  }

  /** What the message list has of a message. */
  async listed(messageId: string): Promise<Record<string, unknown>> {
    const path = `/v1/instances/${this.id}/messages/${messageId}`;
    return (await this.#running.tenant.call<{ message: Record<string, unknown> }>('GET', path)).message;
  }

  /** The bytes of a stored file, as a tenant fetches them. */
  async bytesOf(mediaId: string | undefined): Promise<Buffer> {
    const { api, key } = this.#running.tenant;
    const response = await fetch(`${api.url}/v1/media/${mediaId}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`GET /v1/media: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }
}

/** One linked number for all tests of a file, whose events come to the fleet's receiver. */
export function oneReceiving(running: OneFleet, settings?: InstanceSettings): { readonly it: Receiving } {
  let receiving: Receiving | undefined;
  beforeAll(async () => {
    await running.fleet.addWebhook(running.tenant);
    receiving = await Receiving.start(running, settings);
  });
  return {
    get it() {
      if (!receiving) throw new Error('The number has not been linked');
      return receiving;
    },
  };
}
