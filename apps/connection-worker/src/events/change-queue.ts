import { setTimeout as delay } from 'node:timers/promises';
import { FencedError, type RedisCommand } from '@flotilla/lease';
import type { Logger, WatchedLoop } from '@flotilla/service';
import type { EventToAppend, InstanceStore } from '../instance-store.ts';

/** How a change reads and writes. Both try again while Redis is away. */
export interface ChangeContext {
  write(commands: readonly RedisCommand[], events?: readonly EventToAppend[]): Promise<void>;
  read<T>(ask: () => Promise<T>): Promise<T>;
}

/** Something that Baileys reported: what of it is new, and how it is stored. */
type Change = (context: ChangeContext) => Promise<void>;

export interface ChangeQueue {
  /** Adds a change; it is made when those before it are stored. */
  add(change: Change): void;
  /** Waits until everything added so far is stored, but no longer than this (ms). */
  drain(ms: number): Promise<void>;
}

/** So many changes wait at most while Redis is away: then the socket is closed, as for every other write that fails. */
const longestQueue = 2_000;
/** ms between tries while Redis is away. */
const tryAgainMs = 300;

export interface ChangeQueueOptions {
  store: InstanceStore;
  log: Logger;
  loop?: WatchedLoop;
  /** False once the instance has another owner: nothing more is tried. */
  mayWrite(): boolean;
  /** Called when too much waits. */
  onFull(): void;
}

/**
 * Stores what Baileys reports apart from messages, one change after the other in the order of the reports. Baileys has
 * acknowledged it by then: what waits here is lost if the process dies.
 */
export function createChangeQueue({ store, log, loop, mayWrite, onFull }: ChangeQueueOptions): ChangeQueue {
  const waiting: Change[] = [];
  let working: Promise<void> | undefined;
  let isOver = false;

  async function untilDone<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      if (isOver) throw new ChangesEndedError();
      try {
        return await work();
      } catch (error) {
        if (error instanceof FencedError) isOver = true;
        // What Redis would never take, and what it refuses for good, stays so.
        if (error instanceof FencedError || !mayPass(error)) throw error;
        if (!mayWrite()) await delay(tryAgainMs);
        await delay(tryAgainMs);
      }
    }
  }

  const context: ChangeContext = {
    write: (commands, events = []) =>
      commands.length + events.length === 0 ? Promise.resolve() : untilDone(() => store.write(commands, events)),
    read: untilDone,
  };

  async function work(): Promise<void> {
    for (let change = waiting.shift(); change && !isOver; change = waiting.shift()) {
      const running = loop?.begin();
      try {
        await change(context);
      } catch (error) {
        if (!isOver) log.warn({ err: error }, 'change.failed');
      } finally {
        running?.end();
      }
    }
  }

  return {
    add(change) {
      if (isOver) return;
      if (waiting.length >= longestQueue) {
        isOver = true;
        waiting.length = 0;
        onFull();
        return;
      }
      waiting.push(change);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    async drain(ms) {
      const ended = new AbortController();
      await Promise.race([working, delay(ms, undefined, { signal: ended.signal }).catch(() => {})]);
      ended.abort();
      isOver = true;
      waiting.length = 0;
    },
  };
}

/** Answers of Redis that no waiting changes: wrong commands, types and scripts. */
const permanent = /^(WRONGTYPE|ERR|NOSCRIPT|CROSSSLOT|NOPERM|FENCED)/;

/** Whether the same may succeed later. */
const mayPass = (error: unknown) =>
  !(error instanceof RangeError) &&
  !(error instanceof TypeError) &&
  !(error instanceof Error && error.name === 'ReplyError' && permanent.test(error.message));

class ChangesEndedError extends Error {
  override readonly name = 'ChangesEndedError';
}
