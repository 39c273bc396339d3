import type { AuthChange, AuthStore } from './auth-store.ts';
import type { InboundEntry } from './inbound.ts';
import type { Known } from './key-cache.ts';

/** A field's value; null deletes. Bytes are sealed already, and cannot be peeked at. */
type FieldValue = string | Buffer | null;

interface Batch {
  readonly values: Map<string, FieldValue>;
  readonly inbound: InboundEntry[];
  readonly done: PromiseWithResolvers<void>;
}

/** Writes one instance's changes in order, one commit at a time; what is asked for meanwhile becomes the next one. */
export interface CommitQueue {
  /**
   * Adds a change. The promise settles with the commit that carries it. It may be dropped: a failure is reported to
   * `onFailed` as well, so nothing is swallowed and nothing ends the process as an unhandled rejection.
   */
  add(values: ReadonlyMap<string, FieldValue>, inbound?: readonly InboundEntry[]): Promise<void>;
  /** The value of a field that is not stored yet. */
  peek(field: string): Known;
  /** Whether something waits to be stored, or is being stored. */
  readonly busy: boolean;
  /** Settles with what was added last, and so after everything added so far. May be dropped as well. */
  flush(): Promise<void>;
  /** Rejects what is waiting and everything added later. */
  fail(error: Error): void;
}

export function createCommitQueue(options: {
  store: AuthStore;
  /** Turns a field's value into what is stored. Called when the commit starts, so that a later value wins. */
  seal: (field: string, value: string) => Buffer;
  onFailed: (cause: unknown) => void;
}): CommitQueue {
  let waiting: Batch | undefined;
  let writing: Batch | undefined;
  let failure: Error | undefined;

  async function write(): Promise<void> {
    while (waiting && !failure) {
      writing = waiting;
      waiting = undefined;
      try {
        await options.store.commit(seal(writing));
        writing.done.resolve();
      } catch (error) {
        options.onFailed(error);
      }
    }
    writing = undefined;
  }

  function seal(batch: Batch): AuthChange {
    const set = new Map<string, Buffer>();
    const remove: string[] = [];
    for (const [field, value] of batch.values) {
      if (value === null) remove.push(field);
      else set.set(field, typeof value === 'string' ? options.seal(field, value) : value);
    }
    return { set, remove, inbound: batch.inbound };
  }

  return {
    add(values, inbound = []) {
      if (failure) return settled(Promise.reject(failure));
      if (!waiting) {
        waiting = { values: new Map(), inbound: [], done: Promise.withResolvers() };
        settled(waiting.done.promise);
        // Not at once: a message to two devices is two encryptions in this turn of the loop, and one commit.
        if (!writing) setImmediate(() => void (writing ?? write()));
      }
      for (const [field, value] of values) waiting.values.set(field, value);
      waiting.inbound.push(...inbound);
      return waiting.done.promise;
    },
    peek(field) {
      const waits = waiting?.values.get(field);
      const value = waits === undefined ? writing?.values.get(field) : waits;
      return Buffer.isBuffer(value) ? undefined : value;
    },
    get busy() {
      return !failure && Boolean(waiting ?? writing);
    },
    flush() {
      if (failure) return settled(Promise.reject(failure));
      return (waiting ?? writing)?.done.promise ?? Promise.resolve();
    },
    fail(error) {
      if (failure) return;
      failure = error;
      writing?.done.reject(error);
      waiting?.done.reject(error);
      waiting = undefined;
    },
  };
}

/** Marks the promise as looked after, and gives it back. */
function settled(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
