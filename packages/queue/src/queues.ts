import {
  type ConnectJob,
  type ControlJob,
  fleetKeys,
  instanceKeys,
  queues,
  type RelayJob,
  type ReplayJob,
  type RequestJob,
  type TurnJob,
  workerKeys,
} from '@flotilla/contracts';
import { type Confirmations, fleetNow, gatherCalls, type Redis } from '@flotilla/redis';
import { Queue, type QueueOptions } from 'bullmq';
import { sharedBackend } from './backend.ts';
import { keptLaneEvents, laneJobOptions } from './command-jobs.ts';
import { countRelayNotes, noteRelay } from './relay-notes.ts';

/** How many per-instance queue objects are kept: each is small, and making one costs a Redis command. */
const keptQueues = 2_000;

/** A wake list that nobody reads any more disappears by itself (s). */
const wakeListTtlSeconds = 3_600;

const fleetWide = {
  attempts: 10,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnComplete: { age: 600, count: 200 },
  removeOnFail: { age: 86_400, count: 1_000 },
} as const;

export type Queues = ReturnType<typeof createQueues>;

/**
 * The producing side of every queue.
 * @param connection an ordinary connection; it stays the caller's to close
 * @param confirmations where replicas are asked whether they have the jobs of the fleet's queues, which nobody else
 *   would miss. Whoever adds to an instance's queue asks for itself, together with what else was written there
 */
