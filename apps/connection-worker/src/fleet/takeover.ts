import { setTimeout as pause } from 'node:timers/promises';
import { instanceKeys, workerKeys } from '@flotilla/contracts';
import {
  claimPatienceMs,
  handoverPeers,
  type PeerLoad,
  planShares,
  type ReaperOptions,
  sampleWorkers,
} from '@flotilla/lease';
import type { Queues } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';

/** A share of a worker that dies, too, and is forgotten before it comes disappears by itself (s). */
const wakeListTtlSeconds = 3_600;

interface TakeoverOptions {
  redis: Redis;
  queues: Pick<Queues, 'requestConnect'>;
  /** Who might take something. @default nearly all that live and do not drain */
  peers?: () => Promise<PeerLoad[]>;
  /** How long those that were chosen have until the next look (ms), when Redis took so long to answer. */
  patienceMs?: (answerMs: number) => number;
}

/**
 * Hands out what a dead worker held: to each of the others its share in one command, so that fleets lose no time with a
 * queue that everybody stands in. What those do not claim, everybody is asked for.
 * @returns what a reaper calls
 */
export function createTakeover({
  redis,
  queues,
  peers = () => sampleWorkers(redis, handoverPeers),
  patienceMs = claimPatienceMs,
}: TakeoverOptions): Required<Pick<ReaperOptions, 'onDead' | 'settle'>> {
  const askEverybody = (instances: readonly string[]) =>
    Promise.all(instances.map((instance) => queues.requestConnect(instance, 'takeover')));

  /** Those that nobody has claimed since. */
  async function ownerless(dead: string, instances: readonly string[]): Promise<string[]> {
    const owners = await Promise.all(instances.map((id) => redis.hget(instanceKeys.ownership(id), 'owner')));
    return instances.filter((_, index) => !owners[index] || owners[index] === dead);
  }

  async function give(recipient: string, share: readonly string[]): Promise<void> {
    const list = workerKeys.wake(recipient);
    const answers = await redis
      .pipeline()
      .rpush(list, ...share)
      .expire(list, wakeListTtlSeconds)
      .exec();
    const error = answers?.[0]?.[0];
    if (error) throw error;
  }

  return {
    async onDead(dead, instances) {
      const waiting = await ownerless(dead, instances);
      const recipients = planShares(
        waiting.length,
        (await peers()).filter(({ incarnation }) => incarnation !== dead),
      );
      const shares = Map.groupBy(waiting, (_, index) => recipients[index]);
      await Promise.all(
        [...shares].map(([recipient, share]) =>
          recipient === undefined ? askEverybody(share) : give(recipient, share),
        ),
      );
    },

    async settle(dead, instances, { stillAtIt, signal }) {
      for (let left = instances, isFirst = true; ; isFirst = false) {
        const askedAt = performance.now();
        const still = await ownerless(dead, left);
        if (still.length === 0) return;
        // As long as some of them come, Redis is busy with the others: asking once more would make it busier.
        if (!isFirst && still.length === left.length) return void (await askEverybody(still));
        left = still;
        const ms = patienceMs(performance.now() - askedAt);
        await stillAtIt(ms);
        await pause(ms, undefined, { signal });
      }
    },
  };
}
