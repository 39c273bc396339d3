import { decodeCursor, encodeCursor, newestFirst, type Page, type Place, type Redis } from '@flotilla/redis';

/** How many entries one page looks at, at most. */
const lookedAt = 2_000;

/** What a list shows of an entry, and where the entry stands. */
export interface Row<T> {
  item: T;
  place: Place;
}

/**
 * A page of what is wanted of a sorted list, newest first. It looks at a bounded number of entries, so it may have fewer
 * than asked for and yet a next one.
 * @param wanted reads a batch of entries, and leaves out those that are not wanted
 * @throws BadCursorError
 */
export async function lookThrough<T>(
  redis: Redis,
  key: string,
  { limit, cursor }: { limit: number; cursor?: string },
  wanted: (places: readonly Place[]) => Promise<readonly Row<T>[]>,
): Promise<Page<T>> {
  const found: Row<T>[] = [];
  let looked = 0;
  let last: Place | undefined;
  for await (const places of newestFirst(redis, key, decodeCursor(cursor), Math.max(limit + 1, 100))) {
    found.push(...(await wanted(places)));
    looked += places.length;
    last = places.at(-1) ?? last;
    if (found.length > limit || looked >= lookedAt) break;
  }
  const page = found.slice(0, limit);
  const next = found.length > limit ? page.at(-1)?.place : looked >= lookedAt ? last : undefined;
  return { items: page.map(({ item }) => item), nextCursor: next && encodeCursor(next) };
}
