import type { EndpointRecord } from '@flotilla/contracts';
import { type FormatContext, type Formatted, formats } from '@flotilla/format';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import {
  type DeliveryLimits,
  type EndpointMetrics,
  eventOf,
  type Letter,
  type NewsParts,
  type OpenEndpoint,
  type Outcome,
  type PendingAttempt,
  type Posted,
  type Poster,
  type RetrySchedule,
  requestFor,
  retryDelay,
  type Settlement,
  type SettleResult,
  shownVia,
  switchOff,
  type TakenEntry,
  tellNews,
} from '@flotilla/webhook';
import type { WebhookFaultPoints } from './fault-points.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** What deliveries are made with. */
export interface DeliveryParts {
  redis: Redis;
  schedule: RetrySchedule;
  limits: DeliveryLimits;
  poster: Pick<Poster, 'post'>;
  /** Counts attempts for the statistics of endpoints. */
  stats: Pick<EndpointMetrics, 'count'>;
  /** Asks for a tenant's new events to be relayed. */
  nudgeRelay: NewsParts['nudgeRelay'];
  /** What formats may know of an instance of a tenant. */
  formatContext: (tenant: string, instance: string) => Promise<FormatContext>;
  metrics: Pick<WorkerMetrics, 'attempts' | 'attemptSeconds' | 'deadLetters' | 'breakerOpens' | 'operationalEvents'>;
  log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  faults?: WebhookFaultPoints;
}

/** What an attempt has given, before it is settled. */
export interface Attempted extends Settlement {
  record: EndpointRecord;
  /** What the receiver did; undefined if nothing was posted. */
  posted: Posted | undefined;
  /** The receiver has said that nothing shall come any more. */
  isGone: boolean;
}

/** A delivery under way. */
export interface Flight {
  taken: TakenEntry;
  /** Rejects only when it was aborted, with the reason. */
  done: Promise<Attempted>;
  abort(reason: unknown): void;
}

/**
 * An event in the endpoint's format.
 * @returns undefined if it has no counterpart there; `failed` if the format could not cope with it
 */
async function formattedLetter(
  { formatContext, log }: DeliveryParts,
  { record }: OpenEndpoint,
  taken: TakenEntry,
): Promise<Letter | 'failed' | undefined> {
  const { id, instance } = taken.head.event;
  const context = await formatContext(record.tenant, instance);
  let formatted: Formatted | undefined;
  try {
    formatted = await formats[record.format].format(eventOf(taken), context);
  } catch (error) {
    log.error({ err: error, endpoint: record.id, eventId: id, format: record.format }, 'delivery.not-formatted');
    return 'failed';
  }
  return formatted && { id, body: Buffer.from(JSON.stringify(formatted.body)), path: formatted.path };
}

/**
 * Makes one attempt to deliver the head of a mailbox; somebody else has to settle it. What has no counterpart in the
 * endpoint's format needs no request; what cannot be formatted is a dead letter, so that it holds up nothing.
 */
export function deliver(parts: DeliveryParts, endpoint: OpenEndpoint, taken: TakenEntry): Flight {
  let pending: PendingAttempt | undefined;
  let aborted: { reason: unknown } | undefined;
  const settled = (outcome: Outcome): Attempted => ({
    record: endpoint.record,
    taken,
    outcome,
    posted: undefined,
    isGone: false,
  });

  const attempt = async (): Promise<Attempted> => {
    if (taken.state === 'expired') return settled({ state: 'dead' });
    // The mailbox holds the bytes of the native format: no need to read them.
    const letter =
      endpoint.record.format === 'native'
        ? { id: taken.head.event.id, body: taken.body }
        : await formattedLetter(parts, endpoint, taken);
    if (letter === undefined || letter === 'failed') return settled({ state: letter ? 'dead' : 'skipped' });
    const { via } = taken.head;
    const headers = via === undefined ? [] : ['flotilla-replay', shownVia(taken.mailbox.endpoint, via)];
    const prepared = requestFor(endpoint, letter, headers);
    const request = prepared instanceof Promise ? await prepared : prepared;
    if (aborted) throw aborted.reason;
    parts.faults?.reach('crash-before-post');
    pending = parts.poster.post(request);
    const posted = await pending.done;
    parts.faults?.reach('crash-between-post-and-settle');
    return judge(parts, endpoint, taken, posted);
  };

  return {
    taken,
    done: attempt(),
    abort(reason) {
      aborted = { reason };
      pending?.abort(reason);
    },
  };
}

