import { Command } from 'ioredis';
import type { Redis } from './connect.ts';

/** How often a master without replicas is asked whether it has some now (ms): a single server is asked as rarely. */
const lookAgainMs = 2_000;

/** A replica that has said nothing for so long (s) counts as gone. */
const longestLagSeconds = 10;

/** How long what marks a place in the stream of writes stays (ms). */
const markMs = 60_000;

/** Writes exist at one server only, or not even there any more. To whoever wanted them stored, the store is away. */
export class NotReplicatedError extends Error {
  /** Whether another server is the master now, which may never have had what was written. */
  readonly isGone: boolean;

  constructor(what: string, isGone: boolean) {
    super(`NOREPLICAS ${what}`);
    this.name = 'NotReplicatedError';
    this.isGone = isGone;
  }
}

/** How asking ended: replicas have it; not in time; another master; nobody was asked, because the master is alone. */
export type ConfirmationOutcome = 'confirmed' | 'missed' | 'gone' | 'alone';

export interface ConfirmOptions {
  /** A key in the same slot, for a mark that is overwritten and expires. */
  markOf: (key: string) => string;
  /** How many replicas: `auto` means one where a replica is connected and in step, else none. */
  replicas: number | 'auto';
  /** How long to wait for them (ms). */
  timeoutMs?: number;
  /**
   * How long a master that had replicas and has none any more counts as one that is being replaced (ms). Afterwards it
   * is believed to be alone. Default 15 s.
   */
  lonelyMs?: number;
  /** Called with each outcome, for metrics. */
  onOutcome?: (outcome: ConfirmationOutcome) => void;
}

/** A write that is about to be made, and will have to be confirmed. */
interface Unconfirmed {
  /**
   * Waits until replicas have everything that was written before this call to the same master.
   * @throws NotReplicatedError when they have not in time; what was written may reach them later, or be lost
   */
  confirm(): Promise<void>;
  /**
   * Waits on when they have not in time, until they have, or until it is known that there are none any more.
   * @throws NotReplicatedError when what was written may be lost, or when a fixed number has not confirmed for long
   */
  confirmPatiently(): Promise<void>;
}

export interface Confirmations {
  /**
   * To be called before a write.
   * @param keys what is written to, one for each slot
   * @returns undefined if nobody is to be asked: none are wanted, or (with `auto`) the masters are alone
   */
  begin(...keys: string[]): Promise<Unconfirmed | undefined>;
  /**
   * Reads what a failover cannot take back any more.
   * @param key where is read
   * @throws NotReplicatedError when replicas do not have it in time
   */
  lasting<T>(key: string, read: () => Promise<T>): Promise<T>;
}

/** What a wait has found: how many replicas have the mark, and which history of writes it is in. */
interface Found {
  confirmed: number;
  history: string;
}

/** What is known of one master, and the waits at it: one under way, and those who came too late for it. */
interface Queue {
  running: Promise<Found> | undefined;
  next: Promise<Found> | undefined;
  /** Which history of writes its replicas follow: another one after a failover. */
  history: string;
  /** When it was last asked, and when it last had a replica in step (ms of `performance.now()`). */
  askedAt: number;
  accompaniedAt: number;
}

const never = Number.NEGATIVE_INFINITY;

/**
 * Asks replicas whether they have what was written.
 *
 * `WAIT` speaks of what its own connection has written, and keeps that connection from everything else meanwhile. So it
 * has one of its own, on which a mark is written first: replication is one stream, and whoever has the mark has
 * everything before it. All who ask while a wait is under way share the next one, so that its cost does not grow with
 * the traffic.
 *
 * A master of now that has the mark says nothing about a write that went to the master before it. So the write counts
 * only if the history of writes is the same before and after it: each master begins one of its own.
 * @param redis a `prompt` connection that is used for nothing else
 */
