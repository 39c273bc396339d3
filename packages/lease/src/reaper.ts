import { fleetKeys } from '@flotilla/contracts';
import { fleetNow, type Redis } from '@flotilla/redis';
import type { Log } from './log.ts';
import { beginTakeover, declareDead, forgetWorker, heldBy, readLease, workersAt } from './membership.ts';
import { pace } from './pace.ts';
import { pause } from './pause.ts';
import { suspectsToExamine } from './placement.ts';
import { probe, speaksFor } from './probe.ts';
import type { WorkerLease } from './worker-lease.ts';

export interface ReaperOptions {
  redis: Redis;
  /** The lease of this process: it never declares itself, and does nothing while the lease is not held. */
  lease: WorkerLease;
  /** ms between scans. @default 500 */
  scanEveryMs?: number;
  /** ms without a renewal after which a worker is probed. @default 2500 */
  suspectAfterMs?: number;
  /**
   * Takes over what a dead worker held. May be called again for the same worker, here or in another process at the same
   * time: `claim` decides who gets what. It does not wait for owners, since the next scan waits for it. If it rejects, the
   * worker stays listed and the next scan calls it again.
   * @param instances what the worker held or was about to claim; some may belong to others or nobody
   */
  onDead(incarnation: string, instances: string[]): Promise<void>;
  /**
   * Resolves when what `onDead` has begun needs nobody any more that looks after it; no scan waits for that. Until then
   * the worker stays listed, so that another reaper goes on if this one dies.
   * @param stillAtIt has the others stand back for so long (ms) and a little longer; call it before waiting
   */
  settle?(
    incarnation: string,
    instances: string[],
    tools: { stillAtIt(ms: number): Promise<unknown>; signal: AbortSignal },
  ): Promise<void>;
  /** Called each time the scans come round, whatever came of it: for whoever watches that they do. */
  onRound?: () => void;
  log: Log;
}

export interface Reaper {
  start(): void;
  /** Resolves when no scan runs any more. What has not settled is left to others. */
  stop(): Promise<void>;
  /**
   * Takes over at once from earlier incarnations that advertise an address which this process has just bound itself:
   * two processes cannot have it, so they are dead.
   * @param address host:port as this worker's own lease advertises it
   * @returns the incarnations found dead
   */
  sameAddress(address: string): Promise<string[]>;
}

/** Watches the other workers, declares the dead ones dead, and hands what they held to `onDead`. */
export function createReaper({
  redis,
  lease,
  scanEveryMs = pace.scanEveryMs,
  suspectAfterMs = pace.suspectAfterMs,
  onDead,
  settle = async () => {},
  onRound = () => {},
  log,
}: ReaperOptions): Reaper {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  /** Dead workers whose instances were asked for here, and may have no owners yet. */
  const settling = new Map<string, Promise<void>>();

  async function takeOver(incarnation: string): Promise<void> {
    const mayBegin = (aloneMs: number) => beginTakeover(redis, incarnation, { reaper: lease.incarnation, aloneMs });
    // Hundreds of survivors that each ask for owners of all instances would be a flood.
    if (settling.has(incarnation) || !(await mayBegin(pace.reaperAloneMs))) return;
    const standDown = () => mayBegin(0).catch(() => {});
    try {
      const instances = await heldBy(redis, incarnation);
      log.warn({ incarnation, instances: instances.length }, 'worker.dead');
      await onDead(incarnation, instances);
      const tools = { stillAtIt: (ms: number) => mayBegin(ms + pace.reaperAloneMs), signal: stopped.signal };
      const settled = settle(incarnation, instances, tools)
        .then(() => forgetWorker(redis, incarnation))
        .catch(async (error) => {
          if (!stopped.signal.aborted) log.warn({ incarnation, err: error }, 'worker.takeover_failed');
          await standDown();
        })
        .finally(() => settling.delete(incarnation));
      settling.set(incarnation, settled);
    } catch (error) {
      await standDown();
      throw error;
    }
  }

  async function examine(incarnation: string): Promise<void> {
    const { now, fields } = await readLease(redis, incarnation);
    const address = fields.get('address') ?? '';
    // One that has run out needs no proof: where nothing answers, a probe takes as long as it may.
    const open = Number(fields.get('exp') ?? 0) > now && !fields.has('dead');
    // Who answers at our own address are we ourselves: whoever advertises the same one may live elsewhere.
    const proof = open && address !== lease.address && (await probe(address, incarnation)) === 'dead';
    if (stopped.signal.aborted || !lease.held()) return;
    if (await declareDead(redis, incarnation, { proof })) await takeOver(incarnation);
  }

  async function scan(): Promise<void> {
    if (!lease.held()) return;
    // Only a hint for whom to examine, so no script is needed that asks Redis for its time.
    const silent = await redis.zrangebyscore(fleetKeys.workers, '-inf', fleetNow() - suspectAfterMs);
    const others = silent.filter((incarnation) => incarnation !== lease.incarnation);
    if (others.length === 0) return;
    const queue = suspectsToExamine(others, await redis.zcard(fleetKeys.workers));
    const examineNext = async () => {
      for (let next = queue.shift(); next !== undefined && !stopped.signal.aborted; next = queue.shift()) {
        try {
          await examine(next);
        } catch (error) {
          log.warn({ incarnation: next, err: error }, 'worker.takeover_failed');
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(pace.probesAtATime, queue.length) }, examineNext));
  }

  async function scanForEver(): Promise<void> {
    while (!stopped.signal.aborted) {
      const startedAt = performance.now();
      onRound();
      await scan().catch((error) => log.warn({ err: error }, 'worker.scan_failed'));
      await pause(startedAt + scanEveryMs - performance.now(), stopped.signal);
    }
  }

  return {
    start() {
      running ??= scanForEver();
    },
    async stop() {
      stopped.abort();
      await running;
      await Promise.all(settling.values());
    },
    async sameAddress(address) {
      const predecessors = (await workersAt(redis, address)).filter(
        (incarnation) => incarnation !== lease.incarnation && speaksFor(address, incarnation),
      );
      // Two that were given the same address by mistake are both alive: the port that answers there is only one's own.
      const isOurs = predecessors.length > 0 && (await probe(address, lease.incarnation)) === 'alive';
      if (predecessors.length > 0 && !isOurs) log.warn({ address }, 'worker.address-shared');
      for (const incarnation of isOurs ? predecessors : []) {
        await declareDead(redis, incarnation, { proof: true });
        // Declared and listed: a scan tries again.
        await takeOver(incarnation).catch((error) => log.warn({ incarnation, err: error }, 'worker.takeover_failed'));
      }
      return isOurs ? predecessors : [];
    },
  };
}
