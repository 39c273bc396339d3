import { queues } from '@flotilla/contracts';
import { fleetNow, type Redis } from '@flotilla/redis';
import { DelayedError, Worker } from 'bullmq';

/** What a handler is given besides its job. */
export interface HandlerTools {
  /** Aborted when the worker is told to stop and patience is over. */
  signal: AbortSignal;
  /** Ends this run and has the same job come again after so many ms. Use as `return await delay(ms)`. */
  delay(ms: number): Promise<never>;
}

export interface StartWorkerOptions<T> {
  queue: 'connect' | 'relay' | 'turns' | 'replays';
  /** A `patient` connection: the worker opens a copy beside it, whose commands block for seconds. */
  connection: Redis;
  concurrency: number;
  /** How long a job stays ours without a sign of life; after that another worker takes it. Default 10 s. */
  lockDurationMs?: number;
  /** `waitedMs`: since the job was added. */
  handler(
    job: { id: string; name: string; data: T; attempt: number; waitedMs: number },
    tools: HandlerTools,
  ): Promise<void>;
  onError?(error: Error): void;
  /**
   * Called with each look as long as jobs are taken as they should be: none waits, or some have begun or ended since
   * the last look, or Redis does not say. Not called while jobs wait and nothing becomes of any.
   */
  onRound?(): void;
  /** How often it is looked whether jobs wait that nobody takes (ms). @default 10000 */
  lookEveryMs?: number;
}

export interface RunningWorker {
  /** Takes no further jobs until `resume`. Does not wait for running ones. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Takes no further jobs, lets running ones finish for so long, then aborts their signal. */
  close(patienceMs?: number): Promise<void>;
}

/** A machine's clock may be so far behind Redis' (ms): jobs come that much later. */
const toleratedMs = 2_000;
/** How long a worker without a job waits for one in one command (s): a patient connection bears twice of it. */
const waitSeconds = 10;
const promoteEveryMs = 1_000;
const promotedAtATime = 200;
/** BullMQ's score of a delayed job is its time in ms, times this, plus a counter. */
const scorePerMs = 0x1000;

/** Starts to work on one of the fleet-wide queues. */
export function startWorker<T>(options: StartWorkerOptions<T>): RunningWorker {
  const { name, prefix } = queues[options.queue];
  const stop = new AbortController();
  const lockDuration = options.lockDurationMs ?? 10_000;
  const stalledEveryMs = Math.max(1_000, lockDuration / 2);
  /** Whether a job has begun or ended since the last look. */
  let moved = false;
  let looking = false;
  const look = async () => {
    // A look that has no answer yet: Redis is away, and nobody can take anything.
    const waits = !looking && !moved && options.onRound !== undefined;
    moved = false;
    if (!waits) return options.onRound?.();
    looking = true;
    const waiting = await options.connection.llen(`${prefix}:${name}:wait`).catch(() => 0);
    looking = false;
    if (waiting === 0) options.onRound?.();
  };
  const worker = new Worker<T>(
    name,
    async (job, token) => {
      const delay = async (ms: number): Promise<never> => {
        await job.moveToDelayed(Date.now() + ms, token);
        throw new DelayedError();
      };
      moved = true;
      try {
        await options.handler(
          {
            id: job.id ?? '',
            name: job.name,
            data: job.data,
            attempt: job.attemptsMade + 1,
            waitedMs: Math.max(0, Date.now() - job.timestamp),
          },
          { signal: stop.signal, delay },
        );
      } finally {
        moved = true;
      }
    },
    {
      connection: options.connection,
      prefix,
      concurrency: options.concurrency,
      lockDuration,
      // A job that comes ends the wait at once.
      drainDelay: waitSeconds,
      skipStalledCheck: true,
      stalledInterval: stalledEveryMs,
      // A job whose worker was killed has done nothing wrong: it comes back as often as it takes.
      maxStalledCount: 1_000,
    },
  );
  worker.on('error', (error) => options.onError?.(error));
  /** BullMQ goes by this machine's clock: if that was set back, jobs would lie until it shows their time again. */
  const promoteOverdue = async () => {
    const now = fleetNow();
    if (now - Date.now() < toleratedMs) return;
    const delayed = `${prefix}:${name}:delayed`;
    const overdue = await options.connection.zrangebyscore(delayed, 0, now * scorePerMs, 'LIMIT', 0, promotedAtATime);
    for (const id of overdue) await worker.getBackend().promote(id);
  };
  /**
   * As BullMQ would look for jobs whose worker has died, but only while any job is taken: its look at a queue where
   * nothing happens costs seven commands.
   */
  const bringBackStalled = async () => {
    const backend = worker.getBackend();
    if ((await options.connection.llen(backend.keys.active ?? '')) > 0) await backend.moveStalledJobsToWait();
  };
  const lookForStalled = () => void bringBackStalled().catch(() => {}); // Redis is away: the next look finds them
  lookForStalled();
  const stalled = setInterval(lookForStalled, stalledEveryMs).unref();
  const promotions = setInterval(() => void promoteOverdue().catch(() => {}), promoteEveryMs).unref();
  const looks = setInterval(() => void look(), options.lookEveryMs ?? 10_000).unref();
  return {
    pause: async () => {
      await worker.pause(true);
    },
    resume: async () => {
      await worker.resume();
    },
    async close(patienceMs = 20_000) {
      clearInterval(looks);
      clearInterval(stalled);
      clearInterval(promotions);
      const timer = setTimeout(() => stop.abort(), patienceMs);
      try {
        await worker.close();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
