import type { TurnJob } from '@flotilla/contracts';
import type { OwedTurns } from './owed-turns.ts';

/** After so long (ms) a turn that has no job asks for one: an endpoint with more to do queues with the others. */
const ownTurnMs = 1_000;

interface OwnTurnsOptions {
  /** Takes a turn of at most so many ms; it asks for another itself if there is more to do. Logs what it fails with. */
  take: (job: TurnJob, signal: AbortSignal, mostMs: number) => Promise<unknown>;
  /** Tells a turn that is under way here of news, whether it has a job or not; false if there is none that will look. */
  poke: (endpoint: string) => boolean;
  owed: Pick<OwedTurns, 'owe' | 'leave'>;
  /** How many may be under way at a time: others may have time for what is beyond. */
  most: number;
  /** Aborted when no more are to be begun. */
  stopping: AbortSignal;
}

/**
 * Turns that a relay has begun at once, where it stands: most events come alone, to an endpoint at which nobody is, and a
 * job for each of them would cost more than to deliver it. What a job would have been good for in case that this process
 * dies is done by {@link OwedTurns}.
 */
export function createOwnTurns({ take, poke, owed, most, stopping }: OwnTurnsOptions) {
  const underWay = new Map<string, Promise<void>>();
  const cutOff = new AbortController();

  const begin = (job: TurnJob) => {
    const { endpoint } = job;
    const done = take(job, cutOff.signal, ownTurnMs)
      .then(() => {})
      // Its events stay where they are, and nobody else was asked to deliver them.
      .catch(() => owed.leave(job))
      .finally(() => underWay.delete(endpoint));
    underWay.set(endpoint, done);
  };

  return {
    /**
     * Sees to news in an endpoint's mailboxes, if somebody here is at them or nobody anywhere is.
     * @param isQuiet as `push` says
     * @returns undefined if a job has to be asked for; otherwise settles when they are safe from this process' death
     */
    attend(job: TurnJob, isQuiet: boolean): Promise<void> | undefined {
      const isOwn = underWay.has(job.endpoint);
      if (poke(job.endpoint)) return isOwn ? owed.owe(job) : Promise.resolve();
      if (!isQuiet || isOwn || underWay.size >= most || stopping.aborted) return undefined;
      begin(job);
      return owed.owe(job);
    },
    /** Whether one that has no job is under way. */
    has: (endpoint: string): boolean => underWay.has(endpoint),
    /** Lets those that are under way end for so long (ms), then cuts them off. */
    async close(patienceMs: number): Promise<void> {
      const timer = setTimeout(() => cutOff.abort(new Error('The worker has to end')), patienceMs);
      await Promise.all(underWay.values());
      clearTimeout(timer);
    },
  };
}