export function createQueues({
  connection,
  confirmations,
}: {
  connection: Redis;
  confirmations?: Pick<Confirmations, 'begin'> | undefined;
}) {
  const backend = sharedBackend(connection);
  const make = (name: string, prefix: string, defaultJobOptions: QueueOptions['defaultJobOptions'], maxLen: number) =>
    new Queue(
      name,
      { connection, prefix, defaultJobOptions, skipVersionCheck: true, streams: { events: { maxLen } } },
      backend,
    );

  const connect = make(queues.connect.name, queues.connect.prefix, fleetWide, 1_000);
  const relay = make(queues.relay.name, queues.relay.prefix, fleetWide, 1_000);
  const turns = make(queues.turns.name, queues.turns.prefix, fleetWide, 1_000);
  const replays = make(queues.replays.name, queues.replays.prefix, fleetWide, 1_000);

  const kept = new Map<string, Queue>();
  const ofInstance = (instance: string, name: string): Queue => {
    const id = `${instance}/${name}`;
    const known = kept.get(id);
    if (known) {
      kept.delete(id);
      kept.set(id, known); // newest last
      return known;
    }
    const queue = make(name, instanceKeys.queuePrefix(instance), laneJobOptions, keptLaneEvents);
    kept.set(id, queue);
    const oldest = kept.keys().next();
    if (kept.size > keptQueues && !oldest.done) kept.delete(oldest.value);
    return queue;
  };

  /** Adds to a queue; rejects if replicas do not have it in time. Adding once more is safe. */
  const lastingly = async (prefix: string, add: () => Promise<unknown>) => {
    const unconfirmed = await confirmations?.begin(prefix);
    await add();
    await unconfirmed?.confirm();
  };

  const requestConnect = async (instance: string, reason: ConnectJob['reason']) => {
    // A takeover is never merged with an earlier request: that one may be in the hands of the very worker that died,
    // and would come back only when its lock has run out. Doing it twice costs a look at who owns the instance.
    // keepLastIfActive: a request that comes while the last one is being worked on is not lost, but works afterwards.
    const deduplication = reason === 'takeover' ? undefined : { id: instance, keepLastIfActive: true };
    await lastingly(queues.connect.prefix, () =>
      connect.add('connect', { instance, reason } satisfies ConnectJob, { deduplication }),
    );
  };

  /** Those of a round of the event loop are marked together. */
  const markPending = gatherCalls<string, unknown>((instances) => {
    const now = fleetNow();
    const marked = connection.zadd(fleetKeys.pending, 'LT', ...[...new Set(instances)].flatMap((one) => [now, one]));
    return instances.map(() => marked);
  });

  /** Puts instances on their owners' wake lists: those of a round of the event loop together, each once. */
  const wake = gatherCalls<{ owner: string; instance: string }, unknown>((asked) => {
    const told = new Map<string, Promise<unknown>>();
    for (const { owner } of asked) {
      if (told.has(owner)) continue;
      const list = workerKeys.wake(owner);
      const instances = new Set(asked.filter((one) => one.owner === owner).map(({ instance }) => instance));
      // A dead owner's list is read by nobody; whoever takes over looks at the queues first of all.
      const pushed = connection.rpush(list, ...instances);
      told.set(owner, Promise.all([pushed, connection.expire(list, wakeListTtlSeconds)]));
    }
    return asked.map(({ owner }) => told.get(owner));
  });

  /**
   * Tells the owner to look at the instance's queues, or asks for an owner where there is none.
   * @param owner if whoever asks has just seen who it is
   */
  const rouse = async (instance: string, reason: ConnectJob['reason'] = 'control', owner?: string) => {
    const holder = owner ?? (await connection.hget(instanceKeys.ownership(instance), 'owner'));
    if (!holder) return requestConnect(instance, reason);
    await wake({ owner: holder, instance });
  };

  return {
    /** Marks an instance that has got commands: the sweep finds it by that if the wake-up gets lost. */
    markPending,
    /** Queues a control job, which waits behind no message. */
    async addControl(instance: string, job: ControlJob) {
      await markPending(instance);
      await ofInstance(instance, queues.control).add(job.name, job);
    },
    /**
     * Queues a request to the open connection. Adding the same request id again changes nothing while it waits or is
     * worked on. Afterwards it is queued anew: the first try may have ended without an answer.
     */
    async addRequest(instance: string, job: RequestJob) {
      await ofInstance(instance, queues.requests).add(job.name, job, { jobId: job.requestId, removeOnComplete: true });
    },
    rouse,
    requestConnect,
    /** Asks for an owner when a ban is over (Unix ms). Not merged with other requests: those do not wait. */
    async requestConnectAt(instance: string, time: number) {
      const job: ConnectJob = { instance, reason: 'ban-over' };
      await connect.add('connect', job, { delay: Math.max(0, time - Date.now()) });
    },
    /**
     * Asks for the instance's new events to be put into webhook mailboxes: a note, because most events come alone and a
     * job would cost more than to relay them.
     */
    async nudgeRelay({ instance, tenant }: Omit<RelayJob, 'endpoint'>) {
      await lastingly(fleetKeys.news, () => noteRelay(connection, { instance, tenant }));
    },
    /** The same as a job, for what takes longer. @param delayMs after which it shall begin */
    async addRelay(job: RelayJob, delayMs?: number) {
      const id = job.endpoint === undefined ? job.instance : `${job.instance}.${job.endpoint}`;
      await lastingly(queues.relay.prefix, () =>
        relay.add('relay', job, { delay: delayMs, deduplication: { id, keepLastIfActive: true } }),
      );
    },
    /** Asks for a turn of each of these endpoints. */
    async addTurns(jobs: readonly TurnJob[]) {
      if (jobs.length === 0) return;
      const added = jobs.map(({ endpoint, tenant }) => ({
        name: 'turn',
        data: { endpoint, tenant } satisfies TurnJob,
        opts: { deduplication: { id: endpoint, keepLastIfActive: true } },
      }));
      await lastingly(queues.turns.prefix, () => turns.addBulk(added));
    },
    /**
     * Asks for a turn after so many ms. The last to ask decides when: whoever asks has seen all that waits.
     * A job of its own, because a turn that somebody asks for meanwhile must not wait.
     */
    async addTurnLater({ endpoint, tenant }: TurnJob, delayMs: number) {
      await turns.add('later', { endpoint, tenant } satisfies TurnJob, {
        delay: delayMs,
        deduplication: { id: `${endpoint}.later`, keepLastIfActive: true, replace: true },
      });
    },
    /** Asks for a replay to be carried on; nothing happens while it is. */
    async addReplay(job: ReplayJob) {
      await replays.add('replay', job, { deduplication: { id: job.replay } });
    },
    /** The queues that an operator looks into: the fleet's, or one instance's. */
    forBoard: (instance?: string): Queue[] =>
      instance === undefined
        ? [connect, relay, turns, replays]
        : [queues.commands, queues.requests, queues.control].map((name) => ofInstance(instance, name)),
    /**
     * How long the oldest job of each of the fleet's queues has been there (ms), for metrics: of those that wait (for
     * relaying, notes as well) or are worked on, and of those that come again later. Looks at twenty jobs of each state at most: those that are next, and
     * of those that come again the ones with the longest waits, which have been there longest.
     */
    async ages() {
      const now = Date.now();
      const ageOf = async ({ name, prefix }: { name: string; prefix: string }): Promise<Record<string, number>> => {
        const key = (rest: string) => `${prefix}:${name}:${rest}`;
        const oldest = async (ids: readonly string[]) => {
          const added = await Promise.all(ids.map((id) => connection.hget(key(id), 'timestamp')));
          return Math.max(0, ...added.map((at) => (at === null ? 0 : now - Number(at))));
        };
        const [waiting, active, delayed] = await Promise.all([
          connection.lrange(key('wait'), -20, -1),
          connection.lrange(key('active'), -20, -1),
          connection.zrevrange(key('delayed'), 0, 19),
        ]);
        return { waiting: await oldest([...waiting, ...active]), delayed: await oldest(delayed) };
      };
      const [{ oldestMs }, connects, relays, turnAges] = await Promise.all([
        countRelayNotes(connection),
        ...([queues.connect, queues.relay, queues.turns] as const).map(ageOf),
      ]);
      const noted = Math.max(oldestMs, relays?.waiting ?? 0);
      return { connect: connects, relay: { ...relays, waiting: noted }, turns: turnAges };
    },
    /** Jobs by state, for metrics; notes of what is to be relayed count among its jobs. */
    async counts() {
      const [notes, connects, relays, turnCounts, replayCounts] = await Promise.all([
        countRelayNotes(connection),
        ...[connect, relay, turns, replays].map((queue) =>
          queue.getJobCounts('waiting', 'active', 'delayed', 'failed'),
        ),
      ]);
      const noted: Record<string, number> = { ...relays };
      noted.waiting = (noted.waiting ?? 0) + notes.waiting;
      noted.active = (noted.active ?? 0) + notes.taken;
      return { connect: connects, relay: noted, turns: turnCounts, replays: replayCounts };
    },
  };
}
