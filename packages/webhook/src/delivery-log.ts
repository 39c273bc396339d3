import { type Delivery, type DeliveryQuery, endpointKeys, eventId, type Narrowing } from '@flotilla/contracts';
import { decodeCursor, encodeCursor, newerFirst, type Page, type Place, type Redis } from '@flotilla/redis';
import { fitsPattern } from './event-filter.ts';
import { beginning, mergeNewestFirst, type Placed, placedRecords, type Reading } from './newest-first.ts';

/** What a list is asked for. */
export interface PageRequest {
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
}

/** Records that one request looks at, so that a filter that fits nothing occupies nobody for long. */
const mostLooked = 5_000;

/** Records of each list that are read at a time: fewer where there are many lists. */
const batchFor = (lists: number) => (lists > 10 ? 10 : 100);

const statusClass = (status: number | undefined) => (status === undefined ? 'none' : `${Math.floor(status / 100)}xx`);

/** Whether something that was attempted is among what is asked for; times are looked at elsewhere. */
export function fitsNarrowing(
  { type, instance, attempts }: Pick<Delivery, 'type' | 'instance' | 'attempts'>,
  asked: Omit<Narrowing, 'from' | 'to'>,
): boolean {
  const last = attempts.at(-1);
  if (asked.type !== undefined && !fitsPattern(asked.type, type)) return false;
  if (asked.instance !== undefined && asked.instance !== instance) return false;
  if (asked.status !== undefined && (!last || statusClass(last.status) !== asked.status)) return false;
  return asked.error === undefined || last?.error === asked.error;
}

/** Reads one page of placed records: those that fit, as many as asked for. */
export async function readPlaced<T>(
  all: AsyncGenerator<Placed<T>>,
  { limit, from }: { limit: number; from: number | undefined },
  fits: (record: T) => boolean,
): Promise<Page<T>> {
  const items: T[] = [];
  let last: Place | undefined;
  let looked = 0;
  const more = () => ({ items, ...(last && { nextCursor: encodeCursor(last) }) });
  for await (const { place, record } of all) {
    if (from !== undefined && place.score < from) break;
    if (looked === mostLooked) return more();
    looked += 1;
    if (fits(record)) {
      if (items.length === limit) return more();
      items.push(record);
    }
    // Where the filter leaves much out, the next page begins behind what was looked at.
    if (items.length < limit || fits(record)) last = place;
  }
  return { items };
}

/** A success as record.lua keeps it. */
type StoredSuccess = [
  instance: string,
  sequence: number,
  type: string,
  at: number,
  ms: number,
  status: number,
  address: string,
  response: string,
];

function parseSuccess(webhook: string, stored: string): Delivery {
  const [instance, sequence, type, at, ms, status, address, response]: StoredSuccess = JSON.parse(stored);
  const attempt = { at, ms, status, ...(address && { address }), ...(response && { response }) };
  const id = eventId(instance, sequence);
  return { id, webhook, instance, type, sequence, state: 'delivered', attempts: [attempt] };
}

/** Milliseconds in the id of a stream's entry. */
const timeOf = (id: string) => Number(id.split('-')[0]);

/**
 * What succeeded at the first attempt, the newest first. What was sent again since is left out: it has a record of its own.
 */
async function* successes(redis: Redis, endpoint: string, reading: Reading): AsyncGenerator<Placed<Delivery>> {
  const from = beginning(reading);
  let end = from ? String(from.score) : '+';
  // Entries of the same ms are put in the order that places have.
  let sameTime: Placed<Delivery>[] = [];
  for (;;) {
    const entries = await redis.xrevrange(endpointKeys.successes(endpoint), end, '-', 'COUNT', reading.batch);
    const found = entries.map(([id, [, stored = '']]): Placed<Delivery> => {
      const record = parseSuccess(endpoint, stored);
      return { place: { score: timeOf(id), member: record.id }, record };
    });
    const others =
      found.length > 0 ? await redis.mget(found.map(({ record }) => endpointKeys.delivery(endpoint, record.id))) : [];
    for (const [n, each] of found.entries()) {
      const time = sameTime[0]?.place.score;
      if (time !== undefined && time !== each.place.score) {
        yield* inOrder(sameTime, from);
        sameTime = [];
      }
      if (!others[n]) sameTime.push(each);
    }
    const oldest = entries.at(-1);
    if (!oldest || entries.length < reading.batch) break;
    end = `(${oldest[0]}`;
  }
  yield* inOrder(sameTime, from);
}

