import { type Delivery, endpointKeys, type FlotillaEvent } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { storedHead } from './mailbox.ts';
import { deliveredBit, resend } from './record.ts';

/** The bit of a string of Redis, which counts from the highest of each byte. */
const isSet = (bits: Buffer | null, bit: number) => (((bits?.[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;

/** Which of these numbers an endpoint was delivered, by what is noted of them. */
async function deliveredOf(redis: Redis, endpoint: string, events: readonly FlotillaEvent[]): Promise<Set<string>> {
  const parts = new Map<string, Buffer | null>();
  const delivered = new Set<string>();
  for (const event of events) {
    const { key, bit } = deliveredBit(endpoint, event);
    let bits = parts.get(key);
    if (bits === undefined) {
      bits = await redis.getBuffer(key);
      parts.set(key, bits);
    }
    if (isSet(bits, bit)) delivered.add(event.id);
  }
  return delivered;
}

/** Whether a delivery is on its way, other than by a replay: that may have ended with the delivery under way. */
const isOnItsWay = ({ state, via }: Delivery) =>
  (state === 'pending' || state === 'retrying') && (via === undefined || via === resend);

/** The first sequence from which on all that was put into a mailbox as it happened still waits in it. */
async function firstWaiting(redis: Redis, mailbox: string): Promise<number> {
  for (let n = 0; ; n += 100) {
    const stored = await redis.lrange(mailbox, n, n + 99);
    const first = stored.map(storedHead).find(({ earlier }) => earlier === 0);
    // What was redriven may stand before it or behind it; a record says of each that it is on its way.
    if (first) return first.event.sequence;
    if (stored.length < 100) return Number.POSITIVE_INFINITY;
  }
}

/** The last sequence up to which events were put into a mailbox, where those behind it stay in the log for lack of room. */
async function lastOfBehind(redis: Redis, endpoint: string, instance: string): Promise<number> {
  if ((await redis.sismember(endpointKeys.behind(endpoint), instance)) === 0) return Number.POSITIVE_INFINITY;
  return Number((await redis.hget(endpointKeys.accepted(endpoint), instance)) ?? 0);
}

/**
 * Those of an instance's events that an endpoint has not had, and that do not wait for it.
 * @param events of one instance, in order, all of which have been relayed
 */
export async function missedOf(
  redis: Redis,
  endpoint: string,
  events: readonly FlotillaEvent[],
): Promise<FlotillaEvent[]> {
  const [first] = events;
  if (!first) return [];
  const { instance } = first;
  // What waits is read before what was delivered: an event that goes from the one to the other between is in both.
  const accepted = await lastOfBehind(redis, endpoint, instance);
  const waitsFrom = await firstWaiting(redis, endpointKeys.mailbox(endpoint, instance));
  const records = await redis.mget(events.map(({ id }) => endpointKeys.delivery(endpoint, id)));
  // Where no order is wanted, each waits in a mailbox of its own.
  const own = await Promise.all(
    events.map(({ sequence }) => redis.exists(endpointKeys.mailbox(endpoint, `${instance}~${sequence}`))),
  );
  const waiting = new Set(
    events.filter(({ sequence }, n) => {
      const stored = records[n];
      return (
        sequence >= waitsFrom ||
        sequence > accepted ||
        own[n] === 1 ||
        (stored && isOnItsWay(JSON.parse(stored) as Delivery))
      );
    }),
  );
  const delivered = await deliveredOf(redis, endpoint, events);
  return events.filter((event) => !waiting.has(event) && !delivered.has(event.id));
}
