import { readFileSync } from 'node:fs';
import type { FlotillaEvent } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import {
  type DeliveryLimits,
  disableEndpoint,
  type Outcome,
  type RetrySchedule,
  renew,
  retryDelay,
  settle,
  signatureHeaders,
  type TakenEntry,
} from '@flotilla/webhook';
import type { OpenEndpoint } from './endpoint-cache.ts';
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
  metrics: Pick<WorkerMetrics, 'attempts' | 'attemptSeconds' | 'deadLetters' | 'breakerOpens'>;
  log: Pick<Logger, 'info' | 'warn'>;
}

/** What the turn does after an attempt. */
export type AfterAttempt =
  | { next: 'go-on' }
  /** The same head again, after so many ms. */
  | { next: 'wait'; ms: number }
  /** Nothing more: the endpoint is off. */
  | { next: 'end' };

/** The body: the event as everyone outside sees it, and nothing else. */
function bodyOf({ id, type, instance, sequence, occurredAt, data }: FlotillaEvent): string {
  return JSON.stringify({ id, type, instance, sequence, occurredAt, data });
}

/**
 * Makes one attempt to deliver the head of a mailbox, and settles it.
 * @param signal cuts the attempt off; it then counts as never made, and the entry is tried again by whoever comes next
 * @throws the signal's reason
 */
export async function deliver(
  parts: DeliveryParts,
  { record, secrets }: OpenEndpoint,
  taken: TakenEntry,
  signal: AbortSignal,
): Promise<AfterAttempt> {
  const { redis, schedule, limits, metrics, log } = parts;
  const { event } = taken.entry;
  const posted = await postWhileHeld(parts, { record, secrets }, taken, signal);
  if (!posted) return { next: 'go-on' };

  const number = taken.entry.attempts.length + 1;
  const retryInMs = retryDelay(schedule, number - taken.entry.earlier, {
    status: posted.attempt.status,
    timedOut: posted.timedOut,
    retryAfter: posted.retryAfter,
  });
  // 410 says "never again". The event stays at the head, due at once if somebody switches the endpoint on again.
  const gone = posted.attempt.status === 410;
  if (gone) await disableEndpoint(redis, record, 'It answered 410 Gone');
  const outcome = outcomeOf(posted, gone ? 0 : retryInMs);
  const { settled, opened } = await settle(redis, taken, outcome, limits);

  const shown = gone ? 'disabled' : outcome.state;
  metrics.attempts.inc({ outcome: shown });
  metrics.attemptSeconds.observe(posted.attempt.ms / 1_000);
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

  if (gone) return { next: 'end' };
  return outcome.state === 'retrying' ? { next: 'wait', ms: outcome.retryInMs } : { next: 'go-on' };
}

function outcomeOf({ ok, attempt }: Posted, retryInMs: number | undefined): Outcome {
  if (ok) return { state: 'delivered', attempt };
  return retryInMs === undefined ? { state: 'dead', attempt } : { state: 'retrying', attempt, retryInMs };
}

/**
 * Posts while keeping the place in flight.
 * @returns undefined if the place was lost, because this process stood still for long: another worker may be at it
 */
async function postWhileHeld(
  { redis, limits, post }: DeliveryParts,
  { record, secrets }: OpenEndpoint,
  taken: TakenEntry,
  signal: AbortSignal,
): Promise<Posted | undefined> {
  const { event } = taken.entry;
  const body = bodyOf(event);
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
      url: record.url,
      headers: {
        ...signatureHeaders({ id: event.id, timestamp, body }, secrets),
        'content-type': 'application/json',
        'user-agent': `Flotilla/${version}`,
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
