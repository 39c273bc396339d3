import { type Attempt, type Delivery, endpointKeys, type FlotillaEvent } from '@flotilla/contracts';
import { bounds } from './bounds.ts';

/** The Lua functions that write down what `recordOf` gives. */
export const recordFunctions = new URL('./record.lua', import.meta.url);

/** Sequences in one key of what was delivered. */
const deliveredPart = 4_096;

/** Where it is noted that an event was delivered to an endpoint. */
export function deliveredBit(endpoint: string, { instance, sequence }: Pick<FlotillaEvent, 'instance' | 'sequence'>) {
  const part = Math.floor(sequence / deliveredPart);
  return { key: endpointKeys.delivered(endpoint, `${instance}:${part}`), bit: sequence % deliveredPart };
}

/** What has become of an event on its way to an endpoint. */
export interface Settled {
  event: Pick<FlotillaEvent, 'id' | 'instance' | 'sequence' | 'type'>;
  /** All of them, the last one included if there was one now. */
  attempts: readonly Attempt[];
  /** How many belong to rounds before the last redrive. */
  earlier: number;
  state: 'delivered' | 'retrying' | 'dead' | 'skipped';
  /** The attempt of now; none if there was no try. */
  attempt: Attempt | undefined;
  /** With `retrying`, Unix ms. */
  nextAttemptAt?: number | undefined;
  /** The replay that it is sent by, or `resend`; undefined for live traffic. */
  via?: string | undefined;
  /** What is kept as dead letter, with `dead`. */
  deadLetter?: object;
}

/** When a failing endpoint is told, and switched off. */
export interface AlertLimits {
  /** Failed attempts of one event that make its endpoint count as failing. */
  failingAfter: number;
  /** Pause between two tellings of the same (ms). */
  quietMs: number;
  /** Failures for so long, without a success, switch an endpoint off (ms). */
  disableAfterMs: number;
}

/** Whether an event is itself about a webhook: of such nothing more is told, or two failing endpoints would tell of each other for ever. */
export const isOperational = (type: string) => type.startsWith('webhook.');

/** An attempt as it is kept: of the answer only the beginning. */
export const keptAttempt = (attempt: Attempt): Attempt =>
  attempt.response !== undefined && attempt.response.length > bounds.response
    ? { ...attempt, response: attempt.response.slice(0, bounds.response) }
    : attempt;

/**
 * What a script that settles an entry is given beside its own keys and arguments, to record it.
 * @returns to be put behind the script's own, as `record` in record.lua takes them
 */
export function recordOf(
  endpoint: string,
  settled: Settled,
  limits: AlertLimits,
): { keys: string[]; args: (string | number)[] } {
  const { event, attempts, state, attempt, via } = settled;
  const { id, instance, type } = event;
  const { key, bit } = deliveredBit(endpoint, event);
  const keys = [
    endpointKeys.successes(endpoint),
    key,
    endpointKeys.alert(endpoint),
    endpointKeys.deliveries(endpoint),
    endpointKeys.delivery(endpoint, id),
    endpointKeys.deadLetters(endpoint),
    endpointKeys.deadLetter(endpoint, id),
    ...(via !== undefined && via !== resend ? [endpointKeys.replay(endpoint, via)] : []),
  ];
  const isFirst = state === 'delivered' && attempt !== undefined && attempts.length === 1 && via === undefined;
  const result = attempt ? (state === 'delivered' ? 'ok' : 'failed') : 'none';
  const isLive = via === undefined && !isOperational(type);
  const common = [result, isLive ? instance : '', id, bit, bounds.deliveredTtlMs];
  if (isFirst) return { keys, args: ['first', ...common, successRecord(event, attempt), bounds.successes] };
  return {
    keys,
    args: [
      ...[state, ...common, JSON.stringify(deliveryRecord(endpoint, settled)), bounds.deliveries],
      ...[bounds.deliveryTtlMs, endpointKeys.delivery(endpoint, '')],
      ...[settled.deadLetter ? JSON.stringify(settled.deadLetter) : '', bounds.deadLetterTtlMs, bounds.deadLetters],
      ...[endpointKeys.deadLetter(endpoint, ''), attempts.length - settled.earlier, limits.failingAfter],
      ...[limits.quietMs, Math.round(limits.disableAfterMs), bounds.alertTtlMs, isOperational(type) ? '1' : ''],
    ],
  };
}

/** What `record` has answered, by what it is: the fields of `alert` that say `tell:…`. */
export function newsOf(alert: readonly string[]): Record<string, number> {
  const news: Record<string, number> = {};
  for (let n = 0; n + 1 < alert.length; n += 2) {
    const name = /^tell:(.+)$/.exec(alert[n] ?? '')?.[1];
    if (name !== undefined) news[name] = Number(alert[n + 1]);
  }
  return news;
}

/** The mailbox, and the mark, of single deliveries that somebody asked for again. */
export const resend = 'resend';

/** As short as it can be: there is one for each delivery that goes well. */
function successRecord({ instance, sequence, type }: Settled['event'], attempt: Attempt): string {
  const { at, ms, status = 0, address = '', response = '' } = keptAttempt(attempt);
  return JSON.stringify([instance, sequence, type, at, ms, status, address, response]);
}

/** What a tenant is told of why something is sent again: the replay's id, or `resend`. */
export const shownVia = (endpoint: string, via: string) => (via === resend ? via : `${endpoint}.${via}`);

function deliveryRecord(endpoint: string, { event, attempts, state, nextAttemptAt, via }: Settled): Delivery {
  const { id, instance, type, sequence } = event;
  return {
    id,
    webhook: endpoint,
    instance,
    type,
    sequence,
    state: state === 'skipped' ? 'delivered' : state,
    ...(nextAttemptAt && { nextAttemptAt }),
    ...(via && { via: shownVia(endpoint, via) }),
    attempts: attempts.map(keptAttempt),
  };
}
