import { randomUUID } from 'node:crypto';
import { instanceKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { type BackendFactory, type Job, type RedisQueueBackend, Worker } from 'bullmq';

const lookScript = defineScript(new URL('./look.lua', import.meta.url));
const reclaimScript = defineScript(new URL('./reclaim.lua', import.meta.url));

/** What BullMQ's own loop does after each job: the script that ends one takes the next. */
class LaneWorker extends Worker {
  async completeAndTake(job: Job, token: string): Promise<Job | undefined> {
    const next = await job.moveToCompleted(null, token, true);
    return Array.isArray(next) ? this.nextJobFromJobData(next[0], next[1], token) : undefined;
  }
}

/** A job that the lane holds. It must be completed, failed or put back before the next one is taken. */
export interface LaneJob<T> {
  id: string;
  data: T;
  /** Ends the job as done. */
  complete(result?: unknown): Promise<void>;
  /** Ends the job as done and takes the next one, in one step. @returns undefined if none waits */
  completeAndTake(): Promise<LaneJob<T> | undefined>;
  /** Ends the job as failed; `reason` must hold no message text. */
  fail(reason: string): Promise<void>;
  /** Puts it back to the head of the queue. */
  putBack(): Promise<void>;
}

/** What is marked as taken, by whomever. */
export interface Taken {
  count: number;
  /** Id of the job that was taken last, '' if none is. */
  newest: string;
  /** The hash that belongs to it. */
  beside: Record<string, string>;
}

/** One instance's queue as its owner sees it: strictly in order, one job at a time, nothing running while it is idle. */
export interface Lane<T> {
  /** The next job, or undefined if none waits. Does not block. */
  next(): Promise<LaneJob<T> | undefined>;
  /** Looks at what is taken. */
  taken(): Promise<Taken>;
  /** Whether anything waits or was left active. */
  hasJobs(): Promise<boolean>;
  /** Jobs that wait, from the head. */
  waiting(limit: number): Promise<{ id: string; data: T }[]>;
  /** Takes one waiting job out of the queue. */
  remove(id: string): Promise<void>;
  /** Removes the queue with everything in it. */
  obliterate(): Promise<void>;
}

/**
 * Opens an instance's queue for its lease holder.
 * @param queue name of the queue below the instance's prefix
 * @param backend from `sharedBackend`, one per process
 * @param besideBase what the key of a hash of the instance begins with that belongs to each job, followed by the job's id:
 *   it is read with the look at what is taken @default none
 */
export function openLane<T>(
  instance: string,
  queue: string,
  {
    connection,
    backend,
    besideBase = '',
  }: { connection: Redis; backend: BackendFactory<RedisQueueBackend>; besideBase?: string },
): Lane<T> {
  const prefix = instanceKeys.queuePrefix(instance);
  const token = randomUUID();
  // It keeps nothing and runs nothing: seven kilobytes, three times for each instance, that an idle one need not hold.
  let known: WeakRef<LaneWorker> | undefined;
  const open = (): LaneWorker => {
    const before = known?.deref();
    if (before) return before;
    const worker = new LaneWorker(queue, null, { connection, prefix, autorun: false, skipVersionCheck: true }, backend);
    worker.on('error', () => {}); // every command reports its own failure
    known = new WeakRef(worker);
    return worker;
  };

  const hold = (worker: LaneWorker, job: Job): LaneJob<T> => ({
    id: job.id ?? '',
    data: job.data,
    complete: async (result) => {
      await job.moveToCompleted(result ?? null, token, false);
    },
    completeAndTake: async () => {
      const next = await worker.completeAndTake(job, token);
      return next && hold(worker, next);
    },
    fail: async (reason) => {
      await job.moveToFailed(new Error(reason), token, false);
    },
    putBack: async () => {
      await job.moveToWait(token);
    },
  });

  return {
    async next() {
      const worker = open();
      const job = await worker.getNextJob(token, { block: false });
      return job && hold(worker, job);
    },
    async taken() {
      const reply = await lookScript(connection, [`${prefix}:${queue}:active`], [besideBase]);
      const [count, newest, fields] = reply as [number, string, string[]];
      const beside: Taken['beside'] = {};
      for (let n = 0; n + 1 < fields.length; n += 2) beside[fields[n] ?? ''] = fields[n + 1] ?? '';
      return { count, newest, beside };
    },
    async hasJobs() {
      const base = `${prefix}:${queue}`;
      return (await connection.llen(`${base}:wait`)) > 0 || (await connection.llen(`${base}:active`)) > 0;
    },
    async waiting(limit) {
      const backendOf = open().getBackend();
      const ids = await connection.lrange(backendOf.keys.wait ?? '', -limit, -1);
      const jobs = await Promise.all(ids.reverse().map((id) => connection.hget(backendOf.toKey(id), 'data')));
      return jobs.flatMap((data, index) => {
        const id = ids[index];
        return data && id ? [{ id, data: JSON.parse(data) as T }] : [];
      });
    },
    async remove(id) {
      await open().getBackend().remove(id, false);
    },
    async obliterate() {
      const backendOf = open().getBackend();
      // BullMQ empties only a queue that is paused.
      await backendOf.pause(true);
      let cursor = 0;
      do cursor = await backendOf.obliterate({ force: true, count: 1_000 });
      while (cursor !== 0);
    },
  };
}

/** Resolves when everything has been done that follows from what was called now, without waiting for anybody else. */
const soon = () => new Promise<void>((resolve) => process.nextTick(resolve));

/**
 * The next job of a lane that works on one at a time, as its owner takes it. Taking is not fenced: a process that was
 * stopped between looking at its lease and asking for a job takes one when it goes on, though the instance is another's by
 * then. It can do nothing with it, but would keep it, and those behind it would overtake. So whoever owns the instance looks
 * whether anything else is taken, and puts all of it back first.
 *
 * The look leaves right behind the taking, in the same write. Should it ever be answered first, it does not know of the
 * job, and is repeated.
 * @param reclaim fenced, see `reclaim`
 * @param first how the next one is taken at first, such as by ending the one before
 * @returns the job with its hash, as it is now that it is taken
 */
export async function takeNext<T>(
  lane: Lane<T>,
  reclaim: () => Promise<unknown>,
  first: () => Promise<LaneJob<T> | undefined> = () => lane.next(),
): Promise<(LaneJob<T> & Pick<Taken, 'beside'>) | undefined> {
  for (let take = first; ; take = () => lane.next()) {
    const taking = take();
    const [job, early] = await Promise.all([taking, soon().then(() => lane.taken())]);
    const taken = job && early.newest !== job.id ? await lane.taken() : early;
    if (taken.count <= (job ? 1 : 0)) return job && { ...job, beside: taken.beside };
    await reclaim();
  }
}

/** Who works on an instance. */
interface Owner {
  instance: string;
  owner: string;
  epoch: number;
}

async function putBackAll(connection: Redis, { instance, owner, epoch }: Owner, queue: string, isLeft: boolean) {
  const base = `${instanceKeys.queuePrefix(instance)}:${queue}`;
  const moved = (await reclaimScript(
    connection,
    [instanceKeys.ownership(instance), `${base}:active`, `${base}:wait`, `${base}:stalled`],
    [owner, epoch, base, isLeft ? 1 : 0],
  )) as (string | number)[];
  const jobs = new Map<string, number>();
  for (let n = 0; n < moved.length; n += 2) jobs.set(String(moved[n]), Number(moved[n + 1]));
  return jobs;
}

/**
 * Puts whatever is marked as taken back to the head of the queue, in its order: BullMQ alone would notice after 15 to 60
 * seconds, and let later commands overtake meanwhile.
 * @param fence who asks; a stale owner gets an error that begins with FENCED
 * @returns how many jobs were put back
 */
export async function reclaim(connection: Redis, fence: Owner, queue: string): Promise<number> {
  return (await putBackAll(connection, fence, queue, false)).size;
}

/**
 * Puts back what the last owner was working on when it ended without a word. To be called by a new owner before it takes
 * anything.
 * @param fence as for `reclaim`
 * @returns for each job how many owners have ended so with it in hand: if it is many, the job itself is what ends them
 */
export function takeUp(connection: Redis, fence: Owner, queue: string): Promise<Map<string, number>> {
  return putBackAll(connection, fence, queue, true);
}
