import { type CommandJob, type ControlJob, instanceKeys, queues, type RequestJob } from '@flotilla/contracts';
import { createHistoryWriter, type HistoryBounds, type HistoryWriter } from '@flotilla/history';
import { deviceRelease, lastSequence, type StoredInstance } from '@flotilla/instance';
import { type Fence, readOwnership, release, unmarkHeld } from '@flotilla/lease';
import { type Lane, openLane, type Queues, reclaim, type sharedBackend } from '@flotilla/queue';
import type { Confirmations, Redis } from '@flotilla/redis';
import type { Logger, LoopRun } from '@flotilla/service';
import { Connection } from './connection/connection.ts';
import type { OpenedSocket, SocketUpdate } from './connection/socket.ts';
import type { StoredAuth } from './connection/stored-auth.ts';
import { isToConnect } from './connection/wanted.ts';
import { createControlJobs } from './control-jobs.ts';
import { ControlLane } from './control-lane.ts';
import { sentMessage } from './events/sent.ts';
import type { WorkerFaultPoints } from './fault-points.ts';
import { HeldRecord } from './held-record.ts';
import { InstanceStore } from './instance-store.ts';
import type { Loops } from './loops.ts';
import { Pacing } from './pacing.ts';
import { removeInstance } from './remove-instance.ts';
import { RequestLane } from './request-lane.ts';
import { SendLane } from './send-lane.ts';
import { closeLabel, type WorkerMetrics } from './worker-metrics.ts';

/**
 * What this worker does with an instance that it owns.
 * `working` → `releasing` → `released`, or → `lost` when somebody else owns it.
 */
export type HoldingState = 'working' | 'releasing' | 'released' | 'lost';

/** What all holdings of a worker share. */
export interface HoldingContext {
  redis: Redis;
  queues: Queues;
  /** Where replicas are asked whether they have what was written. Without it nobody is asked. */
  confirmations?: Confirmations;
  laneBackend: ReturnType<typeof sharedBackend>;
  log: Logger;
  metrics: WorkerMetrics;
  /** What of an instance could stall. */
  loops: Loops;
  /** Whether the worker's lease allows to act now. */
  mayWork(): boolean;
  /** How much of each instance's messages is kept. */
  historyBounds: HistoryBounds;
  takeLogin(): Promise<number>;
  refuseVersion(): Promise<void>;
  faults: WorkerFaultPoints;
  /** Credentials that lie in Redis, while there is no socket. */
  storedAuth: StoredAuth;
  openSocket(holding: Holding, onUpdate: (update: SocketUpdate) => void): Promise<OpenedSocket>;
  /** Reports that the holding has ended by itself: it was lost, or there is nothing to hold. */
  onEnded(holding: Holding): void;
}

