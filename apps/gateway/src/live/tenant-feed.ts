import { setTimeout as pause } from 'node:timers/promises';
import { tenantKeys } from '@flotilla/contracts';
import { entriesBetween, feedBounds, type Pointer, PositionLostError, readFeed, readPointed } from '@flotilla/instance';
import { type Confirmations, isStoreError, type Redis } from '@flotilla/redis';
import type { WatchedLoop } from '@flotilla/service';
import type { Filter } from './filter.ts';

/** Entries that one read of the feed takes, and events that it fetches at most. */
const pointerBatch = 500;
const eventBatch = 100;
/**
 * A stream that lags behind fetches so many events at a time, and no more once they have so many characters: many lag at
 * a time, each with its own in memory.
 */
const laggingBatch = 10;
const laggingCharacters = 1_000_000;
/** What is kept in memory for the streams that are up to date or nearly so: entries, and characters of their events. */
const recentEntries = 512;
const recentCharacters = 1_000_000;
/** Pause before the store is asked again after it did not answer (ms). */
const retryMs = 1_000;

/** An entry of the feed with what it points to. */
export interface Entry {
  pointer: Pointer;
  /** The event as JSON; undefined if it is not kept any more, or nobody asked for it. */
  event: string | undefined;
}

export interface TenantFeedOptions {
  redis: Redis;
  /** Where replicas are asked whether they have what is shown. Without it nobody is asked. */
  confirmations?: Pick<Confirmations, 'lasting'> | undefined;
  tenant: string;
  /** Where the feed ends now. */
  newest: string;
  reading?: WatchedLoop;
  /** Called with each event that has just come. */
  onEvent(occurredAt: number): void;
  /** Called when reading fails for another reason than that the store is away. It is tried again in any case. */
  onError(error: Error): void;
  signal: AbortSignal;
}

/**
 * One tenant's feed as all streams of this process read it: new entries are fetched once, whoever many wait for them,
 * and kept for a while. A stream that lags further behind reads the feed from its own position.
 */
export class TenantFeed {
  readonly #options: TenantFeedOptions;
  #newest: string;
  /** The newest entries; the first of them follows the position `#recentAfter`. */
  #recent: Entry[] = [];
  #recentAfter: string;
  #characters = 0;
  readonly #waiting = new Set<() => void>();
  #reading = false;
  #lookAgain = false;
  #version = 0;

  constructor(options: TenantFeedOptions) {
    this.#options = options;
    this.#newest = options.newest;
    this.#recentAfter = options.newest;
  }

  /** The position of the newest entry that is known. */
  get newest(): string {
    return this.#newest;
  }

  /** Fetches what is new. Called when something was published, and at times, because messages may get lost. */
  look(): void {
    this.#lookAgain = true;
    if (!this.#reading) void this.#readNew();
  }

  /**
   * The next entries after a position; waits until there are some.
   * @param wanted events of other entries need not be fetched
   * @returns nothing once the signal has fired
   * @throws PositionLostError if the feed does not go on from there
   */
  async next(after: string, wanted: Filter, signal: AbortSignal): Promise<readonly Entry[]> {
    while (!signal.aborted) {
      const index = this.#indexAfter(after);
      if (index !== undefined && index < this.#recent.length) return this.#recent.slice(index, index + eventBatch);
      const version = this.#version;
      if (index === undefined) {
        const entries = await this.#readFrom(after, wanted);
        if (entries.length > 0) return entries;
      }
      if (version === this.#version) await this.#change(signal);
    }
    return [];
  }

  /** Where the entry after a position is in memory; the end if it has not come yet, undefined if it is not there. */
  #indexAfter(after: string): number | undefined {
    if (after === this.#newest) return this.#recent.length;
    if (after.split('-')[0] !== this.#recentAfter.split('-')[0]) return undefined;
    const index = entriesBetween(this.#recentAfter, after);
    return index >= 0 && index < this.#recent.length ? index : undefined;
  }

  async #readFrom(after: string, wanted: Filter): Promise<Entry[]> {
    const { redis, tenant } = this.#options;
    const pointers = await this.#lasting(() => readFeed(redis, tenant, after, pointerBatch));
    const asked = pointers.filter(wanted);
    const events = new Map<string, string>();
    let characters = 0;
    let looked = 0;
    while (looked < asked.length && looked < eventBatch && characters < laggingCharacters) {
      const batch = asked.slice(looked, looked + laggingBatch);
      for (const [index, event] of (await readPointed(redis, batch)).entries()) {
        const json = event && JSON.stringify(event);
        if (json !== undefined) events.set(batch[index]?.id ?? '', json);
        characters += json?.length ?? 0;
      }
      looked += batch.length;
    }
    const last = looked < asked.length ? asked[looked - 1] : pointers.at(-1);
    return pointers
      .slice(0, last ? pointers.indexOf(last) + 1 : 0)
      .map((pointer) => ({ pointer, event: events.get(pointer.id) }));
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  async #readNew(): Promise<void> {
    const { signal, onError, reading } = this.#options;
    const running = reading?.begin();
    this.#reading = true;
    while (this.#lookAgain && !signal.aborted) {
      this.#lookAgain = false;
      running?.progress();
      try {
        // Batch after batch, so that whoever waits gets on while the rest is fetched.
        while ((await this.#readBatch()) === eventBatch && !signal.aborted);
      } catch (error) {
        this.#lookAgain = true;
        // What was lost here, each stream finds out from its own position.
        if (error instanceof PositionLostError) await this.#beginAnew().catch(() => {});
        else if (!isStoreError(error)) onError(error as Error);
        await pause(retryMs, undefined, { signal }).catch(() => {});
      }
    }
    running?.end();
    this.#reading = false;
  }

  async #readBatch(): Promise<number> {
    const { redis, tenant, onEvent } = this.#options;
    const pointers = await this.#lasting(() => readFeed(redis, tenant, this.#newest, eventBatch));
    const found = await readPointed(redis, pointers);
    for (const [index, pointer] of pointers.entries()) {
      const event = found[index];
      if (event) onEvent(event.occurredAt);
      const entry = { pointer, event: event && JSON.stringify(event) };
      this.#recent.push(entry);
      this.#characters += entry.event?.length ?? 0;
      this.#newest = pointer.id;
    }
    let drop = Math.max(0, this.#recent.length - recentEntries);
    for (let index = 0; index < this.#recent.length - 1; index++) {
      if (index >= drop && this.#characters <= recentCharacters) break;
      this.#characters -= this.#recent[index]?.event?.length ?? 0;
      drop = Math.max(drop, index + 1);
    }
    this.#recentAfter = this.#recent[drop - 1]?.pointer.id ?? this.#recentAfter;
    this.#recent = this.#recent.slice(drop);
    if (pointers.length > 0) this.#wake();
    return pointers.length;
  }

  /** A client goes on from what it was shown: from a position that a failover takes back, it would miss something. */
  #lasting<T>(read: () => Promise<T>): Promise<T> {
    const { tenant, confirmations } = this.#options;
    return confirmations ? confirmations.lasting(tenantKeys.feed(tenant), read) : read();
  }

  async #beginAnew(): Promise<void> {
    const { redis, tenant } = this.#options;
    const bounds = await feedBounds(redis, tenant);
    if (!bounds) return;
    this.#newest = bounds.newest;
    this.#recentAfter = bounds.newest;
    this.#recent = [];
    this.#characters = 0;
    this.#wake();
  }

  #wake(): void {
    this.#version += 1;
    for (const done of [...this.#waiting]) done();
  }
}
