import { beginningOf, entriesBetween, reachesBack } from '@flotilla/instance';
import type { Confirmations, Redis } from '@flotilla/redis';
import { Counter, Gauge, Histogram, type Registry, type WatchedLoop } from '@flotilla/service';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiKeys, KeyHolder } from '../api-keys.ts';
import { apiError } from '../errors.ts';
import { createPlaces } from '../places.ts';
import { describeError, EventStream, type Sink } from './event-stream.ts';
import type { Filter } from './filter.ts';
import { createTenantFeeds } from './tenant-feeds.ts';

/** What a key needs to be shown events. */
export const streamScope = 'instances:read';

export interface LiveEventsOptions {
  redis: Redis;
  subscriber: Redis;
  confirmations?: Pick<Confirmations, 'lasting'> | undefined;
  apiKeys: ApiKeys;
  metrics: Registry;
  log: FastifyBaseLogger;
  /** Reads the feeds. */
  reading: WatchedLoop;
  /** Streams that one tenant may have open in this process. */
  streamsPerTenant: number;
  /** How often each stream gives a sign of life, and its key is looked at (ms). */
  heartbeatMs: number;
}

export interface StreamRequest {
  holder: KeyHolder;
  filter: Filter;
  /** The position of the last event that the client has seen, `0` for all that are kept; without it, from now on. */
  after: string | undefined;
}

/** A stream that may begin: its place is taken, and its position is known to be kept. */
export interface ReadyStream {
  /** Shows events to a client until the stream ends, whoever ends it. Never rejects. */
  run(sink: Sink): Promise<void>;
  /** Gives the place back if it is not run after all. */
  release(): void;
}

export type LiveEvents = ReturnType<typeof createLiveEvents>;

/** All event streams of this process. */
export function createLiveEvents(options: LiveEventsOptions) {
  const { redis, subscriber, apiKeys, log, streamsPerTenant, heartbeatMs } = options;
  const streams = new Set<EventStream>();
  const places = createPlaces(streamsPerTenant);
  const measures = register(options.metrics, streams);
  const feeds = createTenantFeeds({
    redis,
    subscriber,
    confirmations: options.confirmations,
    reading: options.reading,
    onEvent: (occurredAt) => measures.delay.observe(Math.max(0, Date.now() - occurredAt) / 1_000),
    onError: (error) => log.error({ error: describeError(error) }, 'events.unreadable'),
  });
  let closing = false;

  /** One look at each key in use, however many streams it has. While the store is away nothing is known against it. */
  const checkKeys = async () => {
    const holders = new Map([...streams].map(({ holder }) => [`${holder.tenant} ${holder.keyId}`, holder]));
    for (const [id, { tenant, keyId, isPort }] of holders) {
      if (isPort) continue;
      const now = await apiKeys.find(tenant, keyId).catch(() => 'unknown' as const);
      if (now === 'unknown' || now?.scopes.includes(streamScope)) continue;
      for (const stream of streams)
        if (`${stream.holder.tenant} ${stream.holder.keyId}` === id) void stream.end('KEY_INVALID');
    }
  };
  const timer = setInterval(() => {
    for (const stream of streams) stream.heartbeat();
    void checkKeys();
  }, heartbeatMs);

  return {
    /**
     * Prepares a stream.
     * @throws TOO_MANY_STREAMS, EVENTS_LOST, or what the store throws
     */
    async open({ holder, filter, after }: StreamRequest): Promise<ReadyStream> {
      const { tenant } = holder;
      const leavePlace = places.take(tenant);
      if (!leavePlace) throw apiError('TOO_MANY_STREAMS', streamsPerTenant);
      const inUse = await feeds.use(tenant).catch((error: unknown) => {
        leavePlace();
        throw error;
      });
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        leavePlace();
        inUse?.release();
      };
      if (!inUse) {
        release();
        throw apiError('KEY_INVALID');
      }
      const { feed, bounds } = inUse;
      if (after !== undefined && after !== '0' && !reachesBack(bounds, after)) {
        release();
        throw apiError('EVENTS_LOST');
      }
      const cursor = after === '0' ? beginningOf(bounds) : (after ?? bounds.newest);
      return {
        release,
        async run(sink) {
          const began = performance.now();
          const stream = new EventStream({ feed, holder, filter, cursor, sink, stallMs: 2 * heartbeatMs, log });
          streams.add(stream);
          const running = stream.run();
          if (closing) void stream.end('CLOSING');
          await Promise.all([running, over(sink)]);
          streams.delete(stream);
          release();
          const { shown, reason } = stream;
          const { transport } = sink;
          measures.ended.inc({ transport, reason });
          const ms = Math.round(performance.now() - began);
          log.info({ transport, tenant, key: holder.keyId, ms, shown, reason }, 'events.ended');
        },
      };
    },

    /** Ends all streams, and those that still begin; resolves when they are over. */
    async close(): Promise<void> {
      closing = true;
      clearInterval(timer);
      await Promise.all([...streams].map((stream) => stream.end('CLOSING')));
    },
  };
}

/** Waits until a client is gone. */
const over = ({ gone }: Sink) =>
  new Promise<void>((resolve) => {
    if (gone.aborted) resolve();
    else gone.addEventListener('abort', () => resolve());
  });

function register(metrics: Registry, streams: ReadonlySet<EventStream>) {
  const registers = [metrics];
  new Gauge({
    name: 'flotilla_event_streams',
    help: 'Open event streams',
    labelNames: ['transport'],
    registers,
    collect() {
      const count = { sse: 0, websocket: 0 };
      for (const stream of streams) count[stream.transport] += 1;
      for (const [transport, number] of Object.entries(count)) this.set({ transport }, number);
    },
  });
  new Gauge({
    name: 'flotilla_event_stream_lag',
    help: 'How many entries of its feed the slowest stream has still to go through',
    registers,
    collect() {
      this.set(Math.max(0, ...[...streams].map(({ cursor, feed }) => entriesBetween(cursor, feed.newest))));
    },
  });
  return {
    ended: new Counter({
      name: 'flotilla_event_streams_ended_total',
      help: 'Event streams that have ended, by the reason that was given; CLIENT: the client went away',
      labelNames: ['transport', 'reason'],
      registers,
    }),
    delay: new Histogram({
      name: 'flotilla_event_delay_seconds',
      help: 'Time from an event to the moment when this gateway has it for its streams',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
