import {
  askAgainMs,
  balancePauseMs,
  createRest,
  createTurns,
  handoverPeers,
  loginsReserved,
  movesAtMost,
  pace,
  planHandover,
  planMoves,
  sampledPeers,
} from '@flotilla/lease';
import type { FleetModel } from './fleet-model.ts';
import { watchOthers } from './reaper-model.ts';
import { type Process, sleep, together } from './virtual-time.ts';

/** Closing a socket gently and storing what is left (ms). */
const closeMs = 20;
/** Looks whether an instance was claimed: the pauses of `createHandover`. */
const firstLookMs = 5;
const longestLookMs = 100;

interface Holding {
  epoch: number;
  isOpen: boolean;
}

/**
 * A worker in virtual time. What it decides is decided by the functions that workers call; what it asks of Redis, and in
 * which order, follows `Worker`, `createWorkerLease` and `keepBalance`; what it does as a reaper is in `reaper-model.ts`.
 */
export class WorkerModel {
  readonly incarnation: string;
  readonly holdings = new Map<number, Holding>();
  isRunning = true;
  isDraining = false;
  /** Whether its port refuses connections after its death: otherwise nothing answers there any more. */
  hostAnswers = true;
  readonly #fleet: FleetModel;
  readonly #logins = createTurns(loginsReserved);
  readonly #taking = new Set<number>();
  #renewedAt = 0;
  #serving = 0;
  #isLooking = false;

  constructor(fleet: FleetModel, incarnation: string) {
    this.#fleet = fleet;
    this.incarnation = incarnation;
  }

  /** Whether its lease is held by its own clock. */
  get mayWork(): boolean {
    return this.isRunning && this.#fleet.time.now - this.#renewedAt < pace.deadlineMs;
  }

  get hasRoom(): boolean {
    return !this.isDraining && this.holdings.size + this.#taking.size < this.#fleet.options.capacity;
  }

  readonly isOver = () => !this.isRunning;

