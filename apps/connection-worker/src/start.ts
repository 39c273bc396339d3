import { createKeyCache, createSharedCache, repairCurve, repairKeys, repairLibsignal } from '@flotilla/auth-state';
import { type ConnectJob, fleetKeys, replicationMark } from '@flotilla/contracts';
import { askAgainMs, createReaper, createWorkerLease, newIncarnation, pace, sampleWorkers } from '@flotilla/lease';
import { openConverter, openMedia } from '@flotilla/media';
import { createQueues, sharedBackend, startWorker } from '@flotilla/queue';
import { connectRedis, createConfirmations, ready, startFleetClock } from '@flotilla/redis';
import { createKeyRing } from '@flotilla/seal';
import {
  type Closer,
  countConfirmations,
  createFaultPoints,
  type Logger,
  operationsServer,
  type Registry,
  replicasToWaitFor,
  type Watchdog,
  type WatchedLoop,
} from '@flotilla/service';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { atMost } from './bounded-cache.ts';
import { createLinkPreviews } from './commands/link-preview.ts';
import type { Config } from './config.ts';
import { openSocket, type SocketContext } from './connection/socket.ts';
import { createStoredAuth } from './connection/stored-auth.ts';
import type { WorkerFaultPoints } from './fault-points.ts';
import { keepBalance } from './fleet/balance.ts';
import { createConnectBudget } from './fleet/connect-budget.ts';
import { createHandover } from './fleet/handover.ts';
import { sweepPending } from './fleet/sweep.ts';
import { createTakeover } from './fleet/takeover.ts';
import { trimHistories } from './fleet/trim-histories.ts';
import { readWakeList } from './fleet/wake.ts';
import { createWebVersion } from './fleet/web-version.ts';
import { createLoginGarbage } from './login-garbage.ts';
import { declareLoops } from './loops.ts';
import { createDownloads } from './media/download.ts';
import { createFairSlots } from './media/fair-slots.ts';
import { Worker } from './worker.ts';
import { createWorkerMetrics, registerGauges } from './worker-metrics.ts';

