import type { Queues } from '@flotilla/queue';
import { keepsOrder, type Redis, scriptsResent } from '@flotilla/redis';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { Loops } from './loops.ts';

/** ms between tries to hand events on while Redis is away. */
const againMs = 500;

interface RelayNudgesOptions {
  redis: Redis;
  queues: Pick<Queues, 'nudgeRelay'>;
  instance: string;
  tenant: string;
  faults: WorkerFaultPoints | undefined;
  loops: Pick<Loops, 'nudge'> | undefined;
}

/** How the owner of an instance asks webhook workers to hand its stored events on. */
export class RelayNudges {
  readonly #options: RelayNudgesOptions;
  #asking = false;
  #again = false;
  #ended = false;

  constructor(options: RelayNudgesOptions) {
    this.#options = options;
  }

  /** Starts no further attempts. */
  end(): void {
    this.#ended = true;
  }

  /** Asks, and keeps asking while Redis is away. */
  ask(): void {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    void this.#askUntilDone();
  }

  /**
   * Asks right behind the write that stores events, without waiting for its answer: the server does one after the other.
   * If nothing was stored there is nothing to hand on.
   * @param written the write, of which everything has been sent
   * @returns whether that was enough, which never rejects; undefined if asking has to wait for the write
   */
  behind(written: Promise<unknown>): Promise<boolean> | undefined {
    const { redis, faults } = this.#options;
    // A test that lets the worker die between writing and asking needs both apart.
    if (!keepsOrder(redis) || faults?.waits('crash-between-event-and-nudge')) return undefined;
    return this.#askBehind(written);
  }

  async #askBehind(written: Promise<unknown>): Promise<boolean> {
    const { queues, instance, tenant } = this.#options;
    const before = scriptsResent();
    const asked = queues.nudgeRelay({ instance, tenant }).then(
      () => true,
      () => false,
    );
    await written.catch(() => {});
    return (await asked) && scriptsResent() === before;
  }

  async #askUntilDone(): Promise<void> {
    const { queues, instance, tenant, loops } = this.#options;
    const running = loops?.nudge.begin();
    while (this.#again && !this.#ended) {
      this.#again = false;
      try {
        await queues.nudgeRelay({ instance, tenant });
        running?.progress();
      } catch {
        this.#again = true;
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
    running?.end();
    this.#asking = false;
  }
}
