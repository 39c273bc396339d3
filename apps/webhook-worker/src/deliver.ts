import { readFileSync } from 'node:fs';
import { type FormatContext, type Formatted, formats } from '@flotilla/format';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import {
  type DeliveryLimits,
  type EndpointMetrics,
  type NewsParts,
  type Outcome,
  type RetrySchedule,
  renew,
  retryDelay,
  type SettleResult,
  settle,
  shownVia,
  signatureHeaders,
  switchOff,
  type TakenEntry,
  tellNews,
} from '@flotilla/webhook';
import type { OpenEndpoint } from './endpoint-cache.ts';
import type { WebhookFaultPoints } from './fault-points.ts';
import type { Posted, WebhookRequest } from './post.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What deliveries are made with. */
export interface DeliveryParts {
  redis: Redis;
  schedule: RetrySchedule;
  limits: DeliveryLimits;
  post: (request: WebhookRequest) => Promise<Posted>;
  /** Counts attempts for the statistics of endpoints. */
  stats: Pick<EndpointMetrics, 'count'>;
  /** Asks for a tenant's new events to be relayed. */
  nudgeRelay: NewsParts['nudgeRelay'];
  /** What formats may know of an instance of a tenant. */
  formatContext: (tenant: string, instance: string) => Promise<FormatContext>;
  metrics: Pick<WorkerMetrics, 'attempts' | 'attemptSeconds' | 'deadLetters' | 'breakerOpens' | 'operationalEvents'>;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  faults?: WebhookFaultPoints;
}

/** What the turn does after an attempt. */
export type AfterAttempt =
  | { next: 'go-on' }
  /** The same head again, after so many ms. */
  | { next: 'wait'; ms: number }
  /** Nothing more: the endpoint is off. */
  | { next: 'end' };

/** What is to be posted, as bytes and address. */
interface Letter {
  url: string;
  body: string;
}

/** For native events, which need to know nothing: no delivery of them reads an instance. */
const noContext: FormatContext = { instance: { id: '', name: '' }, qrDataUrl: async (text) => text };

/** The URL that a formatted event goes to. */
function addressOf(url: string, path: string | undefined): string {
  if (path === undefined) return url;
  const address = new URL(url);
  address.pathname = address.pathname.replace(/\/$/, '') + path;
  return address.href;
}

/**
 * An event in the endpoint's format.
 * @returns undefined if it has no counterpart there; `failed` if the format could not cope with it
 */
async function letterOf(
  { formatContext, log }: DeliveryParts,
  { record }: OpenEndpoint,
  { event }: TakenEntry['entry'],
): Promise<Letter | 'failed' | undefined> {
  const context = record.format === 'native' ? noContext : await formatContext(record.tenant, event.instance);
  let formatted: Formatted | undefined;
  try {
    formatted = await formats[record.format].format(event, context);
  } catch (error) {
    log.error({ err: error, endpoint: record.id, eventId: event.id, format: record.format }, 'delivery.not-formatted');
    return 'failed';
  }
  return formatted && { url: addressOf(record.url, formatted.path), body: JSON.stringify(formatted.body) };
}

/**
 * Makes one attempt to deliver the head of a mailbox, and settles it. What has no counterpart in the endpoint's format is
 * settled without a request; what cannot be formatted is a dead letter, so that it holds up nothing.
 * @param signal cuts the attempt off; it then counts as never made, and the entry is tried again by whoever comes next
 * @throws the signal's reason
 */