/** What an answer, or that there was none, means for the delivery. */
async function judge(
  parts: DeliveryParts,
  { record }: OpenEndpoint,
  taken: TakenEntry,
  posted: Posted,
): Promise<Attempted> {
  const { attempt, ok, timedOut, retryAfter } = posted;
  if (ok) return { record, taken, outcome: { state: 'delivered', attempt }, posted, isGone: false };
  // 410 says "never again". The event stays at the head, due at once if somebody switches the endpoint on again.
  const isGone = attempt.status === 410;
  if (isGone) await switchOff(parts, record, 'It answered 410 Gone');
  const failures = taken.head.attempts.length + 1 - taken.head.earlier;
  const retryInMs = isGone ? 0 : retryDelay(parts.schedule, failures, { status: attempt.status, timedOut, retryAfter });
  const outcome: Outcome =
    retryInMs === undefined ? { state: 'dead', attempt } : { state: 'retrying', attempt, retryInMs };
  return { record, taken, outcome, posted, isGone };
}

/** Counts and logs what has been settled, and tells the tenant what it has brought to light. */
export async function report(
  parts: DeliveryParts,
  { record, taken, outcome, posted, isGone }: Attempted,
  result: SettleResult,
): Promise<void> {
  const { metrics, log, stats } = parts;
  const { settled, opened } = result;
  const { endpoint } = taken.mailbox;
  const { event, attempts, occurredAt, via } = taken.head;
  if (outcome.state === 'dead' && settled) metrics.deadLetters.inc();
  if (posted === undefined || outcome.state === 'skipped') {
    if (taken.state === 'expired' && settled)
      log.info({ endpoint, instance: event.instance, eventId: event.id, outcome: 'dead' }, 'delivery.expired');
  } else {
    const { status, error, ms } = posted.attempt;
    const shown = isGone ? 'disabled' : outcome.state;
    metrics.attempts.inc({ outcome: shown });
    metrics.attemptSeconds.observe(ms / 1_000);
    // What is sent again says nothing of how far behind the endpoint is.
    const lagMs = posted.ok && via === undefined ? Date.now() - occurredAt : undefined;
    stats.count(endpoint, { outcome: shown, ms, lagMs });
    const retryInMs = outcome.state === 'retrying' && !isGone ? outcome.retryInMs : undefined;
    const repeated = settled ? undefined : true;
    const { id: eventId, instance } = event;
    const attempt = attempts.length + 1;
    const fields = { endpoint, instance, eventId, attempt, outcome: shown, status, error, ms, retryInMs, repeated };
    // What goes well at once is in the list of deliveries and in the metrics: a line for each would cost a sixth of it.
    if (outcome.state === 'delivered' && attempt === 1 && settled) log.debug(fields, 'delivery.attempted');
    else log.info(fields, 'delivery.attempted');
  }
  if (opened) {
    metrics.breakerOpens.inc();
    log.warn({ endpoint }, 'breaker.opened');
  }
  if (Object.keys(result.news).length > 0) await announce(parts, record, taken, posted?.attempt, result);
}

async function announce(
  { redis, nudgeRelay, log, metrics }: Pick<DeliveryParts, 'redis' | 'nudgeRelay' | 'log' | 'metrics'>,
  record: EndpointRecord,
  { head: { event } }: TakenEntry,
  attempt: Posted['attempt'] | undefined,
  { news, opened }: SettleResult,
): Promise<void> {
  for (const type of await tellNews({ redis, nudgeRelay }, { record, event, attempt, news, opened })) {
    metrics.operationalEvents.inc({ type });
    log.info({ endpoint: record.id, type }, 'webhook.told');
  }
}
