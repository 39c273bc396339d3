import { fleetKeys, queues } from '@flotilla/contracts';
import { createInstances, type StoredInstance } from '@flotilla/instance';
import {
  claim,
  declareDead,
  handoverPeers,
  markHeld,
  pace,
  planHandover,
  release,
  sampleWorkers,
  silentForMs,
  unmarkHeld,
  type WorkerLease,
} from '@flotilla/lease';
import { type Lane, openLane } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import { isToConnect } from './connection/wanted.ts';
import type { WorkerFaultPoints } from './fault-points.ts';
import { createHandover } from './fleet/handover.ts';
import { Holding } from './holding.ts';
import type { HoldingContext } from './holding-context.ts';
import { removeRemains } from './remove-instance.ts';

export interface WorkerOptions {
  redis: Redis;
  lease: WorkerLease;
  incarnation: string;
  capacity: number;
  context: Omit<HoldingContext, 'onEnded' | 'mayWork'>;
  faults: WorkerFaultPoints;
  log: Logger;
}

export type TakeOutcome = 'taken' | 'held' | 'other-owner' | 'unknown' | 'not-needed' | 'full' | 'refused';

/** The instances that this worker owns, and how it comes to own and to lose them. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #context: HoldingContext;
  readonly #instances: ReturnType<typeof createInstances>;
  readonly #holdings = new Map<string, Holding>();
  /** Single flight: two requests for one instance must not race each other. */
  readonly #taking = new Map<string, Promise<TakeOutcome>>();
  #draining = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#instances = createInstances(options.redis);
    this.#context = {
      ...options.context,
      mayWork: () => options.lease.held(),
      onEnded: (holding) => this.#drop(holding),
    };
  }

  /** Instances held now. */
  get holdings(): ReadonlyMap<string, Holding> {
    return this.#holdings;
  }

  /** Whether it takes further instances. */
  get hasRoom(): boolean {
    return !this.#draining && this.#holdings.size + this.#taking.size < this.#options.capacity;
  }

  /**
   * Looks after an instance: attends to it if it is held here, claims it if it needs an owner and has none.
   * Rejects while Redis is away.
   */
  async take(instance: string): Promise<TakeOutcome> {
    const held = this.#holdings.get(instance);
    if (held) {
      void held.attend();
      return 'held';
    }
    const known = this.#taking.get(instance);
    if (known) return known;
    const taking = this.#claim(instance).finally(() => this.#taking.delete(instance));
    this.#taking.set(instance, taking);
    return taking;
  }

  async #claim(id: string): Promise<TakeOutcome> {
    const { redis, incarnation, lease, log, faults } = this.#options;
    if (!this.hasRoom) return 'full';
    const instance = await this.#instances.read(id);
    if (!instance) {
      await removeRemains(redis, id, this.#lane(id, queues.control));
      return 'unknown';
    }
    const { owner } = instance;
    // Without a proof, only one whose lease has run out (or has vanished) is dead.
    const isFree = !owner || owner === incarnation || (await declareDead(redis, owner, { proof: false }));
    if (!isFree && !faults.off('guard-off-claim')) return 'other-owner';
    if (!(await this.#needsOwner(instance))) return 'not-needed';
    lease.assertHeld();
    // First on the list, then the claim: whoever takes over from us must find it there.
    await markHeld(redis, incarnation, id);
    let result = await claim(redis, id, { incarnation, expected: { owner, epoch: instance.epoch } });
    // The answer to an earlier try got lost: it was ours already.
    if (!result.claimed && result.owner === incarnation)
      result = await claim(redis, id, { incarnation, expected: result });
    if (!result.claimed) {
      await unmarkHeld(redis, incarnation, id);
      return 'refused';
    }
    const fence = { instance: id, owner: incarnation, epoch: result.epoch };
    if (!lease.held()) {
      // Declared dead in between, perhaps: whoever did that may have read our list before we put this on it.
      await release(redis, fence);
      await unmarkHeld(redis, incarnation, id);
      return 'refused';
    }
    // What the tenant wanted a moment ago may have changed with the last owner's last word.
    const current = (await this.#instances.read(id)) ?? instance;
    const holding = new Holding(this.#context, current, fence);
    this.#holdings.set(id, holding);
    lease.setLoad(this.#holdings.size);
    log.info({ instance: id, epoch: result.epoch, from: instance.owner || undefined }, 'instance.claimed');
    this.#count(holding, owner);
    void holding.attend();
    return 'taken';
  }

  /** @param before who owned the instance */
  #count(holding: Holding, before: string): void {
    const { redis, incarnation, context } = this.#options;
    const from = before === '' ? 'nobody' : before === incarnation ? 'itself' : 'dead';
    context.metrics.claims.inc({ from });
    if (from !== 'dead') return;
    silentForMs(redis, before).then(
      (ms) => ms !== undefined && holding.takenOver(ms),
      () => {},
    );
  }

  async #needsOwner(instance: StoredInstance): Promise<boolean> {
    if (isToConnect(instance)) return true;
    const { redis } = this.#options;
    for (const queue of [queues.control, queues.commands])
      if (await this.#lane(instance.id, queue).hasJobs()) return true;
    await redis.zrem(fleetKeys.pending, instance.id);
    return false;
  }

  #lane(instance: string, queue: string): Lane<unknown> {
    const { redis, context } = this.#options;
    return openLane(instance, queue, { connection: redis, backend: context.laneBackend });
  }

  #drop(holding: Holding): void {
    if (this.#holdings.get(holding.id) !== holding) return;
    this.#holdings.delete(holding.id);
    this.#options.lease.setLoad(this.#holdings.size);
  }

  /** The lease's deadline has passed: no socket may stay open. */
  suspend(): void {
    for (const holding of this.#holdings.values()) holding.suspend();
  }

  /** The lease is back and nobody has declared us dead: what we held is still ours. */
  resume(): void {
    for (const holding of this.#holdings.values()) holding.resume();
  }

  /** Declared dead: everything we held belongs to others now. */
  lose(): void {
    for (const holding of [...this.#holdings.values()]) holding.lose();
  }

  /**
   * Gives one instance away.
   * @param next asks somebody to take it; called when it is free
   */
  async giveAway(holding: Holding, next: () => Promise<unknown>): Promise<boolean> {
    if (!(await holding.release())) return false;
    this.#drop(holding);
    await next();
    await holding.forget();
    return true;
  }

  /** Gives everything away and takes nothing more. Resolves when all is given or lost. */
  async drain(): Promise<void> {
    this.#draining = true;
    const { redis, incarnation, context, log } = this.#options;
    await Promise.allSettled(this.#taking.values());
    const waiting = [...this.#holdings.values()];
    // To whoever has least: in a rolling update that is the worker that comes in place of this one.
    const peers = (await sampleWorkers(redis, handoverPeers).catch(() => [])).filter(
      (peer) => peer.incarnation !== incarnation,
    );
    const recipients = planHandover(waiting.length, peers);
    const { hand } = createHandover(redis, context.queues);
    const one = async () => {
      for (let holding = waiting.pop(); holding; holding = waiting.pop()) {
        const { id } = holding;
        try {
          await this.giveAway(holding, () => hand(id, recipients.shift()));
        } catch (error) {
          log.warn({ err: error, instance: id }, 'instance.handover-failed'); // the reaper finds it on our list
        }
      }
    };
    await Promise.all(Array.from({ length: pace.releasesAtATime }, one));
  }
}
