import type { Place, Redis } from '@flotilla/redis';

/**
 * A page of a sorted set, in the order of score, then member.
 * @param after the last place of the page before
 * @returns the page's entries, and the place that the next page follows, if there is one
 */
export async function readPage(
  redis: Redis,
  key: string,
  limit: number,
  after: Place | undefined,
): Promise<{ entries: Place[]; next: Place | undefined }> {
  const entries: Place[] = [];
  const from = after?.score ?? '-inf';
  // Entries with the very score of `after` may lie before it: they are read again and skipped, however many.
  for (let offset = 0; entries.length <= limit; offset += limit + 1) {
    const rows = await redis.zrange(key, from, '+inf', 'BYSCORE', 'LIMIT', offset, limit + 1, 'WITHSCORES');
    for (let n = 0; n + 1 < rows.length; n += 2) {
      const entry = { member: rows[n] ?? '', score: Number(rows[n + 1]) };
      if (!after || entry.score > after.score || entry.member > after.member) entries.push(entry);
    }
    if (rows.length < 2 * (limit + 1)) break;
  }
  const page = entries.slice(0, limit);
  return { entries: page, next: entries.length > limit ? page.at(-1) : undefined };
}
