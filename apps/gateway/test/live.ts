import type { AddressInfo } from 'node:net';
import { type NewEvent, type StreamMessage, tenantKeys } from '@flotilla/contracts';
import { appendEvent, appendToFeed, lastSequence, readEvents } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import { eventually } from '@flotilla/testkit';
import type { FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';

/** Makes a gateway listen, and gives its address. */
export async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** Makes events happen at an instance, and relays them as a webhook worker does. */
export async function happen(
  redis: Redis,
  { tenant, instance }: { tenant: string; instance: string },
  events: readonly NewEvent[],
) {
  const before = await lastSequence(redis, instance);
  for (const event of events) {
    const { key, args } = appendEvent(instance, event);
    const [id = '', ...fields] = args.map(String);
    await redis.xadd(key, id, ...fields);
  }
  for (let after = before; after < before + events.length; after += 100)
    await appendToFeed(redis, { tenant, instance }, await readEvents(redis, instance, after, 100));
}

/** Events that carry a text each. */
export const texts = (...values: string[]): NewEvent[] =>
  values.map((qr) => ({ type: 'qrcode.updated', occurredAt: Date.now(), data: { qr, expiresAt: 1 } }));

/** One dispatch of an SSE stream. */
export interface SseMessage {
  id: string;
  event: string;
  data: string;
}

/** An SSE client that keeps everything it gets. */
export class SseClient {
  readonly messages: SseMessage[] = [];
  /** As a browser remembers it. */
  lastEventId = '';
  retry = '';
  ended = false;
  readonly response: Response;
  readonly #abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
  }

  /** @param path with its query */
  static async open(address: string, path: string, headers: Record<string, string> = {}): Promise<SseClient> {
    const abort = new AbortController();
    const response = await fetch(`http://${address}${path}`, { headers, signal: abort.signal });
    const client = new SseClient(response, abort);
    if (response.status === 200) void client.#read();
    return client;
  }

  /** What the events carried, of those that are no named ones. */
  get shown(): string[] {
    return this.messages.filter(({ event }) => event === 'message').map(({ data }) => JSON.parse(data).data.qr);
  }

  /** Their ids. */
  get shownIds(): string[] {
    return this.messages.filter(({ event }) => event === 'message').map(({ id }) => id);
  }

  named(name: string): unknown[] {
    return this.messages.filter(({ event }) => event === name).map(({ data }) => JSON.parse(data));
  }

  waitForShown(count: number): Promise<true> {
    return eventually(() => this.shown.length >= count || undefined, {
      timeoutMs: 30_000,
      message: `${count} events are shown`,
    });
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    const { body } = this.response;
    if (!body) throw new Error('There is no body');
    let text = '';
    try {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#dispatch(block);
      }
    } catch {
      // Cut off, or closed by the test.
    }
    this.ended = true;
  }

  #dispatch(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)] as const),
    );
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    this.retry = fields.get('retry') ?? this.retry;
    const data = fields.get('data');
    if (data !== undefined) this.messages.push({ id: this.lastEventId, event: fields.get('event') ?? 'message', data });
  }
}

/** A WebSocket client that keeps everything it gets. */
export class WebSocketClient {
  readonly messages: StreamMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  /** Status of an answer that was no WebSocket. */
  refused: number | undefined;
  pings = 0;
  readonly socket: WebSocket;

  constructor(address: string, path: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://${address}${path}`, { headers });
    this.socket.on('message', (data) => this.messages.push(JSON.parse(String(data))));
    this.socket.on('ping', () => {
      this.pings += 1;
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    this.socket.on('unexpected-response', (_request, { statusCode }) => {
      this.refused = statusCode;
      this.socket.terminate();
    });
    this.socket.on('error', () => {});
  }

  get shown(): string[] {
    return this.messages.flatMap(({ event }) => (event ? [(event.data as { qr: string }).qr] : []));
  }

  get cursor(): string | undefined {
    return this.messages.findLast(({ cursor }) => cursor !== undefined)?.cursor;
  }

  get end(): StreamMessage['end'] {
    return this.messages.find(({ end }) => end)?.end;
  }

  waitForShown(count: number): Promise<true> {
    return eventually(() => this.shown.length >= count || undefined, {
      timeoutMs: 30_000,
      message: `${count} events are shown`,
    });
  }

  waitForClose(): Promise<{ code: number; reason: string }> {
    return eventually(() => this.closed, { message: 'the WebSocket is closed' });
  }
}

/** Drops all but the newest entries of a tenant's feed. */
export const trimFeed = (redis: Redis, tenant: string, kept: number) =>
  redis.xtrim(tenantKeys.feed(tenant), 'MAXLEN', kept);
