import type { ControlJob } from '@flotilla/contracts';
import { FencedError, LeaseLostError } from '@flotilla/lease';
import { type Lane, type LaneJob, takeNext } from '@flotilla/queue';
import { isStoreError } from '@flotilla/redis';
import type { Logger, WatchedLoop } from '@flotilla/service';
import { originOf } from './error-origin.ts';

export interface ControlLaneOptions {
  lane: Lane<ControlJob>;
  /** Does one job. */
  run(job: ControlJob): Promise<void>;
  /** False from the lease's deadline on, and once the instance is being given away: a job may have done that. */
  mayWork(): boolean;
  /** Puts what is marked as taken back to the head of the queue: what this lane held when Redis went away. */
  reclaim(): Promise<unknown>;
  /** Called when it is time to try again: has `attend` called, and whatever depends on it. */
  onLater(): Promise<void>;
  loop?: WatchedLoop;
  log: Logger;
}

/** How long after an interruption a lane looks again (ms): Redis may have been away for a moment only. */
export const lookAgainAfterMs = 1_000;

/** So many tries of a job may fail before it is given up, for the sake of those behind it. */
const triesUntilGivenUp = 5;
/** The longest pause between two tries (ms); the first is `lookAgainAfterMs`, and each one twice as long as the last. */
const longestPauseMs = 60_000;

/** Does an instance's control jobs (connect, stop, log out…), one after the other; they wait behind no message. */
export class ControlLane {
  readonly #options: ControlLaneOptions;
  #attending: Promise<void> | undefined;
  #again = false;
  #leftBehind = false;
  #later: NodeJS.Timeout | undefined;
  /** The job that fails, and how often it has. */
  #failing = { id: '', tries: 0 };

  constructor(options: ControlLaneOptions) {
    this.#options = options;
  }

  /** Whether it has a job in hand, is about to take one, or will try one again. */
  get busy(): boolean {
    return this.#attending !== undefined || this.#later !== undefined;
  }

  /** Works until nothing waits. A call while it works makes it look once more. Never rejects. */
  attend(): Promise<void> {
    this.#again = true;
    this.#attending ??= this.#workUntilQuiet().finally(() => {
      this.#attending = undefined;
    });
    return this.#attending;
  }

  async #workUntilQuiet(): Promise<void> {
    const { lane, reclaim, mayWork, loop, log } = this.#options;
    while (this.#again && mayWork()) {
      this.#again = false;
      try {
        if (this.#leftBehind) await reclaim();
        this.#leftBehind = false;
        const next = () => takeNext(lane, reclaim);
        for (let job = await next(); job; job = await next()) {
          log.info({ control: job.data.name }, 'control.run');
          const running = loop?.begin();
          const isDone = await this.#tryOut(job).finally(() => running?.end());
          if (!mayWork()) return;
          if (isDone) await job.complete();
          else if (!(await this.#giveUp(job))) return;
        }
      } catch (error) {
        this.#leftBehind = true;
        if (error instanceof FencedError) return;
        log.warn({ err: error }, 'control.interrupted');
        this.#attendLater(lookAgainAfterMs);
        return;
      }
    }
  }

  #attendLater(ms: number): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      void this.#options.onLater();
    }, ms);
  }

  /** @returns false if the job itself failed, and not for want of Redis or of the lease */
  async #tryOut({ id, data }: LaneJob<ControlJob>): Promise<boolean> {
    const { run, mayWork, log } = this.#options;
    try {
      await run(data);
      return true;
    } catch (error) {
      if (error instanceof FencedError || error instanceof LeaseLostError || isStoreError(error) || !mayWork())
        throw error;
      const tries = this.#failing.id === id ? this.#failing.tries + 1 : 1;
      this.#failing = { id, tries };
      log.error({ control: data.name, tries, ...originOf(error) }, 'control.broken');
      return false;
    }
  }

  /**
   * A job that has failed comes again after a pause, in which those behind it wait; then it is given up. Only a removal
   * never is: there is nothing behind it, and nobody would ever do the rest.
   * @returns false if it comes again
   */
  async #giveUp(job: LaneJob<ControlJob>): Promise<boolean> {
    const { tries } = this.#failing;
    if (tries >= triesUntilGivenUp && job.data.name !== 'remove') {
      await job.fail('It failed whenever it was tried');
      return true;
    }
    // Fenced, unlike the lane's own way to put it back.
    await this.#options.reclaim();
    this.#attendLater(Math.min(lookAgainAfterMs * 2 ** (tries - 1), longestPauseMs));
    return false;
  }
}
