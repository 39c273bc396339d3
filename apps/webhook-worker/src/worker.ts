import type { RelayJob, ReplayJob, TurnJob } from '@flotilla/contracts';
import { createInstances } from '@flotilla/instance';
import { createQueues, openRelayNotes, startWorker } from '@flotilla/queue';
import { type Confirmations, type Redis, startFleetClock } from '@flotilla/redis';
import type { AddressPolicy } from '@flotilla/safe-fetch';
import type { KeyRing } from '@flotilla/seal';
import type { Closer, Logger, Registry, Watchdog } from '@flotilla/service';
import { createEndpointMetrics, createPoster, type DeliveryLimits, type RetrySchedule } from '@flotilla/webhook';
import { createBulkLane } from './bulk-lane.ts';
import { createBulkPace } from './bulk-pace.ts';
import { createEndpointCache } from './endpoint-cache.ts';
import type { WebhookFaultPoints } from './fault-points.ts';
import { createFormatContexts } from './format-contexts.ts';
import { declareLoops } from './loops.ts';
import { startNotedRelays } from './noted-relays.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { createOwedTurns } from './owed-turns.ts';
import { createOwnTurns } from './own-turns.ts';
import { relay } from './relay.ts';
import { replayStep } from './replay.ts';
import { createSlots } from './slots.ts';
import { Turns } from './turn.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

/** How long a job and a place in flight outlive a worker that died (ms). */
const lockDurationMs = 10_000;

/** How long a stopping worker lets requests finish (ms). */
const patienceMs = 20_000;

/**
 * Turns that a worker has under way for each of its slots: of many endpoints with little to do, or whose answers take
 * long, none shall wait for another's turn to end.
 */
const turnsPerSlot = 5;

/** Instances whose events are read at a time, and how many more wait here for their tenant's turn. */
const relaysAtOnce = 8;
const mostRelays = 100;

/** After something unexpected a job comes again after so long (ms): its work still waits. */
const unexpectedPauseMs = 5_000;

export interface WebhookWorkerOptions {
  /** A `patient` connection. */
  redis: Redis;
  /** Where replicas are asked whether they have what was handed on. Without it nobody is asked. */
  confirmations?: Confirmations;
  keyRing: KeyRing;
  schedule: RetrySchedule;
  timeoutMs: number;
  concurrency: number;
  endpointConcurrency: number;
  /** An endpoint that fails for so long without a success is switched off (ms). */
  disableAfterMs: number;
  addresses: AddressPolicy;
  /** Where the gateway is reached from outside, if that is known. */
  publicUrl?: string;
  /** Where a test lets it die. */
  faults?: WebhookFaultPoints;
  log: Logger;
  metrics: Registry;
  watchdog: Watchdog;
  closer: Closer;
}

/** How endpoints are treated under a schedule. */
function limitsFor(
  schedule: RetrySchedule,
  {
    timeoutMs,
    endpointConcurrency,
    disableAfterMs,
  }: Pick<WebhookWorkerOptions, 'timeoutMs' | 'endpointConcurrency' | 'disableAfterMs'>,
): DeliveryLimits {
  return {
    maxInFlight: endpointConcurrency,
    placeMs: lockDurationMs,
    attemptMs: timeoutMs,
    lifetimeMs: schedule.lifetimeMs,
    breakerFailures: 10,
    // 30 s, doubling up to 5 min; shorter with a schedule whose longest step is.
    breakerOpenMs: schedule.pauseMs / 2,
    breakerMaxOpenMs: schedule.pauseMs * 5,
    failingAfter: 4,
    quietMs: 3_600_000,
    disableAfterMs,
  };
}