export interface StartOptions {
  config: Config;
  log: Logger;
  closer: Closer;
  metrics: Registry;
  watchdog: Watchdog;
  /** Where other workers reach this one. */
  advertisedHost: string;
  /** `NODE_ENV`. */
  environment: string | undefined;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** Memory for Signal keys of all instances together (bytes): the busy ones use what the idle ones do not need. */
const keyCacheBytes = 256 * 1024 * 1024;
/** How long a drain may take (ms): below the 55 s that the orchestrator gives. */
const drainMs = 45_000;

/** Files of messages that are downloaded side by side, for all instances together. */
const downloadsAtATime = 8;

/** Begins to watch a loop that goes on until the process ends. @returns to be called with each round */
const rounds = (loop: WatchedLoop) => loop.begin().progress;

/** Whether a server is WhatsApp itself, not a simulator. */
const isWhatsApp = (url: string) => new URL(url).hostname === 'web.whatsapp.com';

/** Starts a connection worker: port first, then the lease, then the first instance. Adds to `closer` what it opens. */
export async function startConnectionWorker(options: StartOptions): Promise<void> {
  const { config, log, closer, metrics, watchdog, advertisedHost, environment, exit } = options;
  repairLibsignal();
  repairCurve();
  repairKeys();
  if (config.WHATSAPP_ROOT_KEY) WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(config.WHATSAPP_ROOT_KEY, 'hex');
  const faults: WorkerFaultPoints = createFaultPoints(config.FAULT_POINTS, environment);
  const keyRing = createKeyRing(config.ENCRYPTION_KEYS);

  const redis = connectRedis(config.REDIS_URL, { name: 'connection-worker', manner: 'prompt' });
  closer.add('redis', () => redis.disconnect());
  const blocking = connectRedis(config.REDIS_URL, { name: 'connection-worker-jobs', manner: 'patient' });
  closer.add('redis for jobs', () => blocking.disconnect());
  const waking = connectRedis(config.REDIS_URL, { name: 'connection-worker-wake', manner: 'patient' });
  closer.add('redis for wake-ups', () => waking.disconnect());
  const confirming = connectRedis(config.REDIS_URL, { name: 'connection-worker-replicas', manner: 'prompt' });
  closer.add('redis for replicas', () => confirming.disconnect());
  await ready(redis, 60_000);
  await ready(confirming, 60_000);

  startFleetClock(redis, closer.signal);

  const incarnation = newIncarnation();
  let isReady = () => false;
  const server = await operationsServer({
    host: config.HOST,
    port: config.PORT,
    metrics,
    ready: () => ({ ok: isReady(), details: { incarnation } }),
    routes: { '/incarnation': () => ({ incarnation }) },
  });
  closer.add('operations server', () => server.close());

  const loops = declareLoops(watchdog);
  const counts = createWorkerMetrics(metrics);
  const renewals = loops.renewal.begin();
  const lease = createWorkerLease({
    redis,
    incarnation,
    address: `${advertisedHost}:${server.port}`,
    capacity: config.CAPACITY,
    log,
    onRound: () => renewals.progress(),
    onChange: (state) => {
      if (state === 'expired' && !faults.off('guard-off-deadline')) worker.suspend();
      if (state === 'held') worker.resume();
      if (state === 'lost') {
        // Everything here belongs to others now. A new process is a new incarnation with nothing to forget.
        worker.lose();
        log.fatal({ incarnation }, 'lease.lost');
        exit(1);
      }
    },
  });
  const mayWork = () => lease.held() || faults.off('guard-off-deadline');

  const confirmations = createConfirmations(confirming, {
    markOf: replicationMark,
    replicas: replicasToWaitFor(config.REDIS_WAIT_REPLICAS),
    onOutcome: countConfirmations(metrics),
  });
  const queues = createQueues({ connection: redis, confirmations });
  const webVersion = createWebVersion({
    redis,
    pinned: config.WHATSAPP_VERSION,
    mayFetch: isWhatsApp(config.WHATSAPP_URL),
  });
  const numbers = new LRUCache<string, true>({ ...atMost(100_000), ttl: 86_400_000 });
  const media = openMedia(config, redis);
  closer.add('media', () => media.close());
  const previews = createLinkPreviews(config.MEDIA_ALLOW_CIDRS);
  closer.add('link previews', () => previews.close());
  const downloads = createDownloads({
    allowedCidrs: config.MEDIA_ALLOW_CIDRS,
    isWhatsApp: isWhatsApp(config.WHATSAPP_URL),
  });
  closer.add('downloads', () => downloads.close());
  const socketContext: SocketContext = {
    redis,
    url: config.WHATSAPP_URL,
    keyRing,
    keyCache: createKeyCache({ maxBytes: keyCacheBytes }),
    shared: {
      retryCounters: createSharedCache({ max: 100_000, lifetimeMs: 3_600_000 }),
      callOffers: createSharedCache({ max: 10_000, lifetimeMs: 300_000 }),
      placeholders: createSharedCache({ max: 100_000, lifetimeMs: 3_600_000 }),
    },
    knownNumbers: { has: (key) => numbers.has(key), add: (key) => void numbers.set(key, true) },
    faults,
    media,
    fetching: { media, downloads, slots: createFairSlots(downloadsAtATime) },
    largestFile: config.MEDIA_MAX_FILE_BYTES,
    converter: openConverter(config),
    previews,
    version: () => webVersion.current(),
    mayWork,
  };
  const takeLogin = createConnectBudget(redis, config.LOGINS_PER_SECOND);
  const noteLogin = createLoginGarbage({ held: () => worker.holdings.size, log });
  const worker = new Worker({
    redis,
    lease,
    incarnation,
    capacity: config.CAPACITY,
    faults,
    log,
    context: {
      redis,
      queues,
      confirmations,
      laneBackend: sharedBackend(redis),
      log,
      metrics: counts,
      loops,
      historyBounds: { days: config.HISTORY_DAYS, messages: config.HISTORY_MESSAGES },
      takeLogin: async () => {
        const askedAt = performance.now();
        const ms = await takeLogin();
        noteLogin();
        counts.loginWaits.observe((performance.now() - askedAt + ms) / 1_000);
        return ms;
      },
      refuseVersion: () => webVersion.refuse(),
      faults,
      storedAuth: createStoredAuth(socketContext),
      openSocket: (holding, onUpdate) => openSocket(socketContext, holding, onUpdate),
    },
  });
  registerGauges(metrics, worker, lease);

  await lease.start();
  closer.add('lease', () => lease.end());
  const takeover = createTakeover({ redis, queues });
  const reaper = createReaper({
    redis,
    lease,
    log,
    ...takeover,
    onRound: rounds(loops.reaper),
    onDead: async (dead, instances) => {
      log.info({ dead, instances: instances.length }, 'worker.reaped');
      await takeover.onDead(dead, instances);
    },
  });
  reaper.start();
  closer.add('reaper', () => reaper.stop());
  await reaper.sameAddress(`${advertisedHost}:${server.port}`);

  const take = async (instance: string) => {
    const outcome = await worker.take(instance);
    log.debug({ instance, outcome }, 'instance.take');
    return outcome;
  };
  closer.add('instances', () => worker.drain(), { timeoutMs: drainMs });
  const attend = (instance: string) =>
    void take(instance).catch((error: unknown) => log.warn({ err: error, instance }, 'wake.failed'));
  closer.add('wake list', () => waking.disconnect());
  void readWakeList(waking, incarnation, attend, closer.signal, rounds(loops.wake));
  const takeOrRouse = async (instance: string) => {
    if ((await take(instance)) === 'other-owner') await queues.rouse(instance);
  };
  void sweepPending(redis, takeOrRouse, closer.signal, log, rounds(loops.sweep));
  void trimHistories({
    holdings: () => worker.holdings.values(),
    mayWork: () => lease.held(),
    signal: closer.signal,
    log,
    onRound: rounds(loops.historyTrim),
  });
  void keepBalance({
    workers: () => redis.zcard(fleetKeys.workers),
    peers: () => sampleWorkers(redis),
    loginsPerSecond: config.LOGINS_PER_SECOND,
    handover: () => createHandover(redis, queues),
    worker,
    incarnation,
    capacity: config.CAPACITY,
    log,
    signal: closer.signal,
    onRound: rounds(loops.balance),
  });
  const connects = startWorker<ConnectJob>({
    queue: 'connect',
    connection: blocking,
    concurrency: pace.connectsAtATime,
    onRound: rounds(loops.connectQueue),
    onError: (error) => log.debug({ err: error }, 'connect-queue.error'),
    handler: async ({ data: { instance }, waitedMs }, { delay }) => {
      const outcome = await take(instance);
      if (outcome === 'other-owner') await queues.rouse(instance);
      // Somebody else may have room.
      if (outcome === 'full' || outcome === 'refused') await delay(askAgainMs(waitedMs));
    },
  });
  closer.add('connect queue', () => connects.close(5_000));
  closer.add('draining mark', () => lease.setDraining());
  isReady = () => lease.held();
  log.info({ incarnation, port: server.port, capacity: config.CAPACITY }, 'worker.ready');
}
