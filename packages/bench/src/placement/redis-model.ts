import type { CommandCosts, Operation } from './commands.ts';
import type { Process, VirtualTime } from './virtual-time.ts';

/** A lease as Redis holds it. */
interface Lease {
  exp: number;
  load: number;
  capacity: number;
  draining: boolean;
  dead: boolean;
  reaper: string;
  reaperUntil: number;
}

/** What Redis has done in one second. */
interface RedisSecond {
  commands: number;
  busyMs: number;
}

/**
 * Redis as the fleet uses it: operations that are atomic, one after the other, each as long as it was measured to take,
 * and the way there and back. Times are ms of virtual time.
 */
export class RedisModel {
  readonly leases = new Map<string, Lease>();
  /** Incarnation → last renewal; those that are longest silent first. */
  readonly listed = new Map<string, number>();
  /** What each incarnation holds or is about to claim. */
  readonly held = new Map<string, Set<number>>();
  /** Incarnation that owns an instance; '' for nobody. */
  readonly owners: string[];
  readonly epochs: Int32Array;
  readonly seconds: RedisSecond[] = [];
  readonly calls = new Map<Operation, number>();
  readonly #time: VirtualTime;
  readonly #costs: CommandCosts;
  readonly #roundTripMs: number;
  #busyUntil = 0;
  #budget: { tokens: number; at: number } | undefined;

  constructor(
    time: VirtualTime,
    instances: number,
    { costs, roundTripMs }: { costs: CommandCosts; roundTripMs: number },
  ) {
    this.#time = time;
    this.#costs = costs;
    this.#roundTripMs = roundTripMs;
    this.owners = new Array<string>(instances).fill('');
    this.epochs = new Int32Array(instances);
  }

  /** How long Redis has to do for what it was asked already (ms). */
  get backlogMs(): number {
    return Math.max(0, this.#busyUntil - this.#time.now);
  }

  /** Asks Redis for an operation, so many times in one go, and goes on when it is answered. */
  *call<T>(operation: Operation, run: () => T, times = 1): Process<T> {
    const cost = this.#costs[operation];
    const busyMs = (cost.microseconds * times) / 1_000;
    const beginsAt = Math.max(this.#busyUntil, this.#time.now + this.#roundTripMs);
    this.#busyUntil = beginsAt + busyMs;
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + times);
    this.#count(beginsAt, cost.commands * times, busyMs);
    yield { until: this.#busyUntil };
    return run();
  }

  /** Forgets what was counted up to now. */
  resetCounts(): void {
    this.seconds.length = 0;
    this.calls.clear();
  }

  #count(at: number, commands: number, busyMs: number): void {
    const second = Math.floor(at / 1_000);
    const counted = this.seconds[second] ?? { commands: 0, busyMs: 0 };
    counted.commands += commands;
    counted.busyMs += busyMs;
    this.seconds[second] = counted;
  }

  lease(incarnation: string): Lease {
    const lease = this.leases.get(incarnation);
    if (lease === undefined) throw new Error(`There is no lease ${incarnation}`);
    return lease;
  }

  /** `register.lua`, and the list. */
  register(incarnation: string, capacity: number, ttlMs: number): void {
    const exp = this.#time.now + ttlMs;
    this.leases.set(incarnation, { exp, load: 0, capacity, draining: false, dead: false, reaper: '', reaperUntil: 0 });
    this.held.set(incarnation, new Set());
    this.listed.set(incarnation, this.#time.now);
  }

  /** `renew.lua`. @returns false when it was declared dead */
  renew(incarnation: string, { ttlMs, load, draining }: { ttlMs: number; load: number; draining: boolean }): boolean {
    const lease = this.leases.get(incarnation);
    if (lease === undefined || lease.dead) return false;
    lease.exp = this.#time.now + ttlMs;
    lease.load = load;
    lease.draining = draining;
    return true;
  }

  /** The command that tells the list of a renewal. */
  tellFleet(incarnation: string, at = this.#time.now): void {
    this.listed.delete(incarnation);
    this.listed.set(incarnation, at);
  }

  /** `silent-workers.lua`. */
  silentWorkers(silenceMs: number): { workers: number; silent: string[] } {
    const silent: string[] = [];
    for (const [incarnation, at] of this.listed) {
      if (at > this.#time.now - silenceMs) break;
      silent.push(incarnation);
    }
    return { workers: this.listed.size, silent };
  }

  /** `declare-dead.lua`. */
  declareDead(incarnation: string, proof: boolean): boolean {
    const lease = this.leases.get(incarnation);
    if (lease === undefined || lease.dead) return true;
    if (!proof && lease.exp > this.#time.now) return false;
    lease.dead = true;
    return true;
  }

  /** `begin-takeover.lua`. */
  beginTakeover(incarnation: string, reaper: string, aloneMs: number): boolean {
    const lease = this.lease(incarnation);
    if (lease.reaper !== '' && lease.reaper !== reaper && lease.reaperUntil > this.#time.now) return false;
    lease.reaper = reaper;
    lease.reaperUntil = this.#time.now + aloneMs;
    return true;
  }

  /** `mark-held.lua`. */
  markHeld(incarnation: string, instance: number): boolean {
    if (this.lease(incarnation).dead) return false;
    this.held.get(incarnation)?.add(instance);
    return true;
  }

  /** `claim.lua`. */
  claim(instance: number, incarnation: string, expected: { owner: string; epoch: number }): boolean {
    if (this.owners[instance] !== expected.owner || this.epochs[instance] !== expected.epoch) return false;
    this.owners[instance] = incarnation;
    this.epochs[instance] = expected.epoch + 1;
    return true;
  }

  /** `release.lua`. */
  release(instance: number, incarnation: string, epoch: number): boolean {
    if (this.owners[instance] !== incarnation || this.epochs[instance] !== epoch) return false;
    this.owners[instance] = '';
    return true;
  }

  /** Members of the list, chosen by chance. */
  sample(count: number, random: () => number): string[] {
    const all = [...this.listed.keys()];
    const chosen: string[] = [];
    while (chosen.length < count && all.length > 0) {
      const at = Math.floor(random() * all.length);
      const last = all.pop();
      if (last === undefined) break;
      chosen.push(all[at] ?? last);
      if (at < all.length) all[at] = last;
    }
    return chosen;
  }

  /** `connect-budget.lua`. @returns ms to wait */
  takeLogin(perSecond: number, size: number): number {
    const { now } = this.#time;
    const rate = perSecond / 1_000;
    const { tokens, at } = this.#budget ?? { tokens: size, at: now };
    const left = Math.min(size, tokens + (now - at) * rate) - 1;
    this.#budget = { tokens: left, at: now };
    return Math.max(0, Math.ceil(-left / rate));
  }
}