export async function deliver(
  parts: DeliveryParts,
  { record, secrets }: OpenEndpoint,
  taken: TakenEntry,
  signal: AbortSignal,
): Promise<AfterAttempt> {
  const { redis, schedule, limits, metrics, log, faults } = parts;
  const { event } = taken.entry;
  const letter = await letterOf(parts, { record, secrets }, taken.entry);
  if (letter === undefined || letter === 'failed') {
    const result = await settle(redis, taken, { state: letter ? 'dead' : 'skipped' }, limits);
    if (letter && result.settled) metrics.deadLetters.inc();
    await announce(parts, record, taken, undefined, result);
    return { next: 'go-on' };
  }
  faults?.reach('crash-before-post');
  const posted = await postWhileHeld(parts, secrets, letter, taken, signal);
  faults?.reach('crash-between-post-and-settle');
  if (!posted) return { next: 'go-on' };

  const number = taken.entry.attempts.length + 1;
  const retryInMs = retryDelay(schedule, number - taken.entry.earlier, {
    status: posted.attempt.status,
    timedOut: posted.timedOut,
    retryAfter: posted.retryAfter,
  });
  // 410 says "never again". The event stays at the head, due at once if somebody switches the endpoint on again.
  const gone = posted.attempt.status === 410;
  if (gone) await switchOff(parts, record, 'It answered 410 Gone');
  const outcome = outcomeOf(posted, gone ? 0 : retryInMs);
  const result = await settle(redis, taken, outcome, limits);
  const { settled, opened } = result;

  const shown = gone ? 'disabled' : outcome.state;
  metrics.attempts.inc({ outcome: shown });
  metrics.attemptSeconds.observe(posted.attempt.ms / 1_000);
  parts.stats.count(record.id, {
    outcome: shown,
    ms: posted.attempt.ms,
    ...(posted.ok && { lagMs: Date.now() - event.occurredAt }),
  });
  if (outcome.state === 'dead' && settled) metrics.deadLetters.inc();
  if (opened) metrics.breakerOpens.inc();
  log.info(
    {
      endpoint: record.id,
      instance: event.instance,
      eventId: event.id,
      attempt: number,
      outcome: shown,
      status: posted.attempt.status,
      error: posted.attempt.error,
      ms: posted.attempt.ms,
      retryInMs: outcome.state === 'retrying' && !gone ? outcome.retryInMs : undefined,
      repeated: settled ? undefined : true,
    },
    'delivery.attempted',
  );
  if (opened) log.warn({ endpoint: record.id }, 'breaker.opened');
  await announce(parts, record, taken, posted.attempt, result);

  if (gone) return { next: 'end' };
  return outcome.state === 'retrying' ? { next: 'wait', ms: outcome.retryInMs } : { next: 'go-on' };
}

/** Tells the tenant what a settled delivery has brought to light. */
export async function announce(
  { redis, nudgeRelay, log, metrics }: Pick<DeliveryParts, 'redis' | 'nudgeRelay' | 'log' | 'metrics'>,
  record: OpenEndpoint['record'],
  { entry: { event } }: Pick<TakenEntry, 'entry'>,
  attempt: Posted['attempt'] | undefined,
  { news, opened }: SettleResult,
): Promise<void> {
  if (Object.keys(news).length === 0) return;
  for (const type of await tellNews({ redis, nudgeRelay }, { record, event, attempt, news, opened })) {
    metrics.operationalEvents.inc({ type });
    log.info({ endpoint: record.id, type }, 'webhook.told');
  }
}

function outcomeOf({ ok, attempt }: Posted, retryInMs: number | undefined): Exclude<Outcome, { state: 'skipped' }> {
  if (ok) return { state: 'delivered', attempt };
  return retryInMs === undefined ? { state: 'dead', attempt } : { state: 'retrying', attempt, retryInMs };
}

/**
 * Posts while keeping the place in flight.
 * @returns undefined if the place was lost, because this process stood still for long: another worker may be at it
 */
async function postWhileHeld(
  { redis, limits, post }: DeliveryParts,
  secrets: OpenEndpoint['secrets'],
  { url, body }: Letter,
  taken: TakenEntry,
  signal: AbortSignal,
): Promise<Posted | undefined> {
  const { event, via } = taken.entry;
  const timestamp = Math.floor(Date.now() / 1_000);
  const lost = new AbortController();
  const keeping = setInterval(() => {
    // While Redis is away nobody else can take the place either.
    renew(redis, taken, limits).then(
      (held) => held || lost.abort(),
      () => {},
    );
  }, limits.placeMs / 3);
  try {
    return await post({
      url,
      headers: {
        ...signatureHeaders({ id: event.id, timestamp, body }, secrets),
        'content-type': 'application/json',
        'user-agent': `Flotilla/${version}`,
        ...(via && { 'flotilla-replay': shownVia(taken.mailbox.endpoint, via) }),
      },
      body,
      signal: AbortSignal.any([signal, lost.signal]),
    });
  } catch (error) {
    if (lost.signal.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(keeping);
  }
}
