import { randomUUID } from 'node:crypto';
import { fleetKeys, type TurnJob } from '@flotilla/contracts';
import type { Queues } from '@flotilla/queue';
import { type Confirmations, defineScript, type Redis } from '@flotilla/redis';

const oweScript = defineScript(new URL('./owe-turns.lua', import.meta.url));
const overdueScript = defineScript(new URL('./overdue-turns.lua', import.meta.url));

/** Owed turns that one look takes care of. */
const atATime = 200;

/** A turn that this process has begun, as it is noted in Redis. */
interface Note {
  job: TurnJob;
  /** Until when nobody else begins it (ms of `performance.now()`); it may be later in Redis, never earlier. */
  until: number;
  written: Promise<void>;
}

interface OwedTurnsOptions {
  redis: Redis;
  addTurns: Queues['addTurns'];
  confirmations?: Pick<Confirmations, 'begin'> | undefined;
  /** Whether a turn of this endpoint is under way here that was begun without a job. */
  isUnderWay: (endpoint: string) => boolean;
  /** After so long without a sign of life of whoever has begun it a turn is owed (ms). */
  lifeMs?: number;
  /** Told what a look has failed with; the next one tries again. */
  onError: (error: Error) => void;
}

export type OwedTurns = ReturnType<typeof createOwedTurns>;

/**
 * Turns that were begun without a job, so that somebody does them when this process dies. Each is noted in Redis before
 * anybody relies on it, with a time; what is still noted when that has come becomes a job. A note is good for all turns
 * of its endpoint that this process begins within some seconds, and is taken away later, many together: so it costs next
 * to nothing. One that was not needed any more is a turn in which there is nothing to do.
 */
export function createOwedTurns({
  redis,
  addTurns,
  confirmations,
  isUnderWay,
  lifeMs = 10_000,
  onError,
}: OwedTurnsOptions) {
  const self = randomUUID();
  const notes = new Map<string, Note>();
  const nameOf = ({ tenant, endpoint }: TurnJob) => `${tenant} ${endpoint} ${self}`;
  const jobOf = (name: string): TurnJob => {
    const [tenant = '', endpoint = ''] = name.split(' ');
    return { tenant, endpoint };
  };

  const write = async (jobs: readonly TurnJob[]) => {
    const unconfirmed = await confirmations?.begin(fleetKeys.owedTurns);
    await oweScript(redis, [fleetKeys.owedTurns], [lifeMs, ...jobs.map(nameOf)]);
    await unconfirmed?.confirm();
  };
  const note = (jobs: readonly TurnJob[]): Promise<void> => {
    const until = performance.now() + lifeMs;
    const written = write(jobs);
    for (const job of jobs) notes.set(job.endpoint, { job, until, written });
    // Whoever needed it hears of it; the next one writes anew.
    written.catch(() => {
      for (const { endpoint } of jobs) if (notes.get(endpoint)?.written === written) notes.delete(endpoint);
    });
    return written;
  };
  const remove = async (names: readonly string[]) => {
    if (names.length > 0) await redis.zrem(fleetKeys.owedTurns, ...names);
  };

  /** Notes of which half the time is over are made anew if they are needed, else they go. */
  const tidy = async () => {
    const halfOver = [...notes.values()].filter(({ until }) => until - performance.now() < lifeMs / 2);
    const renewed = halfOver.filter(({ job }) => isUnderWay(job.endpoint)).map(({ job }) => job);
    const ended = halfOver.filter(({ job }) => !isUnderWay(job.endpoint)).map(({ job }) => job);
    // Before anything is awaited: what is begun from here on is noted behind the removal.
    for (const { endpoint } of ended) notes.delete(endpoint);
    await Promise.all([remove(ended.map(nameOf)), renewed.length > 0 && note(renewed)]);
  };

  /** Makes jobs of the turns that are owed, whoever had begun them. */
  const payOff = async () => {
    // Nearly always nobody owes anything: one command instead of a script's three.
    if ((await redis.zcard(fleetKeys.owedTurns)) === 0) return;
    let names: string[] = [];
    do {
      names = (await overdueScript(redis, [fleetKeys.owedTurns], [atATime, ...names])) as string[];
      await addTurns(names.map(jobOf));
    } while (names.length > 0);
  };

  const patiently = (work: () => Promise<unknown>) => work().catch((error: Error) => onError(error));
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    await Promise.all([patiently(tidy), patiently(payOff)]);
    busy = false;
  }, lifeMs / 4);

  return {
    /**
     * To be called after a turn was begun, or has been told of news.
     * @returns when others know of it; rejects if that is not sure
     */
    owe(job: TurnJob): Promise<void> {
      const known = notes.get(job.endpoint);
      return known && known.until - performance.now() >= lifeMs / 2 ? known.written : note([job]);
    },
    /** The turn has failed and nobody could be asked for another: it is left to whoever finds it owed. */
    leave({ endpoint }: TurnJob): void {
      notes.delete(endpoint);
    },
    /** To be called when no turn is under way any more. */
    async close(): Promise<void> {
      clearInterval(timer);
      const names = [...notes.values()].map(({ job }) => nameOf(job));
      notes.clear();
      await remove(names);
    },
  };
}
