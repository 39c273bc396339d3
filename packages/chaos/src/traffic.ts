import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet, TenantClient } from '@flotilla/fleet';
import type { Conversation } from './conversation.ts';

export interface TrafficOptions {
  /** Texts that the API is to send, over all instances together. */
  sendsPerSecond: number;
  /** Texts that contacts write, over all together. */
  inboundPerSecond: number;
  /** How long a request is repeated before it is given up. Default 240 s: longer than Redis is ever away. */
  patienceSeconds?: number;
  /** Begins every text, so that it is told from those of other traffic. */
  prefix?: string;
}

/** What the clients of the API have seen. */
export interface TrafficReport {
  seconds: number;
  /** Sends that were due. */
  offered: number;
  accepted: number;
  inbound: number;
  /** Requests that needed another try, and the longest time from the first refused try to acceptance, in seconds. */
  refused: number;
  longestRefusal: number;
  unanswered: number;
  /** How often a try was refused, by status and code; `no answer` if there was none. */
  refusals: Record<string, number>;
}

/** Longest time that a client waits for an answer, in milliseconds. */
const requestMs = 15_000;
/** Pause of a client that all gateways have refused, in milliseconds. */
const pauseMs = 250;
/** How often it is looked at what is due, in milliseconds. */
const tickMs = 20;

/**
 * Numbered messages both ways at a steady rate, whatever becomes of them (an open loop). Each instance's sends wait for
 * one another, so that the order of their acceptance is known: a refused one makes those behind it late, never fewer.
 * A client tries one gateway after the other, with the same idempotency key.
 */
export class Traffic {
  readonly #fleet: Fleet;
  readonly #tenant: TenantClient;
  readonly #conversations: () => readonly Conversation[];
  readonly #options: Required<TrafficOptions>;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  /** The end of what is queued for each conversation, each way. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #report: TrafficReport = {
    seconds: 0,
    offered: 0,
    accepted: 0,
    inbound: 0,
    refused: 0,
    longestRefusal: 0,
    unanswered: 0,
    refusals: {},
  };
  readonly #failures: unknown[] = [];
  #written = 0;

  /** Begins. @param conversations asked anew each time, since some may be retired */
  constructor(
    fleet: Fleet,
    tenant: TenantClient,
    conversations: () => readonly Conversation[],
    { patienceSeconds = 240, prefix = '', ...rates }: TrafficOptions,
  ) {
    this.#fleet = fleet;
    this.#tenant = tenant;
    this.#conversations = conversations;
    this.#options = { patienceSeconds, prefix, ...rates };
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** Offers nothing more, waits until every request was answered or given up, and tells how it went. */
  async stop(): Promise<TrafficReport> {
    clearInterval(this.#timer);
    this.#report.seconds = (performance.now() - this.#began) / 1_000;
    await Promise.all(this.#turns.values());
    if (this.#failures.length > 0)
      throw new AggregateError(this.#failures, `${this.#failures.length} contacts could not write`);
    return this.#report;
  }

  #tick(): void {
    const seconds = (performance.now() - this.#began) / 1_000;
    const conversations = this.#conversations();
    const due = (perSecond: number, done: number) => Math.floor(seconds * perSecond) - done;
    for (let left = due(this.#options.sendsPerSecond, this.#report.offered); left > 0; left -= 1) {
      this.#report.offered += 1;
      const text = `${this.#options.prefix}out ${this.#report.offered}`;
      const conversation = conversations[this.#report.offered % conversations.length];
      if (conversation) this.#queue(`${conversation.id} out`, () => this.#send(conversation, text));
    }
    for (let left = due(this.#options.inboundPerSecond, this.#written); left > 0; left -= 1) {
      this.#written += 1;
      const text = `${this.#options.prefix}in ${this.#written}`;
      const conversation = conversations[this.#written % conversations.length];
      if (conversation) this.#queue(`${conversation.id} in`, () => this.#write(conversation, text));
    }
  }

  #queue(key: string, task: () => Promise<void>): void {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(task);
    this.#turns.set(
      key,
      turn.catch((error: unknown) => void this.#failures.push(error)),
    );
  }

  async #write({ contact, linked, inbound }: Conversation, text: string): Promise<void> {
    inbound.push(await this.#fleet.simulator.contactSend(contact, linked.phone, text));
    this.#report.inbound += 1;
  }

  async #send(conversation: Conversation, text: string): Promise<void> {
    const send: Conversation['sends'][number] = { text, outcome: 'pending' };
    conversation.sends.push(send);
    const began = performance.now();
    const first = this.#report.offered;
    let refusedAt: number | undefined;
    for (let tries = 0; ; tries += 1) {
      const refusal = await this.#try(conversation, text, first + tries);
      if (refusal === undefined) break;
      this.#report.refusals[refusal] = (this.#report.refusals[refusal] ?? 0) + 1;
      refusedAt ??= performance.now();
      if (performance.now() - began > this.#options.patienceSeconds * 1_000) {
        send.outcome = 'unanswered';
        this.#report.unanswered += 1;
        return;
      }
      if ((tries + 1) % this.#fleet.gateways.length === 0) await delay(pauseMs);
    }
    send.outcome = 'accepted';
    this.#report.accepted += 1;
    if (refusedAt === undefined) return;
    this.#report.refused += 1;
    this.#report.longestRefusal = Math.max(this.#report.longestRefusal, (performance.now() - refusedAt) / 1_000);
  }

  /** @returns why it was not accepted */
  async #try({ id, contact }: Conversation, text: string, gateway: number): Promise<string | undefined> {
    const api = this.#fleet.apiOf(gateway % this.#fleet.gateways.length);
    try {
      const { status, body } = await this.#tenant
        .through(api)
        .request<{ code?: string } | undefined>('POST', `/v1/instances/${id}/messages/text`, {
          body: { to: contact, text },
          headers: { 'idempotency-key': `${id} ${text}` },
          timeoutMs: requestMs,
        });
      return status < 300 ? undefined : `${status} ${body?.code ?? ''}`;
    } catch {
      return 'no answer';
    }
  }
}
