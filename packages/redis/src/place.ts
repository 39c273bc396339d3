import type { Redis } from './connect.ts';

/** A place in a list that is sorted by score, then member: stays valid while entries come and go. */
export interface Place {
  score: number;
  member: string;
}

/** A page of a list; without `nextCursor` it is the last one. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** The cursor is not one that a list has returned. */
export class BadCursorError extends Error {
  readonly code = 'BAD_CURSOR';

  constructor() {
    super('The cursor is not one that this list has returned');
    this.name = 'BadCursorError';
  }
}

/** A place as whoever reads a list keeps it: opaque text. */
export const encodeCursor = ({ score, member }: Place) =>
  Buffer.from(JSON.stringify([score, member])).toString('base64url');

/**
 * The place that a cursor stands for; undefined without one.
 * @throws BadCursorError
 */
export function decodeCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [score, member]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof score === 'number' && Number.isFinite(score) && typeof member === 'string') return { score, member };
  } catch {
    // Not one of ours.
  }
  throw new BadCursorError();
}

/** Whether `a` stands before `b` in a list that shows the newest first. */
export const newerFirst = (a: Place, b: Place) => b.score - a.score || (a.member < b.member ? 1 : -1);

/**
 * Walks through a sorted set from the newest entry, or from the one behind `after`, to the oldest, a batch at a time.
 * Entries that come meanwhile only push what has been read further back: it is told by comparison, not by count.
 */
export async function* newestFirst(
  redis: Redis,
  key: string,
  after: Place | undefined,
  batch = 100,
): AsyncGenerator<Place[]> {
  const from = after?.score ?? '+inf';
  let last = after;
  for (let offset = 0; ; offset += batch) {
    const rows = await redis.zrange(key, from, '-inf', 'BYSCORE', 'REV', 'LIMIT', offset, batch, 'WITHSCORES');
    const places: Place[] = [];
    for (let n = 0; n + 1 < rows.length; n += 2) {
      const place = { member: rows[n] ?? '', score: Number(rows[n + 1]) };
      if (last && newerFirst(place, last) <= 0) continue;
      last = place;
      places.push(place);
    }
    yield places;
    if (rows.length < 2 * batch) return;
  }
}
