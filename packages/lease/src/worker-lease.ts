import { fleetKeys, workerKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { LeaseLostError } from './errors.ts';
import type { Log } from './log.ts';
import { tombstoneMs } from './membership.ts';
import { pace } from './pace.ts';
import { pause } from './pause.ts';

/**
 * - `starting`: not registered yet.
 * - `held`: the last accepted renewal is younger than the local deadline.
 * - `expired`: the deadline has passed. Every socket is closed, renewals are still tried: `held` again if one is
 *   accepted, because then nobody has declared this incarnation dead.
 * - `lost`: Redis says that this incarnation is dead. Final: only a new process with a new incarnation can go on.
 * - `ended`: given up by this process. Final.
 */
export type LeaseState = 'starting' | 'held' | 'expired' | 'lost' | 'ended';

export interface WorkerLeaseOptions {
  /** A connection of the `prompt` manner: its commands fail while Redis is away instead of piling up. */
  redis: Redis;
  /** From `newIncarnation`. */
  incarnation: string;
  /** host:port where this process already answers `GET /incarnation`; peers take a refused connection as its death. */
  address: string;
  /** Instances that this worker can hold. */
  capacity: number;
  /** ms that a renewal is good for, on Redis' clock. @default 12000 */
  ttlMs?: number;
  /** ms between renewals. @default 1000 */
  renewEveryMs?: number;
  /** ms that a renewal is good for, on this process's clock, counted from when it was sent. @default 9000 */
  deadlineMs?: number;
  log: Log;
  /**
   * Called with each change of state, in the same turn of the event loop in which it is noticed. On `expired` and `lost`
   * it closes every socket before it returns.
   */
  onChange?: (state: LeaseState, previous: LeaseState) => void;
  /** Called each time the renewals come round, whatever came of it: for whoever watches that they do. */
  onRound?: () => void;
}

export interface WorkerLease {
  readonly incarnation: string;
  readonly address: string;
  readonly state: LeaseState;
  /**
   * Registers and begins to renew.
   * @throws {LeaseLostError} when the incarnation exists already. After any failure: a new lease with a new incarnation.
   */
  start(): Promise<void>;
  /** Whether this worker may send, write and publish at this very moment. Needs no timer, so it is right after a freeze. */
  held(): boolean;
  /** @throws {LeaseLostError} unless `held()` */
  assertHeld(): void;
  /** ms until the local deadline; 0 when it has passed or the lease is not held. */
  remainingMs(): number;
  /** How many instances this worker holds, for its peers; told with the next renewal. */
  setLoad(instances: number): void;
  /** Tells the peers that this worker is closing; renews at once. */
  setDraining(): void;
  /**
   * Gives the lease up, after every socket is closed and every instance released. What is still marked as held is left
   * to the other workers. Repeating it does no harm.
   */
  end(): Promise<void>;
}

const registerScript = defineScript(new URL('./lua/register.lua', import.meta.url));
const renewScript = defineScript(new URL('./lua/renew.lua', import.meta.url));
const endScript = defineScript(new URL('./lua/end.lua', import.meta.url));

/**
 * The lease of one worker process: its right to exist in the fleet, which every ownership rests on.
 * @throws {RangeError} when the local deadline would not come before the expiry
 */
export function createWorkerLease({
  redis,
  incarnation,
  address,
  capacity,
  ttlMs = pace.leaseTtlMs,
  renewEveryMs = pace.renewEveryMs,
  deadlineMs = pace.deadlineMs,
  log,
  onChange = () => {},
  onRound = () => {},
}: WorkerLeaseOptions): WorkerLease {
  if (deadlineMs >= ttlMs || renewEveryMs >= deadlineMs) {
    throw new RangeError('A lease needs renewEveryMs < deadlineMs < ttlMs');
  }
  const leaseKey = workerKeys.lease(incarnation);
  let state: LeaseState = 'starting';
  /** When the last accepted renewal was sent, by performance.now(). */
  let renewedAt = Number.NEGATIVE_INFINITY;
  let deadlineTimer: NodeJS.Timeout | undefined;
  let load = 0;
  let draining = false;
  let registered = false;
  /** Cuts the wait for the next renewal short. */
  let waiting = new AbortController();
  let ending: Promise<void> | undefined;

  const leftMs = () => renewedAt + deadlineMs - performance.now();
  const isFinal = () => state === 'lost' || state === 'ended';
  const held = () => state === 'held' && leftMs() > 0;

  function become(next: LeaseState): void {
    const previous = state;
    if (next === previous || isFinal()) return;
    state = next;
    if (isFinal()) {
      clearTimeout(deadlineTimer);
      waiting.abort();
    }
    log[next === 'expired' || next === 'lost' ? 'warn' : 'info']({ incarnation, state, previous }, 'lease.changed');
    try {
      onChange(next, previous);
    } catch (error) {
      log.error({ incarnation, state, err: error }, 'lease.listener_failed');
    }
  }

  function watchDeadline(): void {
    clearTimeout(deadlineTimer);
    if (isFinal()) return;
    if (leftMs() <= 0) become('expired');
    // One more ms: timers count whole ones and may fire a fraction early.
    else deadlineTimer = setTimeout(watchDeadline, leftMs() + 1);
  }

  function accepted(sentAt: number): void {
    if (isFinal()) return;
    // Frozen past the deadline with an answer waiting: sockets close first, although the lease goes on.
    if (state === 'held' && leftMs() <= 0) become('expired');
    renewedAt = Math.max(renewedAt, sentAt);
    if (leftMs() > 0) become('held');
    watchDeadline();
  }

  /** Only a hint for where to look, in another slot: nobody waits for it, and the next renewal repeats it. */
  const tellFleet = (now: number) => redis.zadd(fleetKeys.workers, now, incarnation);

  async function renew(): Promise<void> {
    const sentAt = performance.now();
    const now = await renewScript(redis, [leaseKey], [ttlMs, load, draining ? 1 : 0]);
    if (typeof now !== 'number') {
      become('lost');
      return;
    }
    accepted(sentAt);
    if (!isFinal()) tellFleet(now).catch((error) => log.debug({ incarnation, err: error }, 'lease.hint_failed'));
  }

  async function renewForEver(): Promise<void> {
    let startedAt = performance.now();
    while (!isFinal()) {
      await pause(startedAt + renewEveryMs - performance.now(), waiting.signal);
      if (isFinal()) return;
      onRound();
      waiting = new AbortController();
      startedAt = performance.now();
      let timer: NodeJS.Timeout | undefined;
      // The answer to a renewal that took too long still counts, from when it was sent; the next one goes out meanwhile.
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 2 * renewEveryMs);
      });
      const renewal = renew().catch((error) => log.warn({ incarnation, err: error }, 'lease.renewal_failed'));
      await Promise.race([renewal, tooLong]);
      clearTimeout(timer);
    }
  }

  async function giveUp(): Promise<void> {
    become('ended');
    if (!registered || state === 'lost') return;
    const left = await endScript(redis, [leaseKey, workerKeys.instances(incarnation)], [tombstoneMs]);
    if (left === 0) await redis.zrem(fleetKeys.workers, incarnation);
    // As if silent for ever, so that the next scan of a reaper takes over what is left.
    else await redis.zadd(fleetKeys.workers, 0, incarnation);
  }

  return {
    incarnation,
    address,
    get state() {
      return state === 'held' && leftMs() <= 0 ? 'expired' : state;
    },
    async start() {
      if (state !== 'starting') throw new LeaseLostError(`A lease that is ${state} cannot start`);
      const sentAt = performance.now();
      const now = await registerScript(redis, [leaseKey], [ttlMs, address, capacity]);
      if (typeof now !== 'number') throw new LeaseLostError(`Incarnation ${incarnation} exists already`);
      registered = true;
      // Awaited, unlike later: a worker that nobody lists would never be found dead.
      await tellFleet(now);
      if (isFinal()) throw new LeaseLostError('The lease ended while it started');
      accepted(sentAt);
      void renewForEver();
    },
    held,
    assertHeld() {
      if (!held()) throw new LeaseLostError(`This worker's lease is ${state === 'held' ? 'expired' : state}`);
    },
    remainingMs: () => (held() ? leftMs() : 0),
    setLoad(instances) {
      load = instances;
    },
    setDraining() {
      draining = true;
      waiting.abort();
    },
    end() {
      ending ??= giveUp().catch((error) => {
        ending = undefined;
        throw error;
      });
      return ending;
    },
  };
}
