import { createHash } from 'node:crypto';
import { instanceKeys } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { LRUCache } from 'lru-cache';
import { atMost } from '../bounded-cache.ts';

/** Kinds of things that Baileys tells again and again, such as all groups after each login. */
export type ToldKind = 'group' | 'lid' | 'account';

const letters: Record<ToldKind, string> = { group: 'g', lid: 'l', account: 'a' };
/** Above so many fingerprints all are dropped when the next socket opens: then some things are told once more. */
const mostTold = 50_000;
/** Fingerprints that one socket keeps in memory. */
const remembered = 5_000;

interface News<T> {
  /** What nothing was told of before. */
  fresh: T[];
  /** What was told of, but differently. */
  changed: T[];
  /** To be written with the events about both. */
  commands: RedisCommand[];
}

/** What has been told of things that repeat themselves. */
export function createTold(redis: Redis, instance: string) {
  const key = instanceKeys.told(instance);
  const memory = new LRUCache<string, string>(atMost(remembered));
  const fingerprint = (value: unknown) =>
    createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 11);

  return {
    /**
     * Sorts things into new, changed and known ones.
     * @param describe name of a thing, and what of it has to differ for telling it again
     */
    async news<T>(kind: ToldKind, things: readonly T[], describe: (thing: T) => [name: string, value: unknown]) {
      // One thing may stand in a report twice: the last word counts.
      const named = new Map(
        things.map((thing) => {
          const [name, value] = describe(thing);
          const field = `${letters[kind]}:${name}`;
          return [field, { thing, field, print: fingerprint(value) }];
        }),
      );
      const rows = [...named.values()];
      const unknown = rows.filter(({ field }) => !memory.has(field));
      if (unknown.length > 0) {
        const stored = await redis.hmget(key, ...unknown.map(({ field }) => field));
        for (const [n, { field }] of unknown.entries()) if (stored[n]) memory.set(field, stored[n]);
      }
      const news: News<T> = { fresh: [], changed: [], commands: [] };
      const told = rows.filter(({ field, print }) => memory.get(field) !== print);
      for (const { thing, field } of told) (memory.has(field) ? news.changed : news.fresh).push(thing);
      for (const { field, print } of told) memory.set(field, print);
      if (told.length > 0)
        news.commands.push({ command: 'hset', key, args: told.flatMap(({ field, print }) => [field, print]) });
      return news;
    },

    /** Drops everything if it has become too much. */
    async bound(): Promise<RedisCommand[]> {
      return (await redis.hlen(key)) > mostTold ? [{ command: 'del', key, args: [] }] : [];
    },
  };
}

export type Told = ReturnType<typeof createTold>;
