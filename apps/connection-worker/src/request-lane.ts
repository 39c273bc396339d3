import { instanceKeys, type RequestJob, requests } from '@flotilla/contracts';
import { type RequestFailure, type RequestState, readRequest, requestStep } from '@flotilla/instance';
import { FencedError } from '@flotilla/lease';
import type { Lane, LaneJob } from '@flotilla/queue';
import { fleetNow, type Redis } from '@flotilla/redis';
import type { Logger, WatchedLoop } from '@flotilla/service';
import { lookAgainAfterMs } from './control-lane.ts';
import type { InstanceStore } from './instance-store.ts';

/** The open connection as this lane uses it. */
export interface Requester {
  /**
   * Asks WhatsApp.
   * @throws RequestError with what the tenant is to be told; OUTCOME_UNKNOWN if the connection was lost meanwhile
   */
  ask(job: RequestJob): Promise<unknown>;
}

/** Why a request failed, in terms of the error table. */
export class RequestError extends Error {
  readonly failure: RequestFailure;

  constructor(code: RequestFailure['code'], ...details: string[]) {
    super(code);
    this.name = 'RequestError';
    this.failure = { code, details };
  }
}

export interface RequestLaneOptions {
  redis: Redis;
  lane: Lane<RequestJob>;
  store: InstanceStore;
  /** The open connection, or undefined while there is none. */
  requester(): Requester | undefined;
  /** Puts what is marked as taken back into the queue: what this lane held when Redis went away. */
  reclaim(): Promise<unknown>;
  /** False from the lease's deadline on, and once the instance is being given away. */
  mayWork(): boolean;
  loop?: WatchedLoop;
  log: Logger;
}

/** How many requests of one instance are under way side by side. */
const parallel = 4;
/**
 * The largest answer that is handed on (characters of JSON). It lies in Redis until it is fetched, and in the memory of
 * a gateway that serves others.
 */
const largestAnswer = 8_388_608;

/**
 * Asks an instance's open connection what its tenant wants to know or to have done, several side by side and in no
 * order. Nothing is kept for later: who asks waits for the answer.
 */
export class RequestLane {
  readonly #options: RequestLaneOptions;
  readonly #running = new Set<Promise<void>>();
  #attending: Promise<void> | undefined;
  #again = false;
  /** A job was left behind, marked as taken, because Redis could not be told what became of it. */
  #leftBehind = false;

  constructor(options: RequestLaneOptions) {
    this.#options = options;
  }

  /** Whether anything is being asked at this moment. */
  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Takes what waits, as far as there is room. A call while it does makes it look once more. Never rejects. */
  attend(): Promise<void> {
    this.#again = true;
    this.#attending ??= this.#takeWaiting().finally(() => {
      this.#attending = undefined;
    });
    return this.#attending;
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.#attending;
    await Promise.all(this.#running);
  }

  async #takeWaiting(): Promise<void> {
    const { lane, requester, reclaim, mayWork, loop, log } = this.#options;
    while (this.#again) {
      this.#again = false;
      try {
        if (this.#leftBehind && this.#running.size === 0) {
          await reclaim();
          this.#leftBehind = false;
        }
        // What was left behind comes back only when nothing is taken any more: it must not wait for a busy instance to
        // pause.
        while (mayWork() && requester() && !this.#leftBehind && this.#running.size < parallel) {
          const job = await lane.next();
          if (!job) break;
          const watched = loop?.begin();
          const running = this.#process(job).finally(() => {
            watched?.end();
            this.#running.delete(running);
            void this.attend();
          });
          this.#running.add(running);
        }
      } catch (error) {
        log.warn({ err: error }, 'requests.interrupted');
        if (mayWork()) setTimeout(() => void this.attend(), lookAgainAfterMs);
      }
    }
  }

  async #process(job: LaneJob<RequestJob>): Promise<void> {
    const { redis, store, requester, log } = this.#options;
    const { name, requestId, acceptedAt } = job.data;
    const { repeatable } = requests[name];
    try {
      const open = requester();
      const before = await readRequest(redis, store.fence.instance, requestId);
      // Nobody waits for it any more, or the last owner died after it had answered.
      const isOver = before === undefined || before.status === 'done' || before.status === 'failed';
      if (isOver || before.expiresAt <= fleetNow()) {
        await job.complete();
        return;
      }
      if (!open) {
        await job.putBack();
        return;
      }
      const began = performance.now();
      let state: RequestState;
      if (!repeatable && before.status === 'running') {
        state = { status: 'failed', error: { code: 'OUTCOME_UNKNOWN', details: [] } };
      } else {
        if (!repeatable) await this.#settle(job.data, { status: 'running' });
        state = await this.#ask(open, job.data);
      }
      if (repeatable && state.status === 'failed' && state.error.code === 'OUTCOME_UNKNOWN') {
        await job.putBack(); // the next connection may answer in time
        return;
      }
      await this.#settle(job.data, state);
      await job.complete();
      const ms = Math.round(performance.now() - began);
      const code = state.status === 'failed' ? state.error.code : undefined;
      log.info(
        { request: name, requestId, outcome: state.status, code, ms, waitedMs: fleetNow() - acceptedAt - ms },
        'request.done',
      );
    } catch (error) {
      // Redis is away, or the instance has another owner, who begins with what is queued.
      this.#leftBehind = true;
      if (!(error instanceof FencedError)) log.warn({ err: error, request: name }, 'request.interrupted');
    }
  }

  async #ask(open: Requester, job: RequestJob): Promise<RequestState> {
    try {
      const result = (await open.ask(job)) ?? null;
      if (JSON.stringify(result).length <= largestAnswer) return { status: 'done', result };
      return { status: 'failed', error: { code: 'ANSWER_TOO_LARGE', details: [String(largestAnswer)] } };
    } catch (error) {
      if (error instanceof RequestError) return { status: 'failed', error: error.failure };
      this.#options.log.error({ err: error, request: job.name }, 'request.failed');
      return { status: 'failed', error: { code: 'INTERNAL', details: [job.requestId] } };
    }
  }

  async #settle({ requestId, keepMs }: RequestJob, state: RequestState): Promise<void> {
    const { store } = this.#options;
    const key = instanceKeys.request(store.fence.instance, requestId);
    await store.write([
      { command: 'hset', key, args: requestStep(state) },
      { command: 'pexpire', key, args: [keepMs] },
    ]);
  }
}
