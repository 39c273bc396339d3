import { type Attempt, endpointKeys, type FlotillaEvent } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';
import { type EntryHead, headText, type Mailbox, parseHead, type StoredDeadLetter } from './mailbox.ts';
import { type AlertLimits, keptAttempt, newsOf, recordFunctions, recordOf } from './record.ts';

const exchangeScript = defineScript(new URL('./exchange.lua', import.meta.url), {
  buffers: true,
  include: [recordFunctions],
});

/** How an endpoint is treated. All times in ms. */
export interface DeliveryLimits extends AlertLimits {
  /** Requests in flight to one endpoint, over all workers. */
  maxInFlight: number;
  /** How long a place in flight stays reserved without being renewed: then its holder counts as dead. */
  placeMs: number;
  /** The longest that one attempt takes. */
  attemptMs: number;
  /** Age from which an event that finds the breaker open is given up without a try. */
  lifetimeMs: number;
  /** Failed attempts in a row, over all instances, that open the breaker. */
  breakerFailures: number;
  /** How long the breaker stays open the first time; each time in a row doubles it. */
  breakerOpenMs: number;
  /** The longest that it stays open. */
  breakerMaxOpenMs: number;
}

/**
 * States of an endpoint's breaker:
 * - `closed`: attempts are made; failures in a row are counted, one success forgets them
 * - `open`: too many failed; nothing is tried and nothing counts until its time is over
 * - `half-open`: one entry is being tried; its success closes the breaker, its failure opens it for twice as long
 */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** An entry whose place in flight is ours until it is settled, or lost for want of renewal. */
export interface TakenEntry {
  /** `head`: try it. `expired`: it is too old to wait for an endpoint that is down; settle it as dead. */
  state: 'head' | 'expired';
  mailbox: Mailbox;
  head: EntryHead;
  /** The event as JSON: what is posted in the native format. */
  body: Buffer;
  breaker: Exclude<BreakerState, 'open'>;
  /** The entry as the mailbox holds it, without the event. */
  stored: string;
  /** When the place runs out (Unix ms, Redis' clock); renewing changes it. */
  expiry: number;
}

/** What became of an entry. A failed attempt is the last one of its attempts. */
export type Outcome =
  | { state: 'delivered'; attempt: Attempt }
  | { state: 'retrying'; attempt: Attempt; retryInMs: number }
  | { state: 'dead'; attempt?: Attempt }
  /** There is nothing to post: it leaves without a trace. */
  | { state: 'skipped'; attempt?: undefined };

/** An entry with what became of it. */
export interface Settlement {
  taken: TakenEntry;
  outcome: Outcome;
}

/** What settling an entry has led to. */
export interface SettleResult {
  /** False if another worker had settled this entry already. */
  settled: boolean;
  /** Whether the breaker has just opened. */
  opened: boolean;
  /** Since when (Unix ms) what is so that the tenant has yet to be told, by what it is: see `tellNews`. */
  news: Record<string, number>;
}

/** What a worker has to tell of an endpoint, and wants of it. */
export interface Exchange {
  settle?: readonly Settlement[];
  /** Places to be kept. Those that were lost are told by their `expiry`, which is 0 afterwards. */
  renew?: readonly TakenEntry[];
  /** How many heads of mailboxes may be taken. */
  take?: number;
}

/** What came of it. */
export interface Exchanged {
  /** In the order of what was to be settled. */
  settled: SettleResult[];
  taken: TakenEntry[];
  /** Ms until there may be something to do although nobody says so; undefined if nothing waits for a time. */
  waitMs: number | undefined;
  /** Instances that have room again for what had to stay in their logs. */
  roomy: string[];
}

/**
 * Settles, renews and takes, for one endpoint, in one script: a crash leaves either all of it or none. Settling takes an
 * entry out of its mailbox or sets its next attempt, records the attempt, frees the place in flight and tells the
 * breaker. Taking goes through the mailboxes in turn, so that none of them waits for the length of another.
 */
