import { randomUUID } from 'node:crypto';
import { fleetKeys, type RelayJob } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const noteScript = defineScript(new URL('./note-relay.lua', import.meta.url));
const keepScript = defineScript(new URL('./keep-relays.lua', import.meta.url));
const overdueScript = defineScript(new URL('./overdue-relays.lua', import.meta.url));

/** After so long without a sign of life of whoever has taken a note another one takes it (ms). */
const lifeMs = 5_000;

/** How long a worker without notes waits for some in one command (s): a patient connection bears twice of it. */
const waitSeconds = 10;

/** Notes that are taken together: so many workers share what has come at once. */
const takenAtATime = 10;

/** Notes that one script takes care of. */
const keptAtATime = 500;

/** What wakes a worker that has to end, if it could not take it, is gone by itself (s). */
const stopTtlSeconds = 60;

/** An instance that has news. */
type NotedInstance = Pick<RelayJob, 'tenant' | 'instance'>;

/** A note that was taken, and that somebody else takes again unless it is kept or done in time. */
export interface RelayNote {
  job: NotedInstance;
  /** From when on somebody else takes it (µs, Redis' clock), as far as this process knows. */
  owedAt: number;
}

const nameOf = ({ tenant, instance }: NotedInstance) => `${tenant} ${instance}`;
const jobOf = (name: string): NotedInstance => {
  const [tenant = '', instance = ''] = name.split(' ');
  return { tenant, instance };
};

/**
 * Notes that an instance has news, and wakes a worker. To be called behind what is news: whoever takes the note later
 * sees it. Noting twice is the same as once.
 */
export async function noteRelay(redis: Redis, job: NotedInstance): Promise<void> {
  await noteScript(redis, [fleetKeys.news, fleetKeys.owedRelays], [lifeMs, nameOf(job)]);
}

/** How many notes wait and how many are taken, and how long the oldest of those that wait has done so (ms). */
export async function countRelayNotes(redis: Redis): Promise<{ waiting: number; taken: number; oldestMs: number }> {
  const [waiting, owed, [, oldest], [seconds, microseconds]] = await Promise.all([
    redis.zcard(fleetKeys.news),
    redis.zcard(fleetKeys.owedRelays),
    redis.zrange(fleetKeys.news, 0, '0', 'WITHSCORES'),
    redis.time(),
  ]);
  const now = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  const oldestMs = oldest === undefined ? 0 : Math.max(0, now - Number(oldest) / 1_000);
  return { waiting, taken: Math.max(0, owed - waiting), oldestMs };
}

export type RelayNotes = ReturnType<typeof openRelayNotes>;

/**
 * The side that takes notes. Taking one is a single command, and nobody else gets it; it stays owed all the same until it
 * is done, so that it comes to another worker if this one dies.
 * @param connection a `patient` one; a copy of it is opened beside it, whose commands block for seconds
 */
export function openRelayNotes(connection: Redis) {
  // A cluster's copy is made by another method of the same name: the types of the two fit only apart.
  const blocking: Redis = 'slots' in connection ? connection.duplicate() : connection.duplicate();
  blocking.on('error', () => {}); // every command reports its own failure
  const stop = fleetKeys.stopRelays(randomUUID());
  let isOpen = true;

  const keep = async (done: readonly RelayNote[], more: readonly RelayNote[]): Promise<number> => {
    const pairs = [...done, ...more].flatMap(({ job, owedAt }) => [nameOf(job), owedAt]);
    return Number(await keepScript(connection, [fleetKeys.owedRelays], [done.length, lifeMs, ...pairs]));
  };

  return {
    /**
     * Takes some notes, those first that have waited longest.
     * @param most how many at most
     * @returns none if there was none for some seconds, or after `close`
     */
    async take(most: number): Promise<RelayNote[]> {
      if (!isOpen) return [];
      const count = Math.min(most, takenAtATime);
      const found = await blocking.bzmpop(waitSeconds, 2, stop, fleetKeys.news, 'MIN', 'COUNT', count);
      const [key, entries] = (found ?? []) as [key?: string, entries?: [name: string, score: string][]];
      if (key !== fleetKeys.news || !entries) return [];
      return entries.map(([name, score]) => ({ job: jobOf(name), owedAt: Number(score) + lifeMs * 1_000 }));
    },
    /** What the notes stood for is done. One that has been noted anew meanwhile stays. */
    async done(notes: readonly RelayNote[]): Promise<void> {
      for (let from = 0; from < notes.length; from += keptAtATime)
        await keep(notes.slice(from, from + keptAtATime), []);
    },
    /** What they stand for is still under way. */
    async renew(notes: readonly RelayNote[]): Promise<void> {
      for (let from = 0; from < notes.length; from += keptAtATime) {
        const some = notes.slice(from, from + keptAtATime);
        const owedAt = await keep([], some);
        for (const note of some) note.owedAt = owedAt;
      }
    },
    /** Notes anew what is owed by workers that have died. */
    async bringBack(): Promise<void> {
      // Nearly always nobody owes anything: one command instead of a script.
      if ((await connection.zcard(fleetKeys.owedRelays)) === 0) return;
      const keys = [fleetKeys.news, fleetKeys.owedRelays];
      while (Number(await overdueScript(connection, keys, [lifeMs, keptAtATime])) === keptAtATime);
    },
    /** Ends a `take` that waits. What was taken can still be done. */
    async stop(): Promise<void> {
      isOpen = false;
      // Closing the connection instead could lose sight of a note that is on its way.
      await connection.pipeline().zadd(stop, 0, 'stop').expire(stop, stopTtlSeconds).exec();
    },
    /** To be called when no `take` is under way any more. */
    close(): void {
      blocking.disconnect();
    },
  };
}
