import type { ControlJob } from '@flotilla/contracts';
import { FencedError } from '@flotilla/lease';
import type { Lane } from '@flotilla/queue';
import type { Logger, WatchedLoop } from '@flotilla/service';

export interface ControlLaneOptions {
  lane: Lane<ControlJob>;
  /** Does one job. */
  run(job: ControlJob): Promise<void>;
  /** False from the lease's deadline on, and once the instance is being given away: a job may have done that. */
  mayWork(): boolean;
  /** Puts what is marked as taken back to the head of the queue: what this lane held when Redis went away. */
  reclaim(): Promise<unknown>;
  loop?: WatchedLoop;
  log: Logger;
}

/** How long after an interruption a lane looks again (ms): Redis may have been away for a moment only. */
export const lookAgainAfterMs = 1_000;

/** Does an instance's control jobs (connect, stop, log out…), one after the other; they wait behind no message. */
export class ControlLane {
  readonly #options: ControlLaneOptions;
  #attending: Promise<void> | undefined;
  #again = false;
  #leftBehind = false;

  constructor(options: ControlLaneOptions) {
    this.#options = options;
  }

  /** Whether it has a job in hand, or is about to take one. */
  get busy(): boolean {
    return this.#attending !== undefined;
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
    const { lane, run, reclaim, mayWork, loop, log } = this.#options;
    while (this.#again && mayWork()) {
      this.#again = false;
      try {
        if (this.#leftBehind) await reclaim();
        this.#leftBehind = false;
        for (let job = await lane.next(); job; job = await lane.next()) {
          log.info({ control: job.data.name }, 'control.run');
          const running = loop?.begin();
          await run(job.data).finally(() => running?.end());
          if (!mayWork()) return;
          await job.complete();
        }
      } catch (error) {
        this.#leftBehind = true;
        if (error instanceof FencedError) return;
        log.warn({ err: error }, 'control.interrupted');
        setTimeout(() => void this.attend(), lookAgainAfterMs);
        return;
      }
    }
  }
}