/** Starts to relay events and to deliver them; what was opened is added to `closer`. */
export function startWebhookWorker(options: WebhookWorkerOptions): void {
  const { redis, confirmations, keyRing, schedule, timeoutMs, concurrency, log, closer } = options;
  const loops = declareLoops(options.watchdog, timeoutMs);
  startFleetClock(redis, closer.signal);
  const queues = createQueues({ connection: redis, confirmations });
  // The cap is per endpoint; endpoints of different tenants on one host must not wait for each other.
  const poster = createPoster({ policy: options.addresses, connections: concurrency, timeoutMs });
  closer.add('connections to endpoints', () => poster.close());
  const stats = createEndpointMetrics({
    redis,
    onError: (error) => log.warn({ cause: error.message }, 'stats.not-written'),
  });
  closer.add('statistics of endpoints', () => stats.close());

  const pace = createBulkPace();
  closer.add('pace', () => pace.stop());

  const cache = createEndpointCache({ redis, keyRing });
  const parts = {
    redis,
    queues,
    confirmations,
    schedule,
    limits: limitsFor(schedule, options),
    openEndpoint: cache.open,
    formatContext: createFormatContexts(createInstances(redis), { keyRing, publicUrl: options.publicUrl }),
    poster,
    slots: createSlots(concurrency),
    pace,
    metrics: createWorkerMetrics(options.metrics, queues),
    stats,
    nudgeRelay: queues.nudgeRelay,
    log,
    stopping: closer.signal,
    faults: options.faults,
  };

  const running = new Turns(parts);

  /** Runs a job; what it did not foresee is logged once and tried again later, for ever: its work is still there. */
  const patiently = async (
    work: () => Promise<number | undefined>,
    fields: object,
    signal: AbortSignal,
  ): Promise<number | undefined> => {
    try {
      return await work();
    } catch (error) {
      // Cut off because this worker has to end: another one goes on.
      if (signal.aborted) return 0;
      log.error({ err: error, ...fields }, 'job.failed');
      return unexpectedPauseMs;
    }
  };
  /** Takes a turn, and sees to it that there is another one if this one could not do its work. */
  const takeTurn = async (job: TurnJob, signal: AbortSignal, mostMs?: number) => {
    const work = async () => {
      await loops.turn.during(() => running.take(job, signal, mostMs));
      return undefined;
    };
    const wait = await patiently(work, job, signal);
    // Not by delaying its job: somebody may have asked for the next turn meanwhile, who shall not wait.
    if (wait === 0) await queues.addTurns([job]);
    else if (wait !== undefined) await queues.addTurnLater(job, wait);
  };
  const owed = createOwedTurns({
    redis,
    addTurns: queues.addTurns,
    confirmations,
    isUnderWay: (endpoint) => ownTurns.has(endpoint),
    onError: (error) => log.warn({ err: error }, 'owed-turns.failed'),
  });
  const ownTurns = createOwnTurns({
    take: takeTurn,
    poke: (endpoint) => running.poke(endpoint),
    owed,
    most: concurrency,
    stopping: closer.signal,
  });
  closer.add('owed turns', () => owed.close());
  const shared = {
    connection: redis,
    lockDurationMs,
    onError: (error: Error) => log.warn({ err: error }, 'queue.error'),
  };

  const turns = startWorker<TurnJob>({
    ...shared,
    queue: 'turns',
    concurrency: concurrency * turnsPerSlot,
    onRound: loops.turnsQueue.begin().progress,
    handler: async ({ name, data }, { signal }) => {
      // What was to wait has waited: a turn is due, unless there is one anyway.
      if (name === 'later') return queues.addTurns([data]);
      await takeTurn(data, signal);
    },
  });
  closer.add('turns', () => Promise.all([turns.close(patienceMs), ownTurns.close(patienceMs)]), {
    timeoutMs: patienceMs + 5_000,
  });

  const onRelayed = (occurredAt: number) =>
    parts.metrics.relayDelay.observe(Math.max(0, Date.now() - occurredAt) / 1_000);
  const inTurn = createBulkLane(createSlots(relaysAtOnce));
  const relayParts = { ...parts, onRelayed, attend: ownTurns.attend, onEndpoint: cache.note, inTurn };
  const once = oneAtATime();
  const relayOne = (job: RelayJob, isJob: boolean): Promise<undefined> =>
    loops.relay.during(async () => {
      const work = () => relay(relayParts, job, { isJob });
      await (job.endpoint === undefined ? once(job.instance, work) : work());
      return undefined;
    });
  const relays = startWorker<RelayJob>({
    ...shared,
    queue: 'relay',
    concurrency: mostRelays,
    onRound: loops.relayQueue.begin().progress,
    handler: async ({ data }, { signal, delay }) => {
      const wait = await patiently(() => relayOne(data, true), data, signal);
      if (wait !== undefined) await delay(wait);
    },
  });
  closer.add('relay', () => relays.close(5_000));
  const notedRelays = startNotedRelays({
    notes: openRelayNotes(redis),
    relay: async (job) => {
      const wait = await patiently(() => relayOne(job, false), job, closer.signal);
      // As a job, so that whoever looks into the queue sees it.
      if (wait !== undefined) await queues.addRelay(job, wait);
    },
    most: mostRelays,
    onRound: loops.relayNotes.begin().progress,
    onError: (error) => log.warn({ err: error }, 'relay-notes.failed'),
  });
  closer.add('noted relays', () => notedRelays.close(), { timeoutMs: 5_000 });

  const replays = startWorker<ReplayJob>({
    ...shared,
    queue: 'replays',
    concurrency: 10,
    handler: async ({ data }, { signal, delay }) => {
      const step = () =>
        replayStep(
          {
            redis,
            addTurns: queues.addTurns,
            onEnd: ({ state, ...replay }) => {
              parts.metrics.replaysEnded.inc({ state });
              log.info({ ...replay, state }, 'replay.ended');
            },
          },
          data,
        );
      const wait = await patiently(() => loops.replay.during(step), data, signal);
      if (wait !== undefined) await delay(wait);
    },
  });
  closer.add('replays', () => replays.close(5_000));
}
