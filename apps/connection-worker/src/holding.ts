import { createHistoryWriter, type HistoryWriter } from '@flotilla/history';
import { lastSequence, type StoredInstance } from '@flotilla/instance';
import { type Fence, release, unmarkHeld } from '@flotilla/lease';
import type { Logger } from '@flotilla/service';
import { Connection } from './connection/connection.ts';
import { ConnectionCounts } from './connection/connection-counts.ts';
import { isToConnect } from './connection/wanted.ts';
import { createControlJobs } from './control-jobs.ts';
import { sentMessage } from './events/sent.ts';
import { HeldLanes } from './held-lanes.ts';
import { HeldRecord } from './held-record.ts';
import type { HoldingContext } from './holding-context.ts';
import { InstanceStore } from './instance-store.ts';
import type { Loops } from './loops.ts';
import { Pacing } from './pacing.ts';
import { removeInstance } from './remove-instance.ts';
import { wipeCredentials } from './wipe-credentials.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/**
 * What this worker does with an instance that it owns.
 * `working` → `releasing` → `released`, or → `lost` when somebody else owns it.
 */
export type HoldingState = 'working' | 'releasing' | 'released' | 'lost';

/** ms between tries to take up what the last owner left. */
const takeUpAgainMs = 1_000;
/** How long a release waits for a send that is under way (ms). */
const finishSendMs = 10_000;

/** One instance in the hands of this worker: its connection, its lanes and its store, under one fence. */
export class Holding {
  readonly id: string;
  readonly fence: Fence;
  readonly store: InstanceStore;
  readonly history: HistoryWriter;
  readonly connection: Connection;
  readonly log: Logger;
  readonly #context: HoldingContext;
  readonly #lanes: HeldLanes;
  readonly #counts: ConnectionCounts;
  readonly #pacing: Pacing;
  readonly #record: HeldRecord;
  #state: HoldingState = 'working';
  #tookUp = false;
  #takingUp: Promise<boolean> | undefined;
  /** Monotonic time of the last send or event: what moves first when the fleet is rebalanced is the idle. */
  #activeAt = performance.now();

