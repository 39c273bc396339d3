import { endpointKeys, type WebhookStats } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import type { BreakerState } from './exchange.ts';
import { mailboxesOf } from './forget.ts';

const countScript = defineScript(new URL('./count-attempts.lua', import.meta.url));

const minute = 60_000;

/** Spans of time that are counted apart: how long one is (ms), and how many make up what is shown. */
const spans = {
  hour: { name: '5m', ms: 5 * minute, shown: 13 },
  day: { name: '1h', ms: 60 * minute, shown: 25 },
} as const;
type SpanName = keyof typeof spans;

/** Durations are counted by powers of this: what is told of them is right to within an eighth. */
const step = 1.25;
const bucketOf = (ms: number) => Math.ceil(Math.log(Math.max(1, ms)) / Math.log(step));
const durationOf = (bucket: number) => Math.round(step ** (bucket - 0.5));

/** What an attempt counts as. */
export interface CountedAttempt {
  outcome: 'delivered' | 'retrying' | 'dead' | 'disabled';
  /** How long it took. */
  ms: number;
  /** From the event to its delivery, where this delivered it (ms). */
  lagMs?: number | undefined;
}

const spanKey = (endpoint: string, { name, ms }: (typeof spans)[SpanName], at: number, ago = 0) =>
  endpointKeys.stats(endpoint, `${name}:${Math.floor(at / ms) - ago}`);

export type EndpointMetrics = ReturnType<typeof createEndpointMetrics>;

/**
 * Counts attempts of each endpoint in memory and writes them down every few seconds: a command for each endpoint that was
 * active, however many deliveries it had. What a process that is killed had not written is missing from the counts.
 * @param onError what writing has failed with; the counts are kept and written the next time
 */
export function createEndpointMetrics({
  redis,
  everyMs = 2_000,
  onError,
}: {
  redis: Redis;
  everyMs?: number;
  onError: (error: Error) => void;
}) {
  let counts = new Map<string, Map<string, number>>();

  const write = async (endpoint: string, fields: ReadonlyMap<string, number>) => {
    const now = Date.now();
    const all = Object.values(spans);
    await countScript(
      redis,
      all.map((span) => spanKey(endpoint, span, now)),
      [...all.map(({ ms, shown }) => ms * (shown + 1)), ...[...fields].flat()],
    );
  };

  const add = (endpoint: string, field: string, number = 1) => {
    let own = counts.get(endpoint);
    if (!own) {
      own = new Map();
      counts.set(endpoint, own);
    }
    own.set(field, (own.get(field) ?? 0) + number);
  };

  const flush = async () => {
    const written = counts;
    counts = new Map();
    await Promise.all(
      [...written].map(([endpoint, fields]) =>
        write(endpoint, fields).catch((error: Error) => {
          for (const [field, number] of fields) add(endpoint, field, number);
          onError(error);
        }),
      ),
    );
  };

  let flushing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    flushing = flushing.then(flush);
  }, everyMs);

  return {
    /** Counts one attempt. */
    count(endpoint: string, { outcome, ms, lagMs }: CountedAttempt): void {
      add(endpoint, outcome);
      add(endpoint, `d${bucketOf(ms)}`);
      if (lagMs !== undefined) add(endpoint, `l${bucketOf(lagMs)}`);
    },
    /** Writes what is left, and stops. */
    async close(): Promise<void> {
      clearInterval(timer);
      await flushing;
      await flush();
    },
  };
}

/** All fields of some hashes, added up. */
async function sum(redis: Redis, keys: readonly string[]): Promise<Map<string, number>> {
  const total = new Map<string, number>();
  for (const fields of await Promise.all(keys.map((key) => redis.hgetall(key))))
    for (const [field, number] of Object.entries(fields)) total.set(field, (total.get(field) ?? 0) + Number(number));
  return total;
}

/** The duration that a part of those counted under a prefix did not exceed. */
function quantile(buckets: readonly (readonly [bucket: number, count: number])[], part: number): number {
  const all = buckets.reduce((total, [, count]) => total + count, 0);
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= all * part) return durationOf(bucket);
  }
  return 0;
}

function spreadOf(counted: ReadonlyMap<string, number>, prefix: string) {
  const buckets = [...counted]
    .filter(([field]) => new RegExp(`^${prefix}\\d+$`).test(field))
    .map(([field, count]) => [Number(field.slice(1)), count] as const)
    .sort(([a], [b]) => a - b);
  return buckets.length === 0 ? undefined : { p50: quantile(buckets, 0.5), p99: quantile(buckets, 0.99) };
}

async function readPeriod(
  redis: Redis,
  endpoint: string,
  span: (typeof spans)[SpanName],
): Promise<WebhookStats['hour']> {
  const now = Date.now();
  const counted = await sum(
    redis,
    Array.from({ length: span.shown }, (_, ago) => spanKey(endpoint, span, now, ago)),
  );
  const [delivered = 0, retrying = 0, dead = 0, disabled = 0] = ['delivered', 'retrying', 'dead', 'disabled'].map(
    (outcome) => counted.get(outcome) ?? 0,
  );
  const attempts = delivered + retrying + dead + disabled;
  const duration = spreadOf(counted, 'd');
  const lag = spreadOf(counted, 'l');
  return {
    attempts,
    outcomes: { delivered, retrying, dead, disabled },
    ...(attempts > 0 && { successRate: delivered / attempts }),
    ...(duration && { duration }),
    ...(lag && { lag }),
  };
}

/** What waits for an endpoint, in all its mailboxes. */
async function readBacklog(redis: Redis, endpoint: string): Promise<WebhookStats['backlog']> {
  const boxes = await mailboxesOf(redis, endpoint);
  let events = 0;
  let mailboxes = 0;
  let oldestAt: number | undefined;
  for (let n = 0; n < boxes.length; n += 200) {
    await Promise.all(
      boxes.slice(n, n + 200).map(async (box) => {
        const key = endpointKeys.mailbox(endpoint, box);
        const [count, head] = await Promise.all([redis.llen(key), redis.lindex(key, 0)]);
        const accepted = Number(/^\d+:(\d+):/.exec(head ?? '')?.[1] ?? Number.NaN);
        if (count === 0) return;
        events += count;
        mailboxes += 1;
        if (!Number.isNaN(accepted)) oldestAt = Math.min(oldestAt ?? accepted, accepted);
      }),
    );
  }
  const ageMs = oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt);
  return { events, mailboxes, ...(oldestAt !== undefined && { oldestAt }), ageMs };
}

/** How an endpoint is doing. */
export async function readStats(redis: Redis, endpoint: string): Promise<WebhookStats> {
  const [hour, day, backlog, deadLetters, [state, failures, until], failing] = await Promise.all([
    readPeriod(redis, endpoint, spans.hour),
    readPeriod(redis, endpoint, spans.day),
    readBacklog(redis, endpoint),
    redis.zcard(endpointKeys.deadLetters(endpoint)),
    redis.hmget(endpointKeys.health(endpoint), 'state', 'failures', 'until'),
    redis.hget(endpointKeys.alert(endpoint), 'failing'),
  ]);
  return {
    webhook: endpoint,
    hour,
    day,
    backlog,
    deadLetters,
    breaker: {
      state: (state as BreakerState | null | undefined) ?? 'closed',
      failures: Number(failures ?? 0),
      ...(state && state !== 'closed' && until && { until: Number(until) }),
    },
    ...(failing && { failingSince: Number(failing) }),
  };
}
