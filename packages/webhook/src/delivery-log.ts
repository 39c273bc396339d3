import { type DeadLetter, type Delivery, endpointKeys } from '@flotilla/contracts';
import {
  decodeCursor,
  encodeCursor,
  newerFirst,
  newestFirst,
  type Page,
  type Place,
  type Redis,
} from '@flotilla/redis';
import { type StoredDeadLetter, toDeadLetter } from './mailbox.ts';

/** What a list is asked for. */
export interface PageRequest {
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
}

/** Walks through a sorted set with the record of each entry; entries whose record has expired are left out. */
async function* records<T>(
  redis: Redis,
  list: string,
  after: Place | undefined,
  recordKey: (member: string) => string,
) {
  for await (const places of newestFirst(redis, list, after)) {
    if (places.length === 0) continue;
    const stored = await redis.mget(places.map(({ member }) => recordKey(member)));
    for (const [n, place] of places.entries()) {
      const json = stored[n];
      if (json) yield { place, record: JSON.parse(json) as T };
    }
  }
}

/**
 * An endpoint's deliveries, the one that changed last first.
 * @param state only those in this state
 * @throws BadCursorError
 */
export async function listDeliveries(
  redis: Redis,
  endpoint: string,
  { limit, cursor, state }: PageRequest & { state?: Delivery['state'] | undefined },
): Promise<Page<Delivery>> {
  const items: Delivery[] = [];
  let last: Place | undefined;
  const recordKey = (id: string) => endpointKeys.delivery(endpoint, id);
  const all = records<Delivery>(redis, endpointKeys.deliveries(endpoint), decodeCursor(cursor), recordKey);
  for await (const { place, record } of all) {
    if (state !== undefined && record.state !== state) continue;
    if (items.length === limit) return { items, ...(last && { nextCursor: encodeCursor(last) }) };
    items.push(record);
    last = place;
  }
  return { items };
}

/** One delivery; undefined if there is none. */
export async function readDelivery(redis: Redis, endpoint: string, eventId: string): Promise<Delivery | undefined> {
  const stored = await redis.get(endpointKeys.delivery(endpoint, eventId));
  return stored ? (JSON.parse(stored) as Delivery) : undefined;
}

/** A dead letter, with the text as which it is stored; undefined if there is none. */
export async function readDeadLetter(redis: Redis, endpoint: string, eventId: string) {
  const stored = await redis.get(endpointKeys.deadLetter(endpoint, eventId));
  return stored ? { stored, deadLetter: JSON.parse(stored) as StoredDeadLetter } : undefined;
}

/**
 * Dead letters of some endpoints together, the newest first.
 * @throws BadCursorError
 */
export async function listDeadLetters(
  redis: Redis,
  endpoints: readonly string[],
  { limit, cursor }: PageRequest,
): Promise<Page<DeadLetter>> {
  const after = decodeCursor(cursor);
  // The member of the merged list is the dead letter's id: entries of the same ms have one order over all endpoints.
  const found: (Place & { deadLetter: DeadLetter })[] = [];
  for (const endpoint of endpoints) {
    const from = after && { score: after.score, member: '\uffff' };
    const recordKey = (id: string) => endpointKeys.deadLetter(endpoint, id);
    let count = 0;
    const own = records<StoredDeadLetter>(redis, endpointKeys.deadLetters(endpoint), from, recordKey);
    for await (const { place, record } of own) {
      const merged = { score: place.score, member: `${endpoint}.${place.member}` };
      if (after && newerFirst(merged, after) <= 0) continue;
      found.push({ ...merged, deadLetter: toDeadLetter(endpoint, record) });
      count += 1;
      if (count > limit) break;
    }
  }
  const page = found.sort(newerFirst).slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ deadLetter }) => deadLetter),
    ...(found.length > limit && last && { nextCursor: encodeCursor(last) }),
  };
}
