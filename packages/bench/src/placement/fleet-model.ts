import { loginBurst, type PeerLoad, pace, renewing } from '@flotilla/lease';
import type { CommandCosts } from './commands.ts';
import { RedisModel } from './redis-model.ts';
import { type Process, VirtualTime } from './virtual-time.ts';
import { WorkerModel } from './worker-model.ts';

interface FleetOptions {
  workers: number;
  instances: number;
  capacity: number;
  loginsPerSecond: number;
  costs: CommandCosts;
  /** To Redis and back (ms). */
  roundTripMs: number;
  random: () => number;
}

/** A request in the connect queue. */
interface ConnectRequest {
  instance: number;
  addedAt: number;
}

/** A fleet in virtual time: Redis, workers and the queue between them. */
export class FleetModel {
  readonly time = new VirtualTime();
  readonly redis: RedisModel;
  readonly options: FleetOptions;
  readonly workers = new Map<string, WorkerModel>();
  /** Worker whose process believes to hold an instance. */
  readonly holders: (WorkerModel | undefined)[];
  /** Claims and logins in each second. */
  readonly claims: number[] = [];
  readonly logins: number[] = [];
  /** Instances that somebody owns, and those whose socket is open. */
  owned = 0;
  open = 0;
  moves = 0;
  /** Instances that were given away and have no new owner yet. */
  readonly moving = new Set<number>();
  /** The same, until their socket is open there. */
  readonly reopening = new Set<number>();
  /** When the socket of each instance was closed (ms), and for how long those were that are open again. */
  readonly closedAt: Float64Array;
  readonly closedFor: number[] = [];
  /** Sockets that workers closed because they could not renew in time. */
  deadlinesMissed = 0;
  /** Violations of what must never happen. */
  twoOwners = 0;
  #named = 0;
  readonly #requests: ConnectRequest[] = [];
  #nextRequest = 0;
  readonly #idle: WorkerModel[] = [];

  constructor(options: FleetOptions) {
    this.options = options;
    this.redis = new RedisModel(this.time, options.instances, options);
    this.closedAt = new Float64Array(options.instances);
    this.holders = new Array<WorkerModel | undefined>(options.instances).fill(undefined);
  }

  /** A new worker, not started yet. */
  worker(): WorkerModel {
    const worker = new WorkerModel(this, `w${this.#named++}`);
    this.workers.set(worker.incarnation, worker);
    return worker;
  }

  /** Workers that run. */
  get running(): WorkerModel[] {
    return [...this.workers.values()].filter(({ isRunning }) => isRunning);
  }

  /** Those that run and do not drain. */
  get staying(): WorkerModel[] {
    return this.running.filter(({ isDraining }) => !isDraining);
  }

  /** The fullest and the emptiest worker against the mean. */
  get spread(): { fullest: number; emptiest: number } {
    const loads = this.staying.map(({ holdings }) => holdings.size);
    const mean = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
    if (mean === 0) return { fullest: 0, emptiest: 0 };
    return {
      fullest: loads.reduce((most, load) => Math.max(most, load), 0) / mean,
      emptiest: loads.reduce((least, load) => Math.min(least, load), Number.POSITIVE_INFINITY) / mean,
    };
  }

  /** Starts so many workers that hold everything already, about evenly, as after some quiet hours. */
  settle(): void {
    const { workers, instances, random } = this.options;
    const all = Array.from({ length: workers }, () => this.worker());
    for (const worker of all) this.redis.register(worker.incarnation, this.options.capacity, pace.leaseTtlMs);
    for (let instance = 0; instance < instances; instance++) {
      const worker = all[instance % workers];
      if (!worker) continue;
      this.redis.owners[instance] = worker.incarnation;
      this.redis.epochs[instance] = 1;
      this.redis.held.get(worker.incarnation)?.add(instance);
      worker.hold(instance, 1);
      this.holders[instance] = worker;
    }
    this.owned = instances;
    this.open = instances;
    for (const worker of all) this.time.after(random() * pace.renewEveryMs, () => worker.begin());
  }

  /** `requestConnect`: puts a job into the connect queue. */
  *requestOwner(instance: number): Process {
    yield* this.redis.call('request-owner', () => this.enqueue(instance, this.time.now));
  }

  /** Some of those that live, renew and do not drain, as `sampleWorkers` finds them. */
  *peers(count: number): Process<PeerLoad[]> {
    const { time, redis, options } = this;
    const chosen = yield* redis.call('sample-peers', () => redis.sample(count, options.random));
    const leases = yield* redis.call(
      'peer-load',
      () => chosen.map((incarnation) => ({ incarnation, ...redis.lease(incarnation) })),
      chosen.length,
    );
    const living = leases.filter(({ draining, dead, exp }) => !(draining || dead || exp <= time.now));
    return renewing(living).map(({ incarnation, load, capacity }) => ({ incarnation, load, capacity }));
  }

  /** Has a request come to whoever waits for one longest. */
  enqueue(instance: number, addedAt: number): void {
    this.#requests.push({ instance, addedAt });
    this.#idle.shift()?.look();
  }

  /** The next request; without one, the worker is told when there is. */
  nextRequest(worker: WorkerModel): ConnectRequest | undefined {
    const request = this.#requests[this.#nextRequest];
    if (request === undefined) {
      if (!this.#idle.includes(worker)) this.#idle.push(worker);
      return undefined;
    }
    this.#nextRequest += 1;
    if (this.#nextRequest > 100_000) {
      this.#requests.splice(0, this.#nextRequest);
      this.#nextRequest = 0;
    }
    return request;
  }

  /** How many requests wait. */
  get requestsWaiting(): number {
    return this.#requests.length - this.#nextRequest;
  }

  /** One login, at its place in the order. */
  takeLogin(): number {
    const { loginsPerSecond } = this.options;
    return this.redis.takeLogin(loginsPerSecond, loginBurst(loginsPerSecond));
  }

  count(series: number[]): void {
    const second = Math.floor(this.time.now / 1_000);
    series[second] = (series[second] ?? 0) + 1;
  }

  /** Notes that a worker owns an instance from now on. Nobody else may believe the same. */
  noteClaim(instance: number, worker: WorkerModel): void {
    const before = this.holders[instance];
    if (before !== undefined && before !== worker && before.mayWork) this.twoOwners += 1;
    this.holders[instance] = worker;
    this.owned += 1;
    this.moving.delete(instance);
    this.count(this.claims);
  }

  /** Notes that a worker does not hold an instance any more. */
  noteEnd(instance: number, worker: WorkerModel, wasOpen: boolean): void {
    if (this.holders[instance] === worker) {
      this.holders[instance] = undefined;
      this.owned -= 1;
    }
    if (!wasOpen) return;
    this.open -= 1;
    this.closedAt[instance] = this.time.now;
  }

  noteOpen(instance: number): void {
    this.open += 1;
    this.reopening.delete(instance);
    this.closedFor.push(this.time.now - (this.closedAt[instance] ?? 0));
  }

  noteMove(instance: number): void {
    this.moves += 1;
    this.moving.add(instance);
    this.reopening.add(instance);
  }
}
