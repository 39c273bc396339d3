import { type Fence, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import type { LoopRun, WatchedLoop } from '@flotilla/service';
import { closeLabel, type WorkerMetrics } from '../worker-metrics.ts';
import type { ConnectionState } from './connection-state.ts';

export interface ConnectionCountsOptions {
  redis: Redis;
  fence: Fence;
  metrics: WorkerMetrics;
  connecting: WatchedLoop;
}

type StateName = ConnectionState['name'];

/** The code of a socket that another login has replaced. */
const conflictCode = 440;

/** What an operator can see of an instance's connection: how it ends, how long a takeover took, whether it gets stuck. */
export class ConnectionCounts {
  readonly #options: ConnectionCountsOptions;
  #connecting: LoopRun | undefined;
  /** Monotonic time of the last sign of life of the dead owner that this was taken over from, until it is open here. */
  #orphanedAt: number | undefined;

  constructor(options: ConnectionCountsOptions) {
    this.#options = options;
  }

  /** Notes that the instance was taken over from a dead owner. @param silentMs since its last sign of life */
  takenOver(state: StateName, silentMs: number): void {
    if (state !== 'open') this.#orphanedAt = performance.now() - silentMs;
  }

  /** The connection has entered this state. */
  entered(state: StateName): void {
    const { metrics, connecting } = this.#options;
    this.#connecting?.end();
    this.#connecting = state === 'connecting' ? connecting.begin() : undefined;
    if (state === 'open' && this.#orphanedAt !== undefined)
      metrics.takeovers.observe((performance.now() - this.#orphanedAt) / 1_000);
    // One that has to be paired, or is parked, opens when somebody wants it to.
    if (state === 'open' || state === 'pairing' || state === 'closed') this.#orphanedAt = undefined;
  }

  /** The lease's deadline has passed while the connection was in this state. */
  passedDeadline(state: StateName): void {
    if (state === 'open' || state === 'pairing' || state === 'connecting') this.#options.metrics.deadlineClosings.inc();
  }

  /** A socket has been closed. */
  closed(code: number | undefined): void {
    const { redis, fence, metrics } = this.#options;
    metrics.closings.inc({ code: closeLabel(code) });
    if (code !== conflictCode) return;
    // Whose it is decides what this means: with us, somebody outside of the fleet has logged in; else two of us have.
    readOwnership(redis, fence.instance)
      .then(({ owner, epoch }) => (owner === fence.owner && epoch === fence.epoch ? 'own' : 'another'))
      .catch(() => 'unknown')
      .then((whose) => metrics.conflicts.inc({ owner: whose }));
  }
}