export function createConfirmations(
  redis: Redis,
  { markOf, replicas, timeoutMs = 1_000, lonelyMs = 15_000, onOutcome = () => {} }: ConfirmOptions,
): Confirmations {
  const isAuto = replicas === 'auto';
  const required = isAuto ? 1 : replicas;
  const queues = new Map<string, Queue>();
  const queueOf = (mark: string) => {
    const master = masterOf(redis, mark);
    const known = queues.get(master);
    const queue = known ?? { running: undefined, next: undefined, history: '', askedAt: never, accompaniedAt: never };
    if (!known) queues.set(master, queue);
    return queue;
  };

  /** Keeps what a master has said of its replicas. */
  const learn = (queue: Queue, info: unknown) => {
    const { history, inStep } = readReplication(String(info));
    // A new master has not lost its replicas: it never had any.
    if (history !== queue.history) queue.accompaniedAt = never;
    queue.history = history;
    queue.askedAt = performance.now();
    if (inStep > 0) queue.accompaniedAt = queue.askedAt;
  };
  /** Whether the master has replicas, or had some so lately that one of them may be about to replace it. */
  const isAccompanied = async (queue: Queue, mark: string) => {
    if (queue.history === '' || performance.now() - Math.max(queue.askedAt, queue.accompaniedAt) > lookAgainMs) {
      // The first command leads the second one to the same server.
      const [, info] = await both(redis, redis.pipeline().exists(mark).call('INFO', 'replication'));
      learn(queue, info);
    }
    return performance.now() - queue.accompaniedAt < lonelyMs;
  };
  const wait = async (queue: Queue, mark: string): Promise<Found> => {
    const marked = redis.pipeline().set(mark, '', 'PX', markMs);
    const asked = marked.call('WAIT', String(required), String(timeoutMs)).call('INFO', 'replication');
    const [, confirmed, info] = await both(redis, asked);
    learn(queue, info);
    return { confirmed: Number(confirmed), history: queue.history };
  };
  /** A wait that begins after this call. */
  const share = (queue: Queue, mark: string): Promise<Found> => {
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

  const confirm = async (mark: string, history: string) => {
    const found = await share(queueOf(mark), mark);
    if (found.history !== history) {
      onOutcome('gone');
      throw new NotReplicatedError('another server is the master now, and may not have what was written', true);
    }
    if (found.confirmed < required) {
      onOutcome('missed');
      throw new NotReplicatedError(`fewer than ${required} replicas have confirmed in time`, false);
    }
    onOutcome('confirmed');
  };
  const confirmPatiently = async (mark: string, history: string) => {
    for (const until = performance.now() + lonelyMs; ; ) {
      try {
        return await confirm(mark, history);
      } catch (error) {
        if (!(error instanceof NotReplicatedError) || error.isGone) throw error;
        if (isAuto && !(await isAccompanied(queueOf(mark), mark))) return onOutcome('alone');
        if (!isAuto && performance.now() > until) throw error;
      }
    }
  };

  const beginAt = async (mark: string): Promise<Unconfirmed | undefined> => {
    const queue = queueOf(mark);
    if (!(await isAccompanied(queue, mark)) && isAuto) {
      onOutcome('alone');
      return undefined;
    }
    const { history } = queue;
    return {
      confirm: () => confirm(mark, history),
      confirmPatiently: () => confirmPatiently(mark, history),
    };
  };

  const begin = async (...keys: string[]): Promise<Unconfirmed | undefined> => {
    if (required === 0) return undefined;
    const begun = (await Promise.all(keys.map((key) => beginAt(markOf(key))))).filter((one) => one !== undefined);
    const [first] = begun;
    if (begun.length < 2) return first;
    return {
      confirm: async () => void (await Promise.all(begun.map((one) => one.confirm()))),
      confirmPatiently: async () => void (await Promise.all(begun.map((one) => one.confirmPatiently()))),
    };
  };

  return {
    begin,
    async lasting(key, read) {
      const unconfirmed = await begin(key);
      const found = await read();
      await unconfirmed?.confirm();
      return found;
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

/**
 * The replies of a pipeline; the first error is thrown. The client follows a slot to its new master for single commands,
 * but not for a pipeline of which a part was executed where it was: so it is told to look, and the write counts as gone.
 */
async function both(redis: Redis, pipeline: ReturnType<Redis['pipeline']>): Promise<unknown[]> {
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (!error) return reply;
    if (!/^(MOVED|ASK) /.test(error.message)) throw error;
    if ('slots' in redis) redis.refreshSlotsCache();
    throw new NotReplicatedError('the slot has another master now', true);
  });
}
