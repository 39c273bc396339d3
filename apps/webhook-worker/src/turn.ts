import { setTimeout as pause } from 'node:timers/promises';
import type { TurnJob } from '@flotilla/contracts';
import type { Queues } from '@flotilla/queue';
import {
  type DeliveryLimits,
  exchange,
  forgetEndpoint,
  type OpenEndpoint,
  readEndpoint,
  type TakenEntry,
} from '@flotilla/webhook';
import type { BulkPace } from './bulk-pace.ts';
import { type Attempted, type DeliveryParts, deliver, type Flight, report } from './deliver.ts';
import type { Claim, Slots } from './slots.ts';

/** After so long (ms) a turn ends and queues behind the others. */
const turnMs = 30_000;

/** A turn that has delivered so many events has much to deliver. */
const bulk = 100;

/** So long (ms) after another tenant had something to deliver, those with much to deliver leave room for it. */
const othersMs = 1_000;

/** How often a turn that waits for answers looks whether other mailboxes have got something from elsewhere (ms). */
const lookMs = 500;

export interface TurnParts extends DeliveryParts {
  queues: Pick<Queues, 'addTurns' | 'addTurnLater' | 'addRelay'>;
  /** The endpoint if it takes deliveries. */
  openEndpoint: (tenant: string, id: string) => OpenEndpoint | Promise<OpenEndpoint | undefined>;
  slots: Slots;
  pace: Pick<BulkPace, 'waitMs'>;
  /** Aborted when the worker stops taking work: turns end after the deliveries at hand. */
  stopping: AbortSignal;
}

/** Spreads what waits for the same thing. */
const spread = (ms: number) => Math.ceil(ms * (1 + Math.random() / 8));

/** The turns that a worker has under way, by endpoint. */
export class Turns {
  readonly #parts: TurnParts;
  readonly #running = new Map<string, Turn>();

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /**
   * Delivers what waits for an endpoint. Events stay in their mailboxes until they are settled, so a turn may end, or its
   * worker die, at any point: the next one begins with the same events.
   * @param signal cuts off what is under way; it then counts as never made
   * @param mostMs after so long it ends and asks for another, so that workers that have come since get their share
   * @throws the signal's reason
   */
  async take(job: TurnJob, signal: AbortSignal, mostMs = turnMs): Promise<void> {
    const turn = new Turn(this.#parts, job, signal, mostMs);
    this.#running.set(job.endpoint, turn);
    try {
      await turn.run();
    } finally {
      if (this.#running.get(job.endpoint) === turn) this.#running.delete(job.endpoint);
    }
  }

  /**
   * Tells of news in an endpoint's mailboxes.
   * @returns whether a turn that is under way here will look; otherwise one has to be asked for
   */
  poke(endpoint: string): boolean {
    return this.#running.get(endpoint)?.poke() ?? false;
  }
}

/**
 * One turn of an endpoint. Its states:
 * - `taking`: heads of mailboxes are taken as slots are given
 * - `ending`: what is under way is waited for, nothing more is taken
 * - `over`
 */
type TurnState = 'taking' | 'ending' | 'over';

class Turn {
  readonly #parts: TurnParts;
  readonly #job: TurnJob;
  readonly #signal: AbortSignal;
  readonly #mostMs: number;
  readonly #claim: Claim;
  readonly #flights = new Map<string, Flight>();
  #state: TurnState = 'taking';
  /** What has been attempted and has yet to be settled. */
  #attempted: Attempted[] = [];
  /** Slots that were given and are not in use yet. */
  #granted = 0;
  /** How many were settled. */
  #settled = 0;
  /** Whether there may be something to take. */
  #mayTake = true;
  #again = false;
  /** Ms until something is due, as the last look said. */
  #waitMs: number | undefined;
  #renewAt = 0;
  #lookAt = 0;
  #wake: (() => void) | undefined;

  constructor(parts: TurnParts, job: TurnJob, signal: AbortSignal, mostMs: number) {
    this.#parts = parts;
    this.#job = job;
    this.#signal = signal;
    this.#mostMs = mostMs;
    this.#claim = parts.slots.join(job.tenant, () => {
      this.#granted += 1;
      this.#wake?.();
    });
  }

