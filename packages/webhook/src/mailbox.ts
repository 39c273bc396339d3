import { randomUUID } from 'node:crypto';
import { type Attempt, type DeadLetter, type Delivery, endpointKeys, type FlotillaEvent } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';
import { type AlertLimits, keptAttempt, newsOf, recordFunctions, recordOf } from './record.ts';

const pushScript = defineScript(new URL('./push.lua', import.meta.url));
const takeScript = defineScript(new URL('./take.lua', import.meta.url));
const renewScript = defineScript(new URL('./renew.lua', import.meta.url));
const settleScript = defineScript(new URL('./settle.lua', import.meta.url), { include: [recordFunctions] });

/** What a mailbox holds for each event. */
export interface MailboxEntry {
  event: FlotillaEvent;
  /** Failed attempts so far, of all rounds. */
  attempts: Attempt[];
  /** How many of them belong to rounds before the last redrive, which started the schedule anew. */
  earlier: number;
  /** The replay that it is sent by, or `resend`; absent from live traffic. */
  via?: string;
}

/** What is kept of a dead letter. */
export interface StoredDeadLetter extends MailboxEntry {
  deadAt: number;
}

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

/** Which mailbox. */
export interface Mailbox {
  endpoint: string;
  instance: string;
}

/** An entry that may be tried now. Its place in flight is ours until it is settled. */
export interface TakenEntry {
  state: 'head';
  mailbox: Mailbox;
  entry: MailboxEntry;
  breaker: Exclude<BreakerState, 'open'>;
  /** The entry exactly as the mailbox holds it. */
  stored: string;
  /** The place in flight. */
  place: string;
}

/** An entry that is too old to wait for an endpoint that is down. */
export interface ExpiredEntry extends Omit<TakenEntry, 'state' | 'breaker'> {
  state: 'expired';
}

/**
 * What there is to do for a mailbox:
 * - `head`: try this entry, then settle it
 * - `expired`: settle this entry as dead, without a try
 * - `empty`: nothing
 * - `later`: the head waits for its next attempt
 * - `busy`: another worker is trying the head, or died while trying
 * - `full`: the endpoint has as many requests in flight as it may
 * - `open`: the breaker is open
 */
export type Taken =
  | TakenEntry
  | ExpiredEntry
  | { state: 'empty' | 'full' }
  | { state: 'later' | 'busy' | 'open'; waitMs: number };

/** What became of an entry. A failed attempt is the last one of `entry.attempts`. */
export type Outcome =
  | { state: 'delivered'; attempt: Attempt }
  | { state: 'retrying'; attempt: Attempt; retryInMs: number }
  | { state: 'dead'; attempt?: Attempt }
  /** There is nothing to post: it leaves without a trace. */
  | { state: 'skipped'; attempt?: undefined };

/**
 * Puts events into a mailbox; those that it has already been given are skipped.
 * @param events of one instance, in order
 * @returns how many were added
 */
export async function push(redis: Redis, mailbox: Mailbox, events: readonly FlotillaEvent[]): Promise<number> {
  const { endpoint, instance } = mailbox;
  const entries = events.flatMap((event) => [
    event.sequence,
    JSON.stringify({ event, attempts: [], earlier: 0 } satisfies MailboxEntry),
  ]);
  const keys = [endpointKeys.mailbox(endpoint, instance), endpointKeys.accepted(endpoint)];
  return Number(await pushScript(redis, keys, [instance, ...entries]));
}

/** The JSON behind the two times that scripts put before it. */
export const parseEntry = (stored: string): MailboxEntry => JSON.parse(stored.replace(/^\d+:\d+:/, ''));