  #start(process: Process): void {
    this.#fleet.time.start(process, this.isOver);
  }

  /** Registers and begins. */
  join(): void {
    const { redis, options } = this.#fleet;
    const worker = this;
    this.#start(
      (function* (): Process {
        yield* redis.call('register', () => redis.register(worker.incarnation, options.capacity, pace.leaseTtlMs));
        // Looks for earlier incarnations at its address: reads that of every worker.
        yield* redis.call('peer-load', () => {}, redis.listed.size);
        worker.begin();
      })(),
    );
  }

  /** Begins all that a worker does again and again. */
  begin(): void {
    this.#renewedAt = this.#fleet.time.now;
    for (const process of [this.#renew(), watchOthers(this.#fleet, this), this.#balance(), this.#idle()])
      this.#start(process);
    this.look();
  }

  /** Notes that it holds an instance that is open. */
  hold(instance: number, epoch: number): void {
    this.holdings.set(instance, { epoch, isOpen: true });
  }

  /** SIGKILL. @param hostAnswers whether its port refuses connections from then on */
  kill(hostAnswers: boolean): void {
    this.isRunning = false;
    this.hostAnswers = hostAnswers;
    for (const [instance, { isOpen }] of this.holdings) this.#fleet.noteEnd(instance, this, isOpen);
    this.holdings.clear();
  }

  *#renew(): Process {
    const { time, redis } = this.#fleet;
    for (;;) {
      const sentAt = time.now;
      const wasHeld = this.mayWork;
      const lease = { ttlMs: pace.leaseTtlMs, load: this.holdings.size, draining: this.isDraining };
      const isAccepted = yield* redis.call('renew', () => redis.renew(this.incarnation, lease));
      if (!isAccepted) return this.kill(true);
      if (wasHeld && !this.mayWork) this.#fleet.deadlinesMissed += 1;
      this.#renewedAt = sentAt;
      yield* redis.call('tell-fleet', () => redis.tellFleet(this.incarnation));
      yield { until: Math.max(time.now, sentAt + pace.renewEveryMs) };
    }
  }

  *#idle(): Process {
    const { time, redis } = this.#fleet;
    for (;;) {
      yield* redis.call('idle-second', () => {});
      yield* sleep(time, 1_000);
    }
  }

  /** Takes requests for an owner, as many side by side as it may. */
  look(): void {
    if (this.#isLooking || !this.isRunning || this.isDraining) return;
    if (this.#serving >= pace.connectsAtATime) return;
    const request = this.#fleet.nextRequest(this);
    if (request === undefined) return;
    this.#isLooking = true;
    this.#serving += 1;
    this.#start(this.#serve(request));
  }

  *#serve({ instance, addedAt }: { instance: number; addedAt: number }): Process {
    const { time, redis, options } = this.#fleet;
    yield* redis.call('serve-request', () => {});
    this.#isLooking = false;
    this.look();
    const outcome = yield* this.#take(instance);
    if (outcome === 'full' || outcome === 'refused') {
      const wait = askAgainMs(time.now - addedAt, options.random);
      time.after(wait, () => this.#fleet.enqueue(instance, addedAt));
    }
    this.#serving -= 1;
    this.look();
  }

  *#take(instance: number): Process<'held' | 'full' | 'other-owner' | 'refused' | 'taken'> {
    if (this.holdings.has(instance) || this.#taking.has(instance)) return 'held';
    if (!this.hasRoom) return 'full';
    this.#taking.add(instance);
    try {
      return yield* this.#claim(instance);
    } finally {
      this.#taking.delete(instance);
    }
  }

  *#claim(instance: number): Process<'other-owner' | 'refused' | 'taken'> {
    const { redis } = this.#fleet;
    const me = this.incarnation;
    const expected = yield* redis.call('read-instance', () => ({
      owner: redis.owners[instance] ?? '',
      epoch: redis.epochs[instance] ?? 0,
    }));
    const { owner, epoch } = expected;
    const isFree =
      owner === '' || owner === me || (yield* redis.call('declare-dead', () => redis.declareDead(owner, false)));
    if (!isFree) return 'other-owner';
    if (!this.mayWork) return 'refused';
    if (!(yield* redis.call('mark-held', () => redis.markHeld(me, instance)))) return 'refused';
    const isClaimed = yield* redis.call('claim', () => {
      const done = redis.claim(instance, me, expected);
      if (done) this.#fleet.noteClaim(instance, this);
      return done;
    });
    if (!isClaimed) {
      yield* redis.call('unmark-held', () => redis.held.get(me)?.delete(instance));
      return 'refused';
    }
    this.holdings.set(instance, { epoch: epoch + 1, isOpen: false });
    yield* redis.call('read-instance', () => {});
    this.#start(this.#open(instance));
    return 'taken';
  }

  /** Takes up what the last owner left, waits for a place in the order of logins, and logs in. */
  *#open(instance: number): Process {
    const { time, redis } = this.#fleet;
    const holding = this.holdings.get(instance);
    yield* redis.call('take-up', () => {});
    yield { forEver: this.#logins.enter };
    const wait = yield* redis.call('take-login', () => this.#fleet.takeLogin());
    yield* sleep(time, wait);
    this.#logins.leave();
    if (holding === undefined || this.holdings.get(instance) !== holding) return;
    this.#fleet.count(this.#fleet.logins);
    yield* redis.call('login', () => {});
    if (this.holdings.get(instance) !== holding) return;
    holding.isOpen = true;
    this.#fleet.noteOpen(instance);
  }

  *#balance(): Process {
    const { time, redis, options } = this.#fleet;
    const rest = createRest();
    for (;;) {
      yield* sleep(time, balancePauseMs(options.random));
      if (this.isDraining) return;
      const workers = yield* redis.call('tell-fleet', () => redis.listed.size); // as dear: how many are listed
      const standing = { workers, load: this.holdings.size };
      if (rest.rests(standing)) continue;
      const peers = yield* this.#fleet.peers(sampledPeers);
      const { incarnation } = this;
      const me = { incarnation, load: this.holdings.size, capacity: options.capacity };
      const wanted = planMoves(me, peers);
      rest.compared(standing, wanted.length);
      const recipients = wanted.slice(0, movesAtMost(options.loginsPerSecond, workers, me, peers, options.random));
      const movable = [...this.holdings].filter(([, { isOpen }]) => isOpen).map(([instance]) => instance);
      const gifts = recipients.flatMap((recipient, index) => {
        const instance = movable[index];
        return instance === undefined ? [] : [this.#giveAway(instance, recipient)];
      });
      if (gifts.length > 0) yield* together(time, gifts, this.isOver);
    }
  }

  /** Closes, releases, hands over, and forgets. */
  *#giveAway(instance: number, recipient: string | undefined): Process {
    const { time, redis } = this.#fleet;
    const holding = this.holdings.get(instance);
    if (holding === undefined) return;
    this.holdings.delete(instance);
    this.#fleet.noteEnd(instance, this, holding.isOpen);
    this.#fleet.noteMove(instance);
    yield* sleep(time, holding.isOpen ? closeMs : 0);
    yield* redis.call('release', () => redis.release(instance, this.incarnation, holding.epoch));
    yield* this.#hand(instance, recipient);
    yield* redis.call('unmark-held', () => redis.held.get(this.incarnation)?.delete(instance));
  }

  *#hand(instance: number, recipient: string | undefined): Process {
    const { time, redis, workers } = this.#fleet;
    if (recipient === undefined) return yield* this.#fleet.requestOwner(instance);
    yield* redis.call('wake', () => workers.get(recipient)?.wake(instance));
    const deadline = time.now + pace.claimWithinMs;
    for (let ms = firstLookMs; time.now < deadline; ms = Math.min(2 * ms, longestLookMs)) {
      if ((yield* redis.call('read-owner', () => redis.owners[instance])) !== '') return;
      yield* sleep(time, ms);
    }
    yield* this.#fleet.requestOwner(instance);
  }

  /** Somebody has put an instance on its wake list. */
  wake(instance: number): void {
    // Nobody reads the list of a dead one.
    if (!this.isRunning) return;
    const worker = this;
    this.#start(
      (function* (): Process {
        yield* worker.#take(instance);
      })(),
    );
  }

  /** SIGTERM: gives everything away, and ends. */
  drain(onEnd: () => void = () => {}): void {
    this.isDraining = true;
    const { time, redis } = this.#fleet;
    const worker = this;
    this.#start(
      (function* (): Process {
        const lease = { ttlMs: pace.leaseTtlMs, load: worker.holdings.size, draining: true };
        yield* redis.call('renew', () => redis.renew(worker.incarnation, lease));
        while (worker.#taking.size > 0) yield* sleep(time, 10);
        const waiting = [...worker.holdings.keys()];
        const peers = (yield* worker.#fleet.peers(handoverPeers)).filter(
          ({ incarnation }) => incarnation !== worker.incarnation,
        );
        const recipients = planHandover(waiting.length, peers);
        const releaseNext = function* (): Process {
          for (let instance = waiting.pop(); instance !== undefined; instance = waiting.pop())
            yield* worker.#giveAway(instance, recipients.shift());
        };
        yield* together(time, Array.from({ length: pace.releasesAtATime }, releaseNext), worker.isOver);
        yield* redis.call('declare-dead', () => {
          redis.lease(worker.incarnation).dead = true;
          redis.listed.delete(worker.incarnation);
        });
        worker.kill(true);
        onEnd();
      })(),
    );
  }
}
