import { setTimeout as pause } from 'node:timers/promises';
import { type CommandJob, fleetKeys, type SendError } from '@flotilla/contracts';
import type { JournalEntry } from '@flotilla/instance';
import { FencedError, LeaseLostError, type RedisCommand } from '@flotilla/lease';
import { type Lane, type LaneJob, takeNext } from '@flotilla/queue';
import { fleetNow, isStoreError, type Redis } from '@flotilla/redis';
import type { Logger, LoopRun, WatchedLoop } from '@flotilla/service';
import { lookAgainAfterMs } from './control-lane.ts';
import { originOf } from './error-origin.ts';
import type { InstanceStore } from './instance-store.ts';
import type { Pacing } from './pacing.ts';

/** How a send over the open socket ended. */
export type SendOutcome =
  /** With what is to be written together with the acknowledgement. */
  | { outcome: 'acked'; also?: readonly RedisCommand[] }
  /** WhatsApp has refused it, or the recipient cannot get it: trying again would do harm or nothing. */
  | { outcome: 'refused'; error: SendError }
  /** Nobody knows: no acknowledgement came. The same id goes out again. */
  | { outcome: 'unknown' }
  /** There is no open socket any more. */
  | { outcome: 'interrupted' };

/** What is kept of the messages of a command, so that trying again after a crash builds and uploads nothing twice. */
export interface SendJournal {
  /**
   * What was journalled of one message.
   * @returns its bytes (`proto.Message`) and whether the server has it; undefined if it has not been built yet
   */
  sent(messageId: string): Promise<{ content: Buffer; acked: boolean } | undefined>;
  /**
   * Stores what a message consists of, before it leaves.
   * @param details.also written together with it
   * @param details.withNext with the next write of the instance, which whoever sends waits for
   */
  sending(
    messageId: string,
    content: Buffer,
    details?: { also?: readonly RedisCommand[]; withNext?: boolean },
  ): Promise<void>;
  /** Notes that the server has a message that is but a part of the command. */
  acked(messageId: string): Promise<void>;
  /** Notes that such a message will not be sent. */
  failed(messageId: string, error: SendError): Promise<void>;
}

/** The open connection as the lane uses it. */
export interface Sender {
  /** Builds, journals and sends the messages of a command, and waits for the server's acknowledgement of each. */
  send(job: CommandJob, journal: SendJournal): Promise<SendOutcome>;
}

export interface SendLaneOptions {
  redis: Redis;
  lane: Lane<CommandJob>;
  store: InstanceStore;
  pacing: Pacing;
  /** The open connection, or undefined while there is none. */
  sender(): Sender | undefined;
  /** Puts what is marked as taken back to the head of the queue: what this lane held when Redis went away. */
  reclaim(): Promise<unknown>;
  /** How many owners in a row have ended without a word while they had this message in hand. */
  ownersEndedBy(messageId: string): number;
  /** Whether a phone is linked; without one nothing that waits can ever be sent. */
  paired(): boolean;
  /** False from the lease's deadline on, and once the instance is being given away. */
  mayWork(): boolean;
  loop?: WatchedLoop;
  log: Logger;
}

/** So many sends of one message may end without an acknowledgement before it is given up. */
const triesUntilGivenUp = 6;
/** So many owners may end without a word over one message before it is given up: the next would be the next to end. */
const ownersUntilGivenUp = 5;
/** Pause after a try that failed here, and not at WhatsApp (ms); it doubles each time, up to the longest. */
const brokenPauseMs = 1_000;
const longestPauseMs = 4_000;
/** How many waiting commands are looked at for having expired (each look). */
const expiryWindow = 500;
/** Waiting commands are looked at again after this at the latest (ms). */
const lookAgainMs = 60_000;

/**
 * Sends an instance's commands, strictly one after the other, while its connection is open, and fails those that
 * waited too long. Nothing runs while there is nothing to do: `attend` is called when something may have changed.
 */
export class SendLane {
  readonly #options: SendLaneOptions;
  #tries = new Map<string, number>();
  #attending: Promise<void> | undefined;
  #again = false;
  /** A job was left behind, marked as taken, because Redis could not be told what became of it. */
  #leftBehind = false;
  #oldestAt: number | undefined;
  #run: LoopRun | undefined;