  constructor(context: HoldingContext, instance: StoredInstance, fence: Fence) {
    const { redis, metrics, loops } = context;
    this.#context = context;
    this.id = instance.id;
    this.fence = fence;
    this.log = context.log.child({ instance: instance.id, epoch: fence.epoch });
    this.history = createHistoryWriter({ redis, instance: instance.id, bounds: context.historyBounds });
    this.store = new InstanceStore({
      faults: context.faults,
      history: this.history,
      redis,
      queues: context.queues,
      fence,
      tenant: instance.tenant,
      sentMessage: async (id, content) => {
        const { emitSentMessages, rawMessages } = this.#record.current.settings;
        const bytes = emitSentMessages ? await content() : undefined;
        return bytes && sentMessage(redis, instance.id, { id, content: bytes }, { raw: rawMessages });
      },
      onFenced: () => {
        metrics.fencedWrites.inc();
        this.lose();
      },
      onStep: (status) => metrics.journalSteps.inc({ status }),
      loops,
      confirmations: context.confirmations,
      onStored: () => this.#touch(),
    });
    this.#record = new HeldRecord({
      redis,
      store: this.store,
      loop: loops.record,
      instance,
      mayStore: () => this.#state !== 'lost' && this.#state !== 'released',
    });
    this.#pacing = new Pacing(instance.settings.sendsPerMinute);
    this.#counts = new ConnectionCounts({ redis, fence, metrics, connecting: loops.connecting });
    this.connection = new Connection({
      instance: instance.id,
      log: this.log,
      takeLogin: context.takeLogin,
      open: async (onUpdate) => {
        // What the tenant has changed takes effect with the next connection.
        await this.#record.refresh();
        this.#pacing.set(this.instance.settings.sendsPerMinute);
        return context.openSocket(this, onUpdate);
      },
      persist: (change, events) => this.#record.change(change, events),
      wipe: () => wipeCredentials({ redis, faults: context.faults, store: this.store, record: this.#record }),
      refuseVersion: context.refuseVersion,
      connectAt: (time) => context.queues.requestConnectAt(this.id, time),
      onClosed: (code) => this.#counts.closed(code),
      onState: () => this.#onConnectionState(),
    });
    const { log, store, connection } = this;
    this.#lanes = new HeldLanes({
      redis,
      backend: context.laneBackend,
      fence,
      store,
      pacing: this.#pacing,
      connection,
      loops,
      log,
      runControl: createControlJobs({
        redis,
        record: this.#record,
        connection,
        store,
        faults: context.faults,
        storedAuth: context.storedAuth,
        log,
        remove: () => this.#remove(),
      }),
      onLater: () => this.attend(),
      paired: () => this.instance.paired,
      mayWork: () => this.#state === 'working' && context.mayWork(),
    });
  }

  get state(): HoldingState {
    return this.#state;
  }

  get tenant(): string {
    return this.instance.tenant;
  }

  /** The record as this worker knows it. */
  get instance(): StoredInstance {
    return this.#record.current;
  }

  get metrics(): WorkerMetrics {
    return this.#context.metrics;
  }

  get loops(): Loops {
    return this.#context.loops;
  }

  /** When the oldest command that waits here was accepted (Unix ms); undefined if none does. */
  get oldestCommandAt(): number | undefined {
    return this.#lanes.sends.oldestAt;
  }

  /** How long nothing has been sent or received (ms). */
  get idleMs(): number {
    return this.#lanes.sends.busy || this.#lanes.asks.busy ? 0 : performance.now() - this.#activeAt;
  }

  /** Looks at the record and the queues again: somebody says that there is something new. Never rejects. */
  async attend(): Promise<void> {
    if (this.#state !== 'working' || !(await this.#takeUp())) return;
    const { sends, asks, controls } = this.#lanes;
    await controls.attend();
    if (this.#state !== 'working') return;
    // A parked or stopped connection stays so until somebody asks for it: that comes as a control job.
    if (isToConnect(this.instance)) this.connection.start();
    void asks.attend();
    await sends.attend();
    this.#releaseIfIdle();
  }

  /**
   * Before anything else: what the last owner was working on goes back to the heads of the queues, and events that it
   * left behind are handed on.
   * @returns false if Redis is away; it tries again by itself
   */
  #takeUp(): Promise<boolean> {
    if (this.#tookUp) return Promise.resolve(true);
    // Once for all who ask meanwhile: what one of them has taken by then must not be put back by another.
    this.#takingUp ??= this.#takeUpNow().finally(() => {
      this.#takingUp = undefined;
    });
    return this.#takingUp;
  }

  async #takeUpNow(): Promise<boolean> {
    try {
      await this.#lanes.reclaimAll();
      if ((await lastSequence(this.#context.redis, this.id)) > 0) this.store.nudge();
      this.#tookUp = true;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('FENCED')) {
        this.#context.metrics.fencedWrites.inc();
        this.lose();
      } else setTimeout(() => void this.attend(), takeUpAgainMs);
    }
    return this.#tookUp;
  }

  /** Notes that this was taken over from a dead owner. @param silentMs since its last sign of life */
  takenOver(silentMs: number): void {
    this.#counts.takenOver(this.connection.state.name, silentMs);
  }

  /** Closes the socket at once; the lease's deadline has passed. */
  suspend(): void {
    this.#counts.passedDeadline(this.connection.state.name);
    this.connection.suspend();
  }

  /** Goes on after a suspension: the lease is back, and nobody has claimed the instance. */
  resume(): void {
    if (this.#state !== 'working') return;
    if (this.connection.state.name === 'suspended') this.connection.start();
    void this.attend();
  }

  /** Ends everything here at once: the instance has another owner. */
  lose(): void {
    if (this.#state === 'released' || this.#state === 'lost') return;
    this.#state = 'lost';
    this.store.end();
    this.log.warn('instance.lost');
    void this.connection.end('hard');
    this.#context.onEnded(this);
  }

  /**
   * Gives the instance away: finishes the send under way, closes the socket, stores what is left, and only then lets go.
   * @returns whether it was let go of; if not, Redis is away or it was lost
   */
  async release(): Promise<boolean> {
    if (this.#state !== 'working') return false;
    this.#state = 'releasing';
    await withTimeout(this.#lanes.finish(), finishSendMs);
    await this.connection.end('gently');
    await withTimeout(this.#record.stored(), finishSendMs);
    try {
      if (!(await release(this.#context.redis, this.fence))) {
        this.lose();
        return false;
      }
    } catch (error) {
      this.log.warn({ err: error }, 'instance.release-failed');
      this.lose();
      return false;
    }
    this.#state = 'released';
    this.store.end();
    this.log.info('instance.released');
    return true;
  }

  /** Takes the instance off this worker's list; to be called when somebody else has been asked to take it. */
  async forget(): Promise<void> {
    await unmarkHeld(this.#context.redis, this.fence.owner, this.id);
  }

  #touch(): void {
    this.#activeAt = performance.now();
  }

  #onConnectionState(): void {
    this.#touch();
    const { name } = this.connection.state;
    this.#counts.entered(name);
    if (name === 'open') this.#record.note({ paired: true });
    if (name === 'open' || name === 'closed') void this.attend();
  }

  /** Deletes everything of the instance, and lets go of it. */
  async #remove(): Promise<void> {
    await withTimeout(this.#record.stored(), finishSendMs);
    this.#state = 'releasing';
    await this.connection.end('gently');
    try {
      await removeInstance(this.#context, this.fence, this.instance, this.#lanes.queued);
    } catch (error) {
      this.lose(); // whoever takes it next does the rest: its mark for the sweep is still there
      throw error;
    }
    this.#state = 'released';
    this.store.end();
    await this.forget();
    this.#context.onEnded(this);
  }

  /** An instance that is closed and has nothing to do needs no owner. */
  #releaseIfIdle(): void {
    // A job in hand may be about to connect it; its end looks here again.
    if (this.#state !== 'working' || this.#lanes.controls.busy) return;
    const { name } = this.connection.state;
    if (name !== 'closed' && name !== 'idle') return;
    void this.release()
      .then(async (released) => {
        if (!released) return;
        await this.forget().catch(() => {});
        this.#context.onEnded(this);
        // A job that came between the last look and the release woke nobody else.
        if (await this.#lanes.queued.control.hasJobs()) await this.#context.queues.requestConnect(this.id, 'control');
      })
      .catch((error: unknown) => this.log.warn({ err: error }, 'instance.release-failed'));
  }
}

async function withTimeout(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
