import { setTimeout as pause } from 'node:timers/promises';
import { instanceKeys, workerKeys } from '@flotilla/contracts';
import { pace } from '@flotilla/lease';
import type { Queues } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';

/** Pauses between two looks whether it has (ms): most claims take a few milliseconds. */
const firstLookMs = 5;
const longestLookMs = 100;

export interface Handover {
  /**
   * Hands an instance that nobody owns to one worker, or to everybody if that one does not come or none is named.
   * Resolves when somebody owns it or everybody was asked.
   */
  hand(instance: string, recipient: string | undefined): Promise<void>;
}

/** Hands instances over to chosen workers. One that did not take what it was handed gets nothing more. */
export function createHandover(redis: Redis, queues: Pick<Queues, 'requestConnect'>): Handover {
  const deaf = new Set<string>();

  async function isClaimed(instance: string): Promise<boolean> {
    const deadline = performance.now() + pace.claimWithinMs;
    for (let ms = firstLookMs; performance.now() < deadline; ms = Math.min(2 * ms, longestLookMs)) {
      if (await redis.hget(instanceKeys.ownership(instance), 'owner')) return true;
      await pause(ms);
    }
    return false;
  }

  return {
    async hand(instance, recipient) {
      if (recipient === undefined || deaf.has(recipient)) {
        await queues.requestConnect(instance, 'released');
        return;
      }
      await redis.rpush(workerKeys.wake(recipient), instance);
      if (await isClaimed(instance)) return;
      deaf.add(recipient);
      await queues.requestConnect(instance, 'orphan');
    },
  };
}