/** ms between tries to take up what the last owner left. */
const takeUpAgainMs = 1_000;
/** The code of a socket that another login has replaced. */
const conflictCode = 440;
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
  readonly #sends: SendLane;
  readonly #asks: RequestLane;
  readonly #controls: ControlLane;
  readonly #lanes: { control: Lane<ControlJob>; commands: Lane<CommandJob>; requests: Lane<RequestJob> };
  readonly #pacing: Pacing;
  readonly #record: HeldRecord;
  #state: HoldingState = 'working';
  #tookUp = false;
  #connecting: LoopRun | undefined;
  /** Monotonic time of the last sign of life of the dead owner that this was taken over from, until it is open here. */
  #orphanedAt: number | undefined;
  #takingUp: Promise<boolean> | undefined;
  /** Monotonic time of the last send or event: what moves first when the fleet is rebalanced is the idle. */
  #activeAt = performance.now();

  constructor(context: HoldingContext, instance: StoredInstance, fence: Fence) {
    const { redis, laneBackend } = context;
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
        return emitSentMessages ? sentMessage(redis, instance.id, { id, content }, { raw: rawMessages }) : undefined;
      },
      onFenced: () => {
        context.metrics.fencedWrites.inc();
        this.lose();
      },
      onStep: (status) => context.metrics.journalSteps.inc({ status }),
      loops: context.loops,
      confirmations: context.confirmations,
      onStored: () => this.#touch(),
    });
    this.#record = new HeldRecord({
      redis,
      store: this.store,
      loop: context.loops.record,
      instance,
      mayStore: () => this.#state !== 'lost' && this.#state !== 'released',
    });
    const open = <T>(queue: string): Lane<T> =>
      openLane(instance.id, queue, { connection: redis, backend: laneBackend });
    this.#lanes = { control: open(queues.control), commands: open(queues.commands), requests: open(queues.requests) };
    this.#pacing = new Pacing(instance.settings.sendsPerMinute);
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
      wipe: () => this.#wipe(),
      refuseVersion: context.refuseVersion,
      connectAt: (time) => context.queues.requestConnectAt(this.id, time),
      onClosed: (code) => this.#onSocketClosed(code),
      onState: () => this.#onConnectionState(),
    });
    const mayWork = () => this.#state === 'working' && context.mayWork();
    const { log, store } = this;
    this.#sends = new SendLane({
      redis,
      lane: this.#lanes.commands,
      store,
      pacing: this.#pacing,
      sender: () => this.connection.openSocket?.sender,
      paired: () => this.instance.paired,
      reclaim: () => reclaim(redis, fence, queues.commands),
      loop: context.loops.sendLane,
      mayWork,
      log,
    });
    this.#asks = new RequestLane({
      redis,
      lane: this.#lanes.requests,
      store,
      requester: () => this.connection.openSocket?.requester,
      reclaim: () => reclaim(redis, fence, queues.requests),
      loop: context.loops.requestLane,
      mayWork,
      log,
    });
    this.#controls = new ControlLane({
      lane: this.#lanes.control,
      run: createControlJobs({
        redis,
        record: this.#record,
        connection: this.connection,
        store,
        faults: context.faults,
        storedAuth: context.storedAuth,
        log,
        remove: () => this.#remove(),
      }),
      reclaim: () => reclaim(redis, fence, queues.control),
      onLater: () => this.attend(),
      loop: context.loops.controlLane,
      mayWork,
      log,
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
    return this.#sends.oldestAt;
  }

  /** How long nothing has been sent or received (ms). */
  get idleMs(): number {
    return this.#sends.busy || this.#asks.busy ? 0 : performance.now() - this.#activeAt;
  }

  /** Looks at the record and the queues again: somebody says that there is something new. Never rejects. */
  async attend(): Promise<void> {
    if (this.#state !== 'working' || !(await this.#takeUp())) return;
    await this.#controls.attend();
    if (this.#state !== 'working') return;
    // A parked or stopped connection stays so until somebody asks for it: that comes as a control job.
    if (isToConnect(this.instance)) this.connection.start();
    void this.#asks.attend();
    await this.#sends.attend();
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
    const { redis } = this.#context;
    try {
      for (const queue of [queues.commands, queues.control, queues.requests]) await reclaim(redis, this.fence, queue);
      if ((await lastSequence(redis, this.id)) > 0) this.store.nudge();
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
    if (this.connection.state.name !== 'open') this.#orphanedAt = performance.now() - silentMs;
  }

  /** Closes the socket at once; the lease's deadline has passed. */
  suspend(): void {
    const { name } = this.connection.state;
    if (name === 'open' || name === 'pairing' || name === 'connecting') this.#context.metrics.deadlineClosings.inc();
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
    await withTimeout(Promise.all([this.#sends.attend(), this.#asks.idle()]), finishSendMs);
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
    this.#connecting?.end();
    this.#connecting = name === 'connecting' ? this.#context.loops.connecting.begin() : undefined;
    if (name === 'open' && this.#orphanedAt !== undefined)
      this.#context.metrics.takeovers.observe((performance.now() - this.#orphanedAt) / 1_000);
    // One that has to be paired, or is parked, opens when somebody wants it to.
    if (name === 'open' || name === 'pairing' || name === 'closed') this.#orphanedAt = undefined;
    if (this.connection.state.name === 'open') {
      this.#record.note({ paired: true });
      void this.attend();
    } else if (this.connection.state.name === 'closed') {
      void this.attend();
    }
  }

  #onSocketClosed(code: number | undefined): void {
    const { redis, metrics } = this.#context;
    metrics.closings.inc({ code: closeLabel(code) });
    if (code !== conflictCode) return;
    // Whose it is decides what this means: with us, somebody outside of the fleet has logged in; else two of us have.
    const { owner, epoch } = this.fence;
    readOwnership(redis, this.id)
      .then((now) => (now.owner === owner && now.epoch === epoch ? 'own' : 'another'))
      .catch(() => 'unknown')
      .then((whose) => metrics.conflicts.inc({ owner: whose }));
  }

  async #wipe(): Promise<void> {
    this.#context.faults.reach('crash-in-logout');
    const { device } = this.instance;
    const release = device === undefined ? undefined : await deviceRelease(this.#context.redis, device, this.id);
    await this.store.write([
      { command: 'del', key: instanceKeys.authState(this.id), args: [] },
      { command: 'hdel', key: instanceKeys.record(this.id), args: ['device'] },
    ]);
    this.#record.note({ paired: false, device: undefined });
    await release?.();
  }

  /** Deletes everything of the instance, and lets go of it. */
  async #remove(): Promise<void> {
    await withTimeout(this.#record.stored(), finishSendMs);
    this.#state = 'releasing';
    await this.connection.end('gently');
    try {
      await removeInstance(this.#context, this.fence, this.instance, this.#lanes);
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
    if (this.#state !== 'working' || this.#controls.busy) return;
    const { name } = this.connection.state;
    if (name !== 'closed' && name !== 'idle') return;
    void this.release()
      .then(async (released) => {
        if (!released) return;
        await this.forget().catch(() => {});
        this.#context.onEnded(this);
        // A job that came between the last look and the release woke nobody else.
        if (await this.#lanes.control.hasJobs()) await this.#context.queues.requestConnect(this.id, 'control');
      })
      .catch((error: unknown) => this.log.warn({ err: error }, 'instance.release-failed'));
  }
}

async function withTimeout(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