  poke(): boolean {
    if (this.#state !== 'taking') return false;
    this.#mayTake = true;
    this.#wake?.();
    return true;
  }

  async run(): Promise<void> {
    const { queues, stopping } = this.#parts;
    const until = performance.now() + this.#mostMs;
    const cutOff = () => {
      for (const flight of this.#flights.values()) flight.abort(this.#signal.reason);
      this.#wake?.();
    };
    const stop = () => this.#wake?.();
    this.#signal.addEventListener('abort', cutOff);
    stopping.addEventListener('abort', stop);
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        const endpoint = await this.#endpoint();
        if (this.#state === 'taking' && (stopping.aborted || performance.now() > until)) this.#end('again');
        if (endpoint === undefined && this.#state === 'taking') this.#end('nothing');
        this.#askForSlots(endpoint);
        if (!this.#hasWork()) {
          if (this.#isDone()) break;
          await this.#pause();
          continue;
        }
        await this.#exchange(endpoint);
      }
      // Nothing is awaited between the last look and this: what comes from here on asks for a turn of its own.
      this.#state = 'over';
      if (this.#again) await queues.addTurns([this.#job]);
      else if (this.#waitMs !== undefined) await queues.addTurnLater(this.#job, spread(this.#waitMs));
    } finally {
      this.#state = 'over';
      this.#signal.removeEventListener('abort', cutOff);
      stopping.removeEventListener('abort', stop);
      for (; this.#granted > 0; this.#granted -= 1) this.#claim.release();
      // Aborted ones give theirs back by themselves.
      this.#claim.leave();
    }
  }

  /** The endpoint as it is now. Switched off: whoever switches it on asks for a turn. Removed: nobody will ever read it. */
  async #endpoint(): Promise<OpenEndpoint | undefined> {
    const { redis, openEndpoint } = this.#parts;
    const { endpoint: id, tenant } = this.#job;
    const known = openEndpoint(tenant, id);
    const endpoint = known instanceof Promise ? await known : known;
    if (endpoint === undefined && this.#flights.size === 0 && !(await readEndpoint(redis, tenant, id)))
      await forgetEndpoint(redis, id);
    return endpoint;
  }

  #end(then: 'again' | 'nothing') {
    this.#state = 'ending';
    this.#mayTake = false;
    this.#waitMs = undefined;
    this.#again = then === 'again';
  }

  #limitsOf(endpoint: OpenEndpoint | undefined): DeliveryLimits {
    const { limits } = this.#parts;
    const asked = endpoint?.record.concurrency;
    return asked === undefined || asked >= limits.maxInFlight ? limits : { ...limits, maxInFlight: asked };
  }

  #askForSlots(endpoint: OpenEndpoint | undefined) {
    const { maxInFlight } = this.#limitsOf(endpoint);
    const most = Math.min(maxInFlight, this.#parts.slots.perEndpoint);
    this.#claim.want(this.#mayTake ? Math.max(0, most - this.#flights.size - this.#granted) : 0);
    if (!this.#mayTake) this.#giveBack();
  }

  /** Slots that there is nothing for. */
  #giveBack() {
    for (; this.#granted > 0; this.#granted -= 1) this.#claim.release();
  }

  #hasWork(): boolean {
    if (this.#attempted.length > 0 || (this.#granted > 0 && this.#mayTake)) return true;
    return this.#flights.size > 0 && performance.now() >= this.#renewAt;
  }

  /** Slots that are asked for will be given some time: others give them back. */
  #isDone(): boolean {
    return this.#flights.size === 0 && !this.#mayTake;
  }

  /** Until there is something to settle, a slot, news, or time to look or to renew. */
  async #pause(): Promise<void> {
    const now = performance.now();
    const lookAt = this.#state === 'taking' ? this.#lookAt : Number.POSITIVE_INFINITY;
    // Not to the ms: timers that end together cost as much as one.
    const ms =
      this.#flights.size > 0 ? Math.max(1, Math.ceil((Math.min(this.#renewAt, lookAt) - now) / 50)) * 50 : turnMs;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    clearTimeout(timer);
    // What else has come in the same round of the event loop goes along in the same round trip.
    if (this.#flights.size > 0) await new Promise(setImmediate);
    if (this.#settled > bulk) await this.#leaveRoom();
    if (this.#flights.size > 0 && this.#state === 'taking' && performance.now() >= this.#lookAt) {
      this.#lookAt = performance.now() + lookMs;
      this.#mayTake = true;
    }
  }

  async #leaveRoom(): Promise<void> {
    const { pace, slots } = this.#parts;
    if (pace.waitMs > 0 && slots.othersAgo(this.#job.tenant) < othersMs) await pause(pace.waitMs);
  }

  /** One round trip for all that has come together. */
  async #exchange(endpoint: OpenEndpoint | undefined): Promise<void> {
    const { redis } = this.#parts;
    const limits = this.#limitsOf(endpoint);
    const attempted = this.#attempted;
    this.#attempted = [];
    this.#settled += attempted.length;
    const take = this.#state === 'taking' && this.#mayTake ? this.#granted : 0;
    this.#granted -= take;
    this.#mayTake = false;
    const isTimeToRenew = performance.now() >= this.#renewAt;
    const renew = isTimeToRenew ? [...this.#flights.values()].map(({ taken }) => taken) : [];
    if (isTimeToRenew) this.#renewAt = performance.now() + limits.placeMs / 3;
    let left = take;
    try {
      const answer = await exchange(redis, this.#job.endpoint, { settle: attempted, renew, take }, limits);
      for (const taken of answer.taken) {
        // In flight before its slot is counted as used: nothing in between can fail.
        if (endpoint) this.#fly(endpoint, taken);
        left -= 1;
      }
      for (const [n, result] of answer.settled.entries()) {
        const each = attempted[n];
        if (each) await report(this.#parts, each, result);
      }
      for (const { expiry, mailbox } of renew) {
        if (expiry === 0) this.#flights.get(mailbox.instance)?.abort(lost);
      }
      for (const instance of answer.roomy) await this.#parts.queues.addRelay({ instance, ...this.#job });
      this.#waitMs = answer.waitMs;
      // What was settled has made room for the next of its mailbox, which was not asked for without a slot.
      if (this.#state === 'taking' && (attempted.length > take || (take > 0 && left === 0))) this.#mayTake = true;
    } finally {
      for (; left > 0; left -= 1) this.#claim.release();
    }
  }

  #fly(endpoint: OpenEndpoint, taken: TakenEntry) {
    const name = taken.mailbox.instance;
    const now = performance.now();
    if (this.#flights.size === 0) {
      this.#renewAt = now + this.#parts.limits.placeMs / 3;
      this.#lookAt = now + lookMs;
    }
    const flight = deliver(this.#parts, endpoint, taken);
    this.#flights.set(name, flight);
    const land = () => {
      this.#flights.delete(name);
      this.#claim.release(performance.now() - now);
      this.#wake?.();
    };
    flight.done.then(
      (attempted) => {
        this.#attempted.push(attempted);
        // What is behind it in its mailbox is taken in the round trip that settles it.
        if (this.#state === 'taking') this.#mayTake = true;
        if (attempted.isGone && this.#state === 'taking') this.#end('nothing');
        land();
      },
      (error: unknown) => {
        land();
        // Another worker has it, or this one has to stop. Whatever else it was, the place runs out and it is tried again.
        if (error !== lost && !this.#signal.aborted)
          this.#parts.log.error({ err: error, endpoint: this.#job.endpoint }, 'delivery.failed');
      },
    );
  }
}

/** Why a request is cut off whose place in flight was lost, because this process stood still for long. */
const lost = new Error('The place in flight was lost');