/** Looks at the head of a mailbox and reserves a place in flight for it if it may be tried now. */
export async function take(redis: Redis, mailbox: Mailbox, limits: DeliveryLimits): Promise<Taken> {
  const { endpoint, instance } = mailbox;
  const token = randomUUID();
  const [state, detail, breaker] = (await takeScript(
    redis,
    [endpointKeys.mailbox(endpoint, instance), endpointKeys.inFlight(endpoint), endpointKeys.health(endpoint)],
    [instance, token, limits.placeMs, limits.maxInFlight, Math.ceil(limits.lifetimeMs), limits.attemptMs + 5_000],
  )) as [Taken['state'], string | number, TakenEntry['breaker']];
  if (state === 'empty' || state === 'full') return { state };
  if (state !== 'head' && state !== 'expired') return { state, waitMs: Number(detail) };
  const stored = String(detail);
  const taken = { mailbox, entry: parseEntry(stored), stored, place: `${instance}:${token}` };
  return state === 'head' ? { ...taken, state, breaker } : { ...taken, state };
}

/**
 * Keeps the place in flight while the attempt runs.
 * @returns false if it was lost: another worker may be trying the same entry by now
 */
export async function renew(redis: Redis, taken: TakenEntry, { placeMs }: DeliveryLimits): Promise<boolean> {
  return (await renewScript(redis, [endpointKeys.inFlight(taken.mailbox.endpoint)], [taken.place, placeMs])) === 1;
}

/** An entry as listings show it. */
export function toDelivery(
  endpoint: string,
  { event, attempts }: Pick<MailboxEntry, 'event' | 'attempts'>,
  state: Delivery['state'],
  nextAttemptAt?: number,
): Delivery {
  const { id, instance, type, sequence } = event;
  return { id, webhook: endpoint, instance, type, sequence, state, ...(nextAttemptAt && { nextAttemptAt }), attempts };
}

/** A dead letter as listings show it. */
export function toDeadLetter(endpoint: string, { event, attempts, deadAt }: StoredDeadLetter): DeadLetter {
  const { id: eventId, instance, type, sequence } = event;
  return { id: `${endpoint}.${eventId}`, webhook: endpoint, eventId, instance, type, sequence, deadAt, attempts };
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

/**
 * Writes down what became of an entry: takes it out of the mailbox or sets its next attempt, records the attempt, frees
 * the place in flight and tells the breaker. One script, so that a crash leaves either all of it or none.
 */
export async function settle(
  redis: Redis,
  taken: TakenEntry | ExpiredEntry,
  outcome: Outcome,
  limits: DeliveryLimits,
): Promise<SettleResult> {
  const { endpoint, instance } = taken.mailbox;
  const { attempt } = outcome;
  const attempts = [...taken.entry.attempts, ...(attempt ? [keptAttempt(attempt)] : [])].slice(-bounds.attempts);
  // What a redrive has left behind may be cut: `earlier` counts within what is kept.
  const cut = taken.entry.attempts.length + (attempt ? 1 : 0) - attempts.length;
  const entry: MailboxEntry = { ...taken.entry, attempts, earlier: Math.max(0, taken.entry.earlier - cut) };
  const now = Date.now();
  const retryInMs = outcome.state === 'retrying' ? outcome.retryInMs : undefined;
  const dead: StoredDeadLetter | undefined = outcome.state === 'dead' ? { ...entry, deadAt: now } : undefined;
  const record = recordOf(
    endpoint,
    {
      ...entry,
      state: outcome.state,
      attempt,
      nextAttemptAt: retryInMs === undefined ? undefined : now + retryInMs,
      deadLetter: dead,
    },
    limits,
  );

  const [settled, opened, alert] = (await settleScript(
    redis,
    [
      endpointKeys.mailbox(endpoint, instance),
      endpointKeys.inFlight(endpoint),
      endpointKeys.health(endpoint),
      ...record.keys,
    ],
    [
      ...[taken.place, taken.stored, retryInMs === undefined ? '' : JSON.stringify(entry), retryInMs ?? 0],
      ...[limits.breakerFailures, limits.breakerOpenMs, limits.breakerMaxOpenMs, bounds.healthTtlMs],
      ...record.args,
    ],
  )) as [number, number, string[]];
  return { settled: settled === 1, opened: opened === 1, news: newsOf(alert) };
}

/** Deletes a mailbox with what waits in it. */
export async function forgetMailbox(redis: Redis, { endpoint, instance }: Mailbox): Promise<void> {
  await redis.del(endpointKeys.mailbox(endpoint, instance));
  await redis.hdel(endpointKeys.accepted(endpoint), instance);
}
