import { type CommandJob, type ControlJob, instanceKeys, queues, type RequestJob } from '@flotilla/contracts';
import type { Fence } from '@flotilla/lease';
import { type Lane, openLane, reclaim, type sharedBackend, takeUp } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { Connection } from './connection/connection.ts';
import { ControlLane } from './control-lane.ts';
import type { InstanceStore } from './instance-store.ts';
import type { Loops } from './loops.ts';
import type { Pacing } from './pacing.ts';
import { RequestLane } from './request-lane.ts';
import { SendLane } from './send-lane.ts';

export interface HeldLanesOptions {
  redis: Redis;
  backend: ReturnType<typeof sharedBackend>;
  fence: Fence;
  store: InstanceStore;
  pacing: Pacing;
  connection: Connection;
  loops: Loops;
  log: Logger;
  /** Does one control job. */
  runControl(job: ControlJob): Promise<void>;
  /** Called when it is time to try a control job again. */
  onLater(): Promise<void>;
  /** Whether a phone is linked. */
  paired(): boolean;
  /** False from the lease's deadline on, and once the instance is being given away. */
  mayWork(): boolean;
}

/** The queues of an instance in the hands of its owner, each with the lane that works on it. */
export class HeldLanes {
  /** The queues themselves. */
  readonly queued: { control: Lane<ControlJob>; commands: Lane<CommandJob>; requests: Lane<RequestJob> };
  readonly sends: SendLane;
  readonly asks: RequestLane;
  readonly controls: ControlLane;
  readonly #reclaim: (queue: string) => Promise<unknown>;
  readonly #takeUp: (queue: string) => Promise<Map<string, number>>;
  /** Commands that former owners had in hand when they ended without a word, and how many did. */
  #leftByOwners = new Map<string, number>();

  constructor(options: HeldLanesOptions) {
    const { redis, backend, fence, store, pacing, connection, loops, log, paired, mayWork } = options;
    const open = <T>(queue: string, besideBase?: string): Lane<T> =>
      openLane(fence.instance, queue, { connection: redis, backend, besideBase });
    this.queued = {
      control: open(queues.control),
      // The id of a command's job is that of its message.
      commands: open(queues.commands, instanceKeys.journal(fence.instance, '')),
      requests: open(queues.requests),
    };
    this.#reclaim = (queue) => reclaim(redis, fence, queue);
    this.#takeUp = (queue) => takeUp(redis, fence, queue);
    this.sends = new SendLane({
      redis,
      lane: this.queued.commands,
      store,
      pacing,
      sender: () => connection.openSocket?.sender,
      paired,
      reclaim: () => this.#reclaim(queues.commands),
      ownersEndedBy: (messageId) => this.#leftByOwners.get(messageId) ?? 0,
      loop: loops.sendLane,
      mayWork,
      log,
    });
    this.asks = new RequestLane({
      redis,
      lane: this.queued.requests,
      store,
      requester: () => connection.openSocket?.requester,
      reclaim: () => this.#reclaim(queues.requests),
      loop: loops.requestLane,
      mayWork,
      log,
    });
    this.controls = new ControlLane({
      lane: this.queued.control,
      run: options.runControl,
      reclaim: () => this.#reclaim(queues.control),
      onLater: options.onLater,
      loop: loops.controlLane,
      mayWork,
      log,
    });
  }

  /** Puts what the last owner was working on back to the heads of the queues. @throws if Redis is away, or if fenced */
  async reclaimAll(): Promise<void> {
    this.#leftByOwners = await this.#takeUp(queues.commands);
    for (const queue of [queues.control, queues.requests]) await this.#takeUp(queue);
  }

  /** Sends what waits, and resolves when no send and no request is under way any more. */
  async finish(): Promise<void> {
    await Promise.all([this.sends.attend(), this.asks.idle()]);
  }
}
