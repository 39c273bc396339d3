import { Command } from 'ioredis';
import type { Redis } from './connect.ts';

/** How often a master without replicas is asked whether it has some now (ms): a single server is asked as rarely. */
const lookAgainMs = 2_000;

/**
 * How long a master that had replicas and has none any more counts as one that is being replaced (ms). Afterwards it is
 * believed to be alone. Also, how long a replica may say nothing until it counts as gone.
 */
const lonelyMs = 15_000;
const longestLagSeconds = 10;

/** How long what marks a place in the stream of writes stays (ms). */
const markMs = 60_000;

/** Writes exist at one server only, or not even there any more. To whoever wanted them stored, the store is away. */
export class NotReplicatedError extends Error {
  constructor(what: string) {
    super(`NOREPLICAS ${what}`);
    this.name = 'NotReplicatedError';
  }
}

export interface ConfirmOptions {
  /** How many replicas: `auto` means one where a replica is connected and in step, else none. */
  replicas: number | 'auto';
  /** How long to wait for them (ms). */
  timeoutMs: number;
}

/** What was found: enough replicas have it; the master is alone (with `auto` only); nobody wants to know. */
export type Confirmation = 'confirmed' | 'alone' | 'not-wanted';

export interface Confirmations {
  /** Whether replicas will be asked: whoever has to prepare a write for it need not if not. */
  wanted(mark: string): Promise<boolean>;
  /**
   * Waits until replicas have everything that was written before this call to the master of a key.
   * @param mark a key in the slot that was written to. It is overwritten, and expires
   * @param isThere whether what was written is still there: the master of now may be one that never had it. Rejects or
   *   answers `false` if not
   * @throws NotReplicatedError when they have not in time; what was written may reach them later, or be lost
   */
  confirm(mark: string, isThere: () => Promise<boolean>): Promise<Confirmation>;
}

/** What is known of one master, and the waits at it: one under way, and those who came too late for it. */
interface Queue {
  running: Promise<number> | undefined;
  next: Promise<number> | undefined;
  /** Which history of writes its replicas follow: another one after a failover. */
  history: string;
  /** When it was last asked, and when it last had a replica in step (ms of `performance.now()`). */
  askedAt: number;
  accompaniedAt: number;
}

/**
 * Asks replicas whether they have what was written.
 *
 * `WAIT` speaks of what its own connection has written, and keeps that connection from everything else meanwhile. So it
 * has one of its own, on which a mark is written first: replication is one stream, and whoever has the mark has
 * everything before it. All who ask while a wait is under way share the next one, so that its cost does not grow with
 * the traffic.
 * @param redis a `prompt` connection that is used for nothing else
 */
export function createConfirmations(redis: Redis, { replicas, timeoutMs }: ConfirmOptions): Confirmations {
  const isAuto = replicas === 'auto';
  const required = isAuto ? 1 : replicas;
  const queues = new Map<string, Queue>();
  const queueOf = (mark: string) => {
    const master = masterOf(redis, mark);
    const never = Number.NEGATIVE_INFINITY;
    const known = queues.get(master);
    const queue = known ?? { running: undefined, next: undefined, history: '', askedAt: never, accompaniedAt: never };
    if (!known) queues.set(master, queue);
    return queue;
  };

  /** Asks the master who follows it. */
  const look = async (queue: Queue, mark: string) => {
    // The first command leads the second one to the same server.
    const [, info] = await both(redis.pipeline().exists(mark).call('INFO', 'replication'));
    const { history, inStep } = readReplication(String(info));
    // A new master has not lost its replicas: it never had any.
    if (history !== queue.history) queue.accompaniedAt = Number.NEGATIVE_INFINITY;
    queue.history = history;
    queue.askedAt = performance.now();
    if (inStep > 0) queue.accompaniedAt = queue.askedAt;
  };
  /** Whether the master has replicas, or had some so lately that one of them may be about to replace it. */
  const isAccompanied = async (queue: Queue, mark: string) => {
    const since = ({ accompaniedAt }: Queue) => performance.now() - accompaniedAt;
    if (since(queue) > lookAgainMs && performance.now() - queue.askedAt > lookAgainMs) await look(queue, mark);
    return since(queue) < lonelyMs;
  };
  const wait = async (queue: Queue, mark: string) => {
    const [, confirmed] = await both(
      redis.pipeline().set(mark, '', 'PX', markMs).call('WAIT', String(required), String(timeoutMs)),
    );
    if (Number(confirmed) > 0) queue.accompaniedAt = performance.now();
    return Number(confirmed);
  };
  /** A wait that begins after this call. */
  const share = (queue: Queue, mark: string): Promise<number> => {
    const begin = () => {
      queue.next = undefined;
      queue.running = wait(queue, mark).finally(() => {
        queue.running = undefined;
      });
      return queue.running;
    };
    if (!queue.running) return begin();
    queue.next ??= queue.running.then(begin, begin);
    return queue.next;
  };
  const isWanted = async (queue: Queue, mark: string) =>
    required > 0 && (!isAuto || (await isAccompanied(queue, mark)));

  return {
    wanted: (mark) => isWanted(queueOf(mark), mark),
    async confirm(mark, isThere) {
      if (required === 0) return 'not-wanted';
      const queue = queueOf(mark);
      const wanted = await isWanted(queue, mark);
      if (wanted && (await share(queue, mark)) < required) {
        await look(queue, mark);
        throw new NotReplicatedError(`fewer than ${required} replicas have confirmed in time`);
      }
      if (!(await isThere()))
        throw new NotReplicatedError('what was written is gone: another server is the master now');
      return wanted ? 'confirmed' : 'alone';
    },
  };
}

/** Which connection a key's commands go over: one wait holds up that one only. */
function masterOf(redis: Redis, key: string): string {
  if (!('slots' in redis)) return '';
  return redis.slots[new Command('get', [key]).getSlot()]?.[0] ?? '';
}

/** What `INFO replication` says: which history of writes this is, and how many replicas follow closely. */
function readReplication(info: string): { history: string; inStep: number } {
  const lags = [...info.matchAll(/^slave\d+:.*state=online.*lag=(\d+)/gm)];
  return {
    history: /^master_replid:(\w+)/m.exec(info)?.[1] ?? '',
    inStep: lags.filter(([, lag]) => Number(lag) <= longestLagSeconds).length,
  };
}

/** The replies of a pipeline; the first error is thrown. */
async function both(pipeline: ReturnType<Redis['pipeline']>): Promise<unknown[]> {
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}