  constructor(options: SendLaneOptions) {
    this.#options = options;
  }

  /** Whether it is sending at this moment. */
  get busy(): boolean {
    return this.#attending !== undefined;
  }

  /** When the oldest command that waits was accepted (Unix ms), as far as it is known; undefined if none does. */
  get oldestAt(): number | undefined {
    return this.#oldestAt;
  }

  /** Works until nothing more can be done. A call while it works makes it look once more. Never rejects. */
  attend(): Promise<void> {
    this.#again = true;
    if (!this.#attending) this.#run = this.#options.loop?.begin();
    this.#attending ??= this.#attendUntilQuiet().finally(() => {
      this.#run?.end();
      this.#attending = undefined;
    });
    return this.#attending;
  }

  async #attendUntilQuiet(): Promise<void> {
    const { mayWork, reclaim, log } = this.#options;
    while (this.#again && mayWork()) {
      this.#again = false;
      try {
        // Before anything else is taken: what was left behind comes first.
        if (this.#leftBehind) await reclaim();
        this.#leftBehind = false;
        await this.#sendWaiting();
        await this.#failExpired();
        await this.#markPending();
      } catch (error) {
        // Redis is away or the instance has another owner: whoever holds it next begins with what is queued.
        this.#leftBehind = true;
        if (error instanceof FencedError) return;
        log.warn({ err: error }, 'lane.interrupted');
        setTimeout(() => void this.attend(), lookAgainAfterMs);
        return;
      }
    }
  }

  async #sendWaiting(): Promise<void> {
    const { lane, store, sender, mayWork, pacing, reclaim } = this.#options;
    let done: LaneJob<CommandJob> | undefined;
    while (mayWork()) {
      const open = sender();
      if (!open) break;
      const before = done;
      done = undefined;
      const job = await takeNext(lane, reclaim, before && (() => before.completeAndTake()));
      this.#run?.progress();
      this.#oldestAt = job?.data.acceptedAt;
      if (!job) return;
      store.readTaken(job.data.messageId, job.beside);
      await pacing.turn();
      // Known by now, unless that took long; a receipt for an earlier try may have taken it further meanwhile.
      const ended = await this.#process(job, await store.readJournal(job.data.messageId), open);
      if (ended === 'stop') return;
      if (ended === 'acked') done = job;
    }
    await done?.complete();
  }

  /**
   * @returns `acked` if the job has yet to be ended as done; `stop` if the lane has to stop: there is no connection to
   *   send on
   */
  async #process(
    job: LaneJob<CommandJob>,
    entry: JournalEntry | undefined,
    sender: Sender,
  ): Promise<'acked' | 'ended' | 'stop'> {
    const { store, mayWork, reclaim, ownersEndedBy, log } = this.#options;
    const { messageId, expiresAt, acceptedAt, name } = job.data;
    if (!entry) {
      await job.fail('The journal of this message has expired');
      return 'ended';
    }
    if (entry.status !== 'queued' && entry.status !== 'sending') {
      return 'acked'; // the last owner died after the acknowledgement
    }
    if (entry.status === 'queued' && expiresAt <= fleetNow()) {
      await this.#fail(job, expired);
      return 'ended';
    }
    if (ownersEndedBy(messageId) >= ownersUntilGivenUp) {
      log.error({ command: name, messageId, owners: ownersEndedBy(messageId) }, 'command.deadly');
      await this.#fail(job, deadly);
      return 'ended';
    }
    if (!mayWork()) {
      await reclaim(); // unlike `putBack`, it is fenced
      return 'stop';
    }
    const began = performance.now();
    let broken = false;
    const result = await sender.send(job.data, this.#journal(job.data, entry)).catch(async (error: unknown) => {
      if (isPassing(error) || !mayWork()) throw error;
      broken = true;
      const failures = this.#tries.get(messageId) ?? 0;
      log.error({ command: name, messageId, ...originOf(error) }, 'command.broken');
      // It may be something that passes after all; meanwhile this instance alone waits.
      await pause(Math.min(brokenPauseMs * 2 ** failures, longestPauseMs));
      return { outcome: 'unknown' } as const;
    });
    const ms = Math.round(performance.now() - began);
    const tries = (this.#tries.get(messageId) ?? 0) + 1;
    log.info(
      { command: name, messageId, outcome: result.outcome, tries, ms, waitedMs: fleetNow() - acceptedAt },
      'command.sent',
    );
    switch (result.outcome) {
      case 'acked':
        this.#tries.delete(messageId);
        await store.advance(entry, 'acked', { also: result.also });
        return 'acked';
      case 'refused':
        await this.#fail(job, result.error);
        return 'ended';
      case 'unknown':
        if (tries >= triesUntilGivenUp) {
          await this.#fail(job, broken ? unsendable : undeliverable);
          return 'ended';
        }
        this.#tries.set(messageId, tries);
        await reclaim();
        return 'stop';
      case 'interrupted':
        await reclaim();
        return 'stop';
    }
  }

  /** The journal of a command: the entry of its own message, and one for each further message that it consists of. */
  #journal(job: CommandJob, own: JournalEntry): SendJournal {
    const { store } = this.#options;
    return {
      async sent(messageId) {
        const entry = messageId === own.messageId ? own : await store.readJournal(messageId);
        const content = entry && entry.status !== 'queued' ? await store.sentContent(messageId) : undefined;
        return entry && content && { content, acked: entry.status !== 'sending' };
      },
      async sending(messageId, content, { also, withNext } = {}) {
        if (messageId === own.messageId) {
          await store.advance(own, 'sending', { content, also, withNext });
          own.status = 'sending';
        } else await store.openPart(job, messageId, content, also);
      },
      async acked(messageId) {
        const entry = await store.readJournal(messageId);
        if (entry) await store.advance(entry, 'acked');
      },
      async failed(messageId, error) {
        const entry = await store.readJournal(messageId);
        if (entry) await store.advance(entry, 'failed', { error });
      },
    };
  }

  async #fail(job: LaneJob<CommandJob>, error: SendError): Promise<void> {
    const { store } = this.#options;
    this.#tries.delete(job.data.messageId);
    const entry = await store.readJournal(job.data.messageId);
    if (entry) await store.advance(entry, 'failed', { error });
    await job.fail(error.code);
  }

  /** Fails what waited too long, or all of it if no phone is linked: it could never be sent. */
  async #failExpired(): Promise<void> {
    const { lane, store, paired, sender } = this.#options;
    if (sender()) return;
    const now = fleetNow();
    const unpaired = !paired();
    for (const { id, data } of await lane.waiting(expiryWindow)) {
      if (!unpaired && data.expiresAt > now) continue;
      const entry = await store.readJournal(data.messageId);
      if (entry) await store.advance(entry, 'failed', { error: data.expiresAt <= now ? expired : loggedOut });
      await lane.remove(id);
    }
  }

  /** Says when the sweep has to look at this instance again, or that it need not. */
  async #markPending(): Promise<void> {
    const { redis, lane, store, sender } = this.#options;
    const { instance } = store.fence;
    const waiting = await lane.waiting(expiryWindow);
    this.#oldestAt = waiting[0]?.data.acceptedAt;
    if (waiting.length === 0) {
      await redis.zrem(fleetKeys.pending, instance);
      // A command that was queued between the two looks would otherwise wait for the next one to come.
      if ((await lane.waiting(1)).length > 0) this.#again = true;
      return;
    }
    if (sender()) {
      this.#again = true;
      return;
    }
    const next = Math.min(fleetNow() + lookAgainMs, ...waiting.map(({ data }) => data.expiresAt));
    await redis.zadd(fleetKeys.pending, next, instance);
  }
}

/** What says nothing about a command: Redis is away, or the instance belongs to others. */
const isPassing = (error: unknown) =>
  error instanceof FencedError || error instanceof LeaseLostError || isStoreError(error);

const expired: SendError = { code: 'expired', message: 'It could not be sent before its ttl ran out' };
const loggedOut: SendError = { code: 'logged-out', message: 'The phone is no longer linked to this instance' };
const unsendable: SendError = { code: 'undeliverable', message: 'Sending it fails, whenever it is tried' };
const deadly: SendError = {
  code: 'undeliverable',
  message: `${ownersUntilGivenUp} workers in a row have ended while they were sending it; the recipient may have got it`,
};
const undeliverable: SendError = {
  code: 'undeliverable',
  message: `WhatsApp did not acknowledge it in ${triesUntilGivenUp} tries`,
};