const inOrder = (found: readonly Placed<Delivery>[], after: Place | undefined) =>
  found.filter(({ place }) => !after || newerFirst(place, after) > 0).sort((a, b) => newerFirst(a.place, b.place));

/** All that is kept of one endpoint's deliveries, the one that changed last first. */
function deliveriesOf(
  redis: Redis,
  endpoint: string,
  reading: Reading,
  asked: Omit<DeliveryQuery, 'limit' | 'cursor'>,
) {
  const recordKey = (id: string) => endpointKeys.delivery(endpoint, id);
  const troubled = placedRecords<Delivery>(redis, endpointKeys.deliveries(endpoint), reading, recordKey);
  const { state = 'delivered', status = '2xx', error } = asked;
  const mayBeSuccess = state === 'delivered' && status === '2xx' && error === undefined;
  return mergeNewestFirst(mayBeSuccess ? [troubled, successes(redis, endpoint, reading)] : [troubled]);
}

/**
 * Deliveries of some endpoints together, the one that changed last first.
 * @throws BadCursorError
 */
export async function listDeliveries(
  redis: Redis,
  endpoints: readonly string[],
  { limit, cursor, ...asked }: PageRequest & Omit<DeliveryQuery, 'limit' | 'cursor'>,
): Promise<Page<Delivery>> {
  const sources = endpoints.map((endpoint) =>
    ofEndpoint(endpoint, decodeCursor(cursor), { to: asked.to, batch: batchFor(endpoints.length) }, (reading) =>
      deliveriesOf(redis, endpoint, reading, asked),
    ),
  );
  return readPlaced(
    mergeNewestFirst(sources),
    { limit, from: asked.from },
    (record) => (asked.state === undefined || record.state === asked.state) && fitsNarrowing(record, asked),
  );
}

/**
 * A list of one endpoint as a part of a list over several: places say the endpoint too, so that entries of the same ms
 * have one order over all of them.
 */
export async function* ofEndpoint<T>(
  endpoint: string,
  after: Place | undefined,
  reading: Omit<Reading, 'after'>,
  read: (reading: Reading) => AsyncGenerator<Placed<T>>,
): AsyncGenerator<Placed<T>> {
  const from = after && { score: after.score, member: '\uffff' };
  for await (const { place, record } of read({ ...reading, after: from })) {
    const merged = { score: place.score, member: `${endpoint}.${place.member}` };
    if (!after || newerFirst(merged, after) > 0) yield { place: merged, record };
  }
}

/** One delivery; undefined if there is none. */
export async function readDelivery(redis: Redis, endpoint: string, id: string): Promise<Delivery | undefined> {
  const stored = await redis.get(endpointKeys.delivery(endpoint, id));
  if (stored) return JSON.parse(stored) as Delivery;
  for await (const { record } of successes(redis, endpoint, { after: undefined, to: undefined, batch: 500 }))
    if (record.id === id) return record;
  return undefined;
}

/** Those of some deliveries that took more than one attempt, or are under way. */
export async function readDeliveries(
  redis: Redis,
  endpoint: string,
  ids: readonly string[],
): Promise<Map<string, Delivery>> {
  if (ids.length === 0) return new Map();
  const stored = await redis.mget(ids.map((id) => endpointKeys.delivery(endpoint, id)));
  const found = stored.flatMap((json) => (json ? [JSON.parse(json) as Delivery] : []));
  return new Map(found.map((delivery) => [delivery.id, delivery]));
}
