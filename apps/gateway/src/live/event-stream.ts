import { setTimeout as pause } from 'node:timers/promises';
import type { EventGap, StreamEnd } from '@flotilla/contracts';
import { PositionLostError } from '@flotilla/instance';
import { isStoreError } from '@flotilla/redis';
import type { FastifyBaseLogger } from 'fastify';
import type { KeyHolder } from '../api-keys.ts';
import type { Filter } from './filter.ts';
import type { Entry, TenantFeed } from './tenant-feed.ts';

/** Pause before the store is asked again after it did not answer (ms). */
const retryMs = 1_000;

/** Where a stream writes: one client, in the manner of its transport. */
export interface Sink {
  readonly transport: 'sse' | 'websocket';
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
  /** False while the client has not taken what was written. */
  readonly hasRoom: boolean;
  /** Waits until there is room again; false if that takes longer than so many ms. */
  waitForRoom(timeoutMs: number): Promise<boolean>;
  /** @param event as JSON */
  event(cursor: string, event: string): void;
  gap(cursor: string, gap: EventGap): void;
  /** Tells the position where there is no event to show: at the beginning, and as a sign of life. */
  position(cursor: string): void;
  heartbeat(cursor: string): void;
  /** Says why the stream ends, and ends it; cuts it off if that takes too long. Resolves when it is over. */
  end(reason: StreamEnd): Promise<void>;
}

export interface EventStreamOptions {
  feed: TenantFeed;
  /** Who reads: their key may be revoked meanwhile. */
  holder: KeyHolder;
  filter: Filter;
  /** The position to begin after. */
  cursor: string;
  sink: Sink;
  /** A client that takes nothing for so long is cut off (ms). */
  stallMs: number;
  log: FastifyBaseLogger;
}

/**
 * States of a stream:
 * - `open`: it shows what comes
 * - `ending`: its reason has been or is being said; nothing else is shown any more
 * - `over`: the connection is closed, by us or by the client
 */
type State = 'open' | 'ending' | 'over';

/** One client that is shown a tenant's events, from a position on. */
export class EventStream {
  readonly #options: EventStreamOptions;
  #state: State = 'open';
  #cursor: string;
  #shown = 0;
  #reason: StreamEnd | 'CLIENT' = 'CLIENT';
  readonly #stop = new AbortController();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
    options.sink.gone.addEventListener('abort', () => {
      this.#state = 'over';
      this.#stop.abort();
    });
    if (options.sink.gone.aborted) {
      this.#state = 'over';
      this.#stop.abort();
    }
  }

  get holder(): KeyHolder {
    return this.#options.holder;
  }

  get feed(): TenantFeed {
    return this.#options.feed;
  }

  get transport(): Sink['transport'] {
    return this.#options.sink.transport;
  }

  /** The position of what was shown last. */
  get cursor(): string {
    return this.#cursor;
  }

  /** Events that were shown. */
  get shown(): number {
    return this.#shown;
  }

  /** Why it ended; `CLIENT` if the client went away by itself. */
  get reason(): StreamEnd | 'CLIENT' {
    return this.#reason;
  }

  /** Shows events until the stream ends. Never rejects. */
  async run(): Promise<void> {
    const { sink, feed, filter } = this.#options;
    if (this.#state === 'open') sink.position(this.#cursor);
    while (this.#state === 'open') {
      try {
        await this.#show(await feed.next(this.#cursor, filter, this.#stop.signal));
      } catch (error) {
        await this.#failed(error);
      }
    }
  }

  /** A sign of life that also moves the client's cursor past what its filter hides. */
  heartbeat(): void {
    if (this.#state === 'open') this.#options.sink.heartbeat(this.#cursor);
  }

  /** Ends it with a reason; does nothing if it has ended already. */
  async end(reason: StreamEnd): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#reason = reason;
    this.#stop.abort();
    await this.#options.sink.end(reason);
    this.#state = 'over';
  }

  async #show(entries: readonly Entry[]): Promise<void> {
    const { sink, filter, stallMs } = this.#options;
    const toldGaps = new Set<string>();
    for (const { pointer, event } of entries) {
      if (this.#state !== 'open') return;
      const { id, instance, sequence } = pointer;
      if (instance !== '' && filter(pointer)) {
        if (event !== undefined) {
          sink.event(id, event);
          this.#shown += 1;
        } else if (!toldGaps.has(instance)) {
          toldGaps.add(instance);
          const missing = entries.filter((other) => other.pointer.instance === instance && isMissing(other, filter));
          sink.gap(id, { instance, from: sequence, to: missing.at(-1)?.pointer.sequence ?? sequence });
        }
      }
      this.#cursor = id;
      if (!sink.hasRoom && !(await sink.waitForRoom(stallMs))) return await this.end('TOO_SLOW');
    }
  }

  async #failed(error: unknown): Promise<void> {
    if (error instanceof PositionLostError) return await this.end('EVENTS_LOST');
    if (isStoreError(error)) {
      // The client keeps its connection: what happens meanwhile is shown later.
      await pause(retryMs, undefined, { signal: this.#stop.signal }).catch(() => {});
      return;
    }
    this.#options.log.error({ error: describeError(error as Error) }, 'events.failed');
    await this.end('INTERNAL');
  }
}

/** What is logged of an unforeseen error: the Redis client hangs whole commands on its own. */
export const describeError = ({ name, message, stack }: Error) => ({ type: name, message, stack });

const isMissing = ({ pointer, event }: Entry, filter: Filter) => event === undefined && filter(pointer);
