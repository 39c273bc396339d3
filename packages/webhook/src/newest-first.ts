import { newerFirst, newestFirst, type Place, type Redis } from '@flotilla/redis';

/** A record with its place in a list that shows the newest first. */
export interface Placed<T> {
  place: Place;
  record: T;
}

/** Of a list: where to begin, and how much to read at a time. */
export interface Reading {
  /** The place that was shown last. */
  after: Place | undefined;
  /** Nothing newer than this (ms). */
  to: number | undefined;
  batch: number;
}

/** The place behind which a list is read: the last one shown, or the newest that the time allows. */
export const beginning = ({ after, to }: Pick<Reading, 'after' | 'to'>): Place | undefined =>
  to === undefined || (after && after.score <= to) ? after : { score: to, member: '\uffff' };

/** Walks through a sorted set with the record of each entry; entries whose record has expired are left out. */
export async function* placedRecords<T>(
  redis: Redis,
  list: string,
  reading: Reading,
  recordKey: (member: string) => string,
): AsyncGenerator<Placed<T>> {
  for await (const places of newestFirst(redis, list, beginning(reading), reading.batch)) {
    if (places.length === 0) continue;
    const stored = await redis.mget(places.map(({ member }) => recordKey(member)));
    for (const [n, place] of places.entries()) {
      const json = stored[n];
      if (json) yield { place, record: JSON.parse(json) as T };
    }
  }
}

/** Several lists as one, the newest first. All of them are read a step at a time. */
export async function* mergeNewestFirst<T>(sources: readonly AsyncGenerator<Placed<T>>[]): AsyncGenerator<Placed<T>> {
  const heads = new Map<AsyncGenerator<Placed<T>>, Placed<T>>();
  const step = async (source: AsyncGenerator<Placed<T>>) => {
    const { value, done } = await source.next();
    if (done) heads.delete(source);
    else heads.set(source, value);
  };
  await Promise.all(sources.map(step));
  while (heads.size > 0) {
    let newest: [AsyncGenerator<Placed<T>>, Placed<T>] | undefined;
    for (const head of heads) if (!newest || newerFirst(head[1].place, newest[1].place) < 0) newest = head;
    if (!newest) return;
    yield newest[1];
    await step(newest[0]);
  }
}
