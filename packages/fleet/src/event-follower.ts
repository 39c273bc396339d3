import type { FlotillaEvent, StreamMessage } from '@flotilla/contracts';
import type { TenantClient } from './api-client.ts';
import { eventually } from './eventually.ts';
import type { Fleet } from './fleet.ts';

/** An event and where the follower was when it came. */
export type SeenEvent = FlotillaEvent & { cursor: string };

/** A consumer of live events that connects again and again, each time through any gateway, from where it was. */
export abstract class Follower {
  readonly seen: SeenEvent[] = [];
  readonly gaps: unknown[] = [];
  /** Reasons that streams gave for their ends. */
  readonly ends: string[] = [];
  heartbeats = 0;
  connections = 0;
  cursor = '';
  protected readonly fleet: Fleet;
  protected readonly tenant: TenantClient;
  protected readonly query: string;
  #stopped = false;
  #running: Promise<void> | undefined;
  #disconnect = () => {};

  /** @param query of each request, beside the position */
  constructor(fleet: Fleet, tenant: TenantClient, query = '') {
    this.fleet = fleet;
    this.tenant = tenant;
    this.query = query;
  }

  /** Connects, and stays so; resolves when the first stream has told its position. */
  async start(): Promise<void> {
    this.#running = this.#run();
    await eventually(() => this.cursor !== '' || undefined, { message: 'the first stream has begun' });
  }

  /** Breaks the connection; the next one follows at once. */
  disconnect(): void {
    this.#disconnect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#disconnect();
    await this.#running;
  }

  /** Reads one stream until it ends or the signal fires. Rejects if there was none. */
  protected abstract read(gateway: string, signal: AbortSignal): Promise<void>;

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const gateways = this.fleet.gateways.filter(({ isRunning }) => isRunning);
      const gateway = gateways[Math.floor(Math.random() * gateways.length)];
      const abort = new AbortController();
      this.#disconnect = () => abort.abort();
      try {
        if (!gateway) throw new Error('No gateway is there');
        await this.read(gateway.url, abort.signal);
      } catch {
        // Refused, or broken off: the next one.
      }
      // A gateway that is being killed may still be in the list.
      if (!abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Over server-sent events, with the key in a header. */
export class SseFollower extends Follower {
  protected async read(gateway: string, signal: AbortSignal): Promise<void> {
    const response = await fetch(`${gateway}/v1/events?${this.query}`, {
      signal,
      headers: {
        authorization: `Bearer ${this.tenant.key}`,
        ...(this.cursor === '' ? {} : { 'last-event-id': this.cursor }),
      },
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    this.connections += 1;
    await this.take(response, signal);
  }

  /** Reads a stream that has begun, until it ends or the signal fires. */
  async take({ body }: Response, signal: AbortSignal): Promise<void> {
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      // What came after the client has hung up was not seen.
      for (const block of blocks) if (!signal.aborted) this.#dispatch(block);
    }
  }

  #dispatch(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    this.cursor = field('id') ?? this.cursor;
    const data = field('data');
    if (data === undefined) return;
    const parsed = JSON.parse(data);
    const name = field('event');
    if (name === undefined) this.seen.push({ ...parsed, cursor: this.cursor });
    else if (name === 'gap') this.gaps.push(parsed);
    else if (name === 'end') this.ends.push(parsed.code);
    else if (name === 'heartbeat') this.heartbeats += 1;
  }
}

/** Over a WebSocket as a browser opens it: with a ticket, because it can send no header. */
export class WebSocketFollower extends Follower {
  protected async read(gateway: string, signal: AbortSignal): Promise<void> {
    const { ticket } = await this.tenant.call<{ ticket: string }>('POST', '/v1/events/ticket');
    const after = this.cursor === '' ? '' : `&after=${this.cursor}`;
    const url = gateway.replace('http', 'ws');
    const socket = new WebSocket(`${url}/v1/events?ticket=${ticket}${after}&${this.query}`);
    await new Promise<void>((resolve) => {
      socket.addEventListener('open', () => {
        this.connections += 1;
      });
      socket.addEventListener('message', ({ data }) => {
        if (!signal.aborted) this.#take(JSON.parse(String(data)));
      });
      socket.addEventListener('close', () => resolve());
      socket.addEventListener('error', () => resolve());
      signal.addEventListener('abort', () => {
        socket.close();
        resolve();
      });
    });
  }

  #take({ cursor, event, gap, end }: StreamMessage): void {
    this.cursor = cursor ?? this.cursor;
    if (event) this.seen.push({ ...(event as FlotillaEvent), cursor: this.cursor });
    if (gap) this.gaps.push(gap);
    if (end) this.ends.push(end.code);
  }
}