export async function exchange(
  redis: Redis,
  endpoint: string,
  { settle = [], renew = [], take = 0 }: Exchange,
  limits: DeliveryLimits,
): Promise<Exchanged> {
  const keys = [
    endpointKeys.ready(endpoint),
    endpointKeys.due(endpoint),
    endpointKeys.inFlight(endpoint),
    endpointKeys.health(endpoint),
    endpointKeys.backlog(endpoint),
    endpointKeys.behind(endpoint),
  ];
  const args: (string | number)[] = [
    ...[endpointKeys.mailbox(endpoint, ''), take, limits.maxInFlight, limits.placeMs, Math.ceil(limits.lifetimeMs)],
    ...[limits.attemptMs + 5_000, limits.breakerFailures, limits.breakerOpenMs, limits.breakerMaxOpenMs],
    ...[bounds.healthTtlMs, bounds.mailbox, bounds.backlog, renew.length],
  ];
  for (const { mailbox, expiry } of renew) args.push(mailbox.instance, expiry);
  const now = Date.now();
  for (const { taken, outcome } of settle) {
    const head = headAfter(taken.head, outcome);
    const retryInMs = outcome.state === 'retrying' ? outcome.retryInMs : 0;
    const record = recordOf(
      endpoint,
      {
        ...head,
        state: outcome.state,
        attempt: outcome.attempt,
        nextAttemptAt: outcome.state === 'retrying' ? now + retryInMs : undefined,
        ...(outcome.state === 'dead' && { deadLetter: deadLetterOf(taken, head, now) }),
      },
      limits,
    );
    keys.push(...record.keys);
    args.push(taken.mailbox.instance, taken.expiry, taken.stored);
    args.push(outcome.state === 'retrying' ? headText(head) : '', retryInMs, record.keys.length, record.args.length);
    args.push(...record.args);
  }
  const [renewed, settled, heads, waitMs, roomy] = (await exchangeScript(redis, keys, args)) as [
    number[],
    [number, number, Buffer[]][],
    (Buffer | number)[],
    number,
    Buffer[],
  ];
  for (const [n, entry] of renew.entries()) entry.expiry = renewed[n] ?? 0;
  const taken: TakenEntry[] = [];
  for (let n = 0; n < heads.length; n += 5) taken.push(takenEntry(endpoint, heads.slice(n, n + 5)));
  return {
    settled: settled.map(([isSettled, opened, alert]) => ({
      settled: isSettled === 1,
      opened: opened === 1,
      news: alert.length > 0 ? newsOf(alert.map(String)) : {},
    })),
    taken,
    waitMs: waitMs < 0 ? undefined : waitMs,
    roomy: roomy.map(String),
  };
}

/** What is known of an entry after an outcome. */
function headAfter(head: EntryHead, { attempt }: Outcome): EntryHead {
  if (!attempt) return head;
  const attempts = [...head.attempts, keptAttempt(attempt)].slice(-bounds.attempts);
  // What a redrive has left behind may be cut: `earlier` counts within what is kept.
  const cut = head.attempts.length + 1 - attempts.length;
  return { ...head, attempts, earlier: Math.max(0, head.earlier - cut) };
}

/** The event of an entry. */
export const eventOf = ({ body }: Pick<TakenEntry, 'body'>): FlotillaEvent => JSON.parse(body.toString('utf8'));

function deadLetterOf(taken: TakenEntry, { attempts, earlier, via }: EntryHead, deadAt: number): StoredDeadLetter {
  return { event: eventOf(taken), attempts, earlier, ...(via !== undefined && { via }), deadAt };
}

const newline = 0x0a;
const colon = 0x3a;

function takenEntry(endpoint: string, [name, state, expiry, breaker, entry]: (Buffer | number)[]): TakenEntry {
  if (!Buffer.isBuffer(entry)) throw new TypeError('An entry is bytes');
  const end = entry.indexOf(newline);
  const stored = entry.toString('utf8', 0, end);
  const accepted = entry.indexOf(colon) + 1;
  return {
    state: String(state) === 'expired' ? 'expired' : 'head',
    mailbox: { endpoint, instance: String(name) },
    head: parseHead(entry.toString('utf8', entry.indexOf(colon, accepted) + 1, end)),
    body: entry.subarray(end + 1),
    breaker: String(breaker) === 'closed' ? 'closed' : 'half-open',
    stored,
    expiry: Number(expiry),
  };
}
