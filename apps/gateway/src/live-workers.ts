import { fleetKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** A worker that has not renewed its lease for so long (ms) is not counted: its lease has run out. */
const liveWithinMs = 12_000;

/** How many connection workers are alive, by Redis' clock. */
export async function liveWorkers(redis: Redis): Promise<number> {
  const [seconds] = await redis.time();
  return redis.zcount(fleetKeys.workers, Number(seconds) * 1_000 - liveWithinMs, '+inf');
}
